import { useContext } from 'preact/hooks'
import { objectsIn, textIn } from '../../../slack/json.ts'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { elementValue, optionValues } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useChoiceDraft } from '../state/use-draft.ts'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'
import { OptionRow } from './option-row.tsx'
import { useElementId } from './use-element-id.ts'

export function CheckboxGroup(props: ElementProps) {
  const { block, element } = props
  const { values } = useContext(SurfaceContext)
  const ask = useConfirm()
  const standing = optionValues(elementValue(block, element, values))
  const { value, problem, choose } = useChoiceDraft<readonly string[]>(block, element, standing)
  const name = useElementId(block, textIn(element.action_id))
  const options = objectsIn(element.options)
  const { 'aria-invalid': invalid, 'aria-required': _, ...attributes } = fieldAttributes(props)

  const toggle = async (toggled: string) => {
    if (!(await ask(element.confirm))) return
    const next = options
      .map((option) => textIn(option.value))
      .filter((each) => (each === toggled ? !value.includes(each) : value.includes(each)))
    await choose(next, next)
  }
  return (
    <>
      <fieldset class="options" {...attributes}>
        {options.map((option) => (
          <OptionRow
            key={textIn(option.value)}
            kind="checkbox"
            name={name}
            option={option}
            checked={value.includes(textIn(option.value))}
            onPick={() => void toggle(textIn(option.value))}
            {...(invalid === undefined ? {} : { invalid })}
          />
        ))}
      </fieldset>
      <FieldProblem problem={problem} />
    </>
  )
}
