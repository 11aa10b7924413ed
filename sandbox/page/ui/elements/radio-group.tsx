import { useContext } from 'preact/hooks'
import { objectsIn, textIn } from '../../../slack/json.ts'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { elementValue, optionValue } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useChoiceDraft } from '../state/use-draft.ts'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'
import { OptionRow } from './option-row.tsx'
import { useElementId } from './use-element-id.ts'

export function RadioGroup(props: ElementProps) {
  const { block, element } = props
  const { values } = useContext(SurfaceContext)
  const ask = useConfirm()
  const standing = optionValue(elementValue(block, element, values))
  const { value, problem, choose } = useChoiceDraft<string | null>(block, element, standing)
  const name = useElementId(block, textIn(element.action_id))

  const pick = async (picked: string) => {
    if (await ask(element.confirm)) await choose(picked, picked)
  }
  return (
    <>
      <div role="radiogroup" class="options" {...fieldAttributes(props)}>
        {objectsIn(element.options).map((option) => (
          <OptionRow
            key={textIn(option.value)}
            kind="radio"
            name={name}
            option={option}
            checked={value === textIn(option.value)}
            onPick={() => void pick(textIn(option.value))}
          />
        ))}
      </div>
      <FieldProblem problem={problem} />
    </>
  )
}
