import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shell/icon.tsx'
import { ChoiceList } from './choice-list.tsx'
import { type Choice, matching } from './select-choices.ts'

type Props = {
  readonly id: string
  readonly attributes: object
  readonly choices: readonly Choice[]
  readonly value: string | null
  readonly placeholder: string
  readonly clearable: boolean
  onPick(value: string | null): void
}

/** A searchable list, after the combobox pattern of the ARIA Authoring Practices. */
export function Combobox({ id, attributes, choices, value, placeholder, clearable, onPick }: Props) {
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState<string | null>(null)
  const [isOpen, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const chosen = choices.find((choice) => choice.value === value)
  const shown = matching(choices, typed ?? '')

  // What is chosen is replaced by the next letter, also right after it was picked.
  const isTyping = typed !== null
  const label = chosen?.label
  useLayoutEffect(() => {
    const field = input.current
    if (!isTyping && label !== undefined && field === document.activeElement) field?.select()
  }, [isTyping, label])

  const open = () => {
    setOpen(true)
    setActive(
      Math.max(
        0,
        choices.findIndex((choice) => choice.value === value),
      ),
    )
  }
  const close = () => {
    setOpen(false)
    setTyped(null)
  }
  const pick = (choice: Choice | undefined) => {
    close()
    if (choice !== undefined) onPick(choice.value)
  }
  const move = (to: number) => {
    if (isOpen) setActive(Math.min(Math.max(to, 0), shown.length - 1))
    else open()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(active + 1),
      ArrowUp: () => move(active - 1),
      ...(isOpen
        ? {
            Home: () => move(0),
            End: () => move(shown.length - 1),
            Enter: () => pick(shown[active]),
            Escape: close,
          }
        : { Enter: open }),
    }
    const handle = moves[event.key]
    if (handle === undefined) return
    event.preventDefault()
    event.stopPropagation()
    handle()
  }
  return (
    <div class="combobox">
      <input
        {...attributes}
        ref={input}
        id={id}
        class="field"
        type="text"
        role="combobox"
        autocomplete="off"
        spellcheck={false}
        aria-autocomplete="list"
        aria-expanded={isOpen}
        aria-controls={`${id}-list`}
        {...(isOpen && shown[active] !== undefined ? { 'aria-activedescendant': `${id}-${active}` } : {})}
        placeholder={chosen?.label ?? placeholder}
        value={typed ?? chosen?.label ?? value ?? ''}
        onClick={() => (isOpen ? undefined : open())}
        onInput={({ currentTarget }) => {
          setTyped(currentTarget.value)
          setOpen(true)
          setActive(0)
        }}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onBlur={close}
        onKeyDown={onKeyDown}
      />
      {clearable && value !== null ? (
        <button type="button" class="combobox-clear" aria-label="Clear the choice" onClick={() => onPick(null)}>
          <Icon name="close" />
        </button>
      ) : (
        <Icon name="down" />
      )}
      {isOpen ? (
        <ChoiceList id={id} anchor={input} choices={shown} active={active} value={value} onPick={pick} />
      ) : (
        <div id={`${id}-list`} role="listbox" aria-label={placeholder} hidden />
      )}
    </div>
  )
}
