import { useRef } from 'preact/hooks'
import { type JsonObject, textIn } from '../../../slack/json.ts'
import { TextObject } from '../blocks/text-object.tsx'

type Props = {
  readonly kind: 'radio' | 'checkbox'
  readonly name: string
  readonly option: JsonObject
  readonly checked: boolean
  readonly invalid?: boolean
  onPick(): void
}

/** One choice: named by its text, described by its description; all of it can be clicked. */
export function OptionRow({ kind, name, option, checked, invalid, onPick }: Props) {
  const box = useRef<HTMLInputElement>(null)
  const id = `${name}-${textIn(option.value)}`.replace(/[^\w-]/g, '_')
  const pick = () => {
    // Until the choice counts the box shows what stands, also when a confirmation was declined.
    if (box.current !== null) box.current.checked = checked
    onPick()
  }
  return (
    <label class="option">
      <input
        ref={box}
        type={kind}
        name={name}
        value={textIn(option.value)}
        checked={checked}
        onChange={pick}
        aria-labelledby={`${id}-text`}
        {...(option.description === undefined ? {} : { 'aria-describedby': `${id}-description` })}
        {...(invalid === true ? { 'aria-invalid': true } : {})}
      />
      <span class="option-words">
        <span id={`${id}-text`}>
          <TextObject text={option.text} />
        </span>
        {option.description === undefined ? null : (
          <span class="option-description" id={`${id}-description`}>
            <TextObject text={option.description} />
          </span>
        )}
      </span>
    </label>
  )
}
