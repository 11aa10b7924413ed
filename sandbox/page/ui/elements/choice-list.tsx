import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { Avatar } from '../shell/avatar.tsx'
import { Icon } from '../shell/icon.tsx'
import type { Choice } from './select-choices.ts'

type Props = {
  readonly id: string
  readonly anchor: RefObject<HTMLInputElement | null>
  readonly choices: readonly Choice[]
  readonly active: number
  readonly value: string | null
  onPick(choice: Choice): void
}

const GAP = 4
const TALLEST = 280

/** The open list. It floats above everything, so that a scrolling form does not cut it off. */
export function ChoiceList({ id, anchor, choices, active, value, onPick }: Props) {
  const list = useRef<HTMLDivElement>(null)

  useLayoutEffect(() => {
    const place = () => {
      const box = anchor.current?.getBoundingClientRect()
      const style = list.current?.style
      if (box === undefined || style === undefined) return
      const below = innerHeight - box.bottom - 2 * GAP
      const isAbove = below < 160 && box.top > below
      style.left = `${box.left}px`
      style.width = `${box.width}px`
      style.maxHeight = `${Math.min(TALLEST, isAbove ? box.top - 2 * GAP : below)}px`
      style.top = isAbove ? 'auto' : `${box.bottom + GAP}px`
      style.bottom = isAbove ? `${innerHeight - box.top + GAP}px` : 'auto'
    }
    place()
    addEventListener('scroll', place, true)
    addEventListener('resize', place)
    return () => {
      removeEventListener('scroll', place, true)
      removeEventListener('resize', place)
    }
  }, [anchor])

  useLayoutEffect(() => {
    list.current?.querySelector('[data-active]')?.scrollIntoView({ block: 'nearest' })
  })

  return (
    <div ref={list} id={`${id}-list`} class="choices" role="listbox" aria-label="Choices">
      {choices.length === 0 ? <div class="choices-none">Nothing matches.</div> : null}
      {choices.map((choice, index) => (
        <div key={choice.value}>
          {choice.group !== null && choice.group !== choices[index - 1]?.group ? (
            <div class="choices-group" role="presentation">
              {choice.group}
            </div>
          ) : null}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the input that owns this list */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: pointed to by aria-activedescendant */}
          <div
            id={`${id}-${index}`}
            class="choice"
            role="option"
            aria-selected={choice.value === value}
            {...(index === active ? { 'data-active': true } : {})}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onPick(choice)}
          >
            {choice.personId === null ? null : <Avatar id={choice.personId} name={choice.label} size="small" />}
            <span class="choice-label">{choice.label}</span>
            {choice.detail === null ? null : <span class="choice-detail">{choice.detail}</span>}
            {choice.value === value ? <Icon name="check" /> : null}
          </div>
        </div>
      ))}
    </div>
  )
}
