import { useContext, useState } from 'preact/hooks'
import { textIn } from '../../../slack/json.ts'
import { wordsOf } from '../blocks/text-object.tsx'
import { elementValue } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useTextDraft } from '../state/use-draft.ts'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'

export function NumberInput(props: ElementProps) {
  const { block, element, inputId } = props
  const { values } = useContext(SurfaceContext)
  const draft = useTextDraft(block, element, textIn(elementValue(block, element, values)))
  const [unfinished, setUnfinished] = useState<string | null>(null)
  const decimals = element.is_decimal_allowed === true
  const form = decimals ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/

  const edit = (text: string) => {
    const isNumber = text === '' || form.test(text)
    setUnfinished(isNumber ? null : text)
    if (isNumber) draft.edit(text)
  }
  const complaint = unfinished === null ? null : decimals ? 'Numbers only, please.' : 'Whole numbers only, please.'
  return (
    <>
      <input
        {...fieldAttributes(props)}
        {...(inputId === undefined ? {} : { id: inputId })}
        class="field"
        type="text"
        inputMode={decimals ? 'decimal' : 'numeric'}
        autocomplete="off"
        placeholder={wordsOf(element.placeholder)}
        value={unfinished ?? draft.text}
        onInput={({ currentTarget }) => edit(currentTarget.value)}
        onBlur={() => void draft.flush()}
        onKeyDown={({ key }) => {
          if (key === 'Enter') void draft.enter()
        }}
      />
      <FieldProblem problem={complaint ?? draft.problem} />
    </>
  )
}
