import { useContext } from 'preact/hooks'
import { textIn } from '../../../slack/json.ts'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { elementValue } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useChoiceDraft } from '../state/use-draft.ts'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'

/** The browser's own date field: it has the keyboard and the calendar already. */
export function DatePicker(props: ElementProps) {
  const { block, element, inputId } = props
  const { values } = useContext(SurfaceContext)
  const ask = useConfirm()
  const standing = textIn(elementValue(block, element, values))
  const { value, problem, choose } = useChoiceDraft(block, element, standing)

  const pick = async (date: string) => {
    if (await ask(element.confirm)) await choose(date, date === '' ? null : date)
  }
  return (
    <>
      <input
        {...fieldAttributes(props)}
        {...(inputId === undefined ? {} : { id: inputId })}
        class="field date"
        type="date"
        value={value}
        onChange={({ currentTarget }) => void pick(currentTarget.value)}
      />
      <FieldProblem problem={problem} />
    </>
  )
}
