import { useContext } from 'preact/hooks'
import { objectIn, textIn } from '../../../slack/json.ts'
import { wordsOf } from '../blocks/text-object.tsx'
import { elementValue } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useTextDraft } from '../state/use-draft.ts'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'

const SLACKS_MOST = 3000

export function TextInput(props: ElementProps) {
  const { block, element, inputId } = props
  const { values } = useContext(SurfaceContext)
  const waits = waitsForEnter(props)
  const draft = useTextDraft(block, element, textIn(elementValue(block, element, values)))
  const most = typeof element.max_length === 'number' ? element.max_length : SLACKS_MOST
  const left = most - draft.text.length
  const shared = {
    ...fieldAttributes(props),
    class: 'field',
    value: draft.text,
    maxLength: most,
    placeholder: wordsOf(element.placeholder),
    ...(inputId === undefined ? {} : { id: inputId }),
    onBlur: () => void draft.flush(),
  }
  return (
    <>
      {element.multiline === true ? (
        <textarea {...shared} rows={4} onInput={({ currentTarget }) => draft.edit(currentTarget.value)} />
      ) : (
        <input
          {...shared}
          type="text"
          autocomplete="off"
          onInput={({ currentTarget }) => draft.edit(currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return
            if (waits) event.preventDefault()
            void draft.enter()
          }}
        />
      )}
      {element.max_length !== undefined && left <= Math.max(10, most / 5) ? (
        <span class={left === 0 ? 'counter full' : 'counter'}>
          {draft.text.length} of {most} characters
        </span>
      ) : null}
      {waits ? <span class="counter">Press Enter to submit</span> : null}
      <FieldProblem problem={draft.problem} />
    </>
  )
}

/**
 * An input that tells the app only when Enter is pressed, which is what Slack does unless told otherwise.
 * docs.slack.dev, dispatch action configuration object: a hint underneath says so.
 */
export function waitsForEnter({ block, element }: ElementProps): boolean {
  if (block.dispatch_action !== true) return false
  const on = objectIn(element.dispatch_action_config).trigger_actions_on
  return !(Array.isArray(on) && on.includes('on_character_entered'))
}
