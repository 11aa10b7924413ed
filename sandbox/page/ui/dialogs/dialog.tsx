import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Props = {
  readonly role?: 'dialog' | 'alertdialog'
  readonly labelledBy: string
  readonly describedBy?: string
  readonly class: string
  readonly inert?: boolean
  readonly children: ComponentChildren
  onEscape(): void
}

const FOCUSABLE = 'a[href], button:not([disabled]), input:not([disabled]), textarea, select, summary, [tabindex="0"]'

/** Holds focus while it is open, and gives it back to where it was. */
export function Dialog({
  role = 'dialog',
  labelledBy,
  describedBy,
  inert = false,
  children,
  onEscape,
  ...rest
}: Props) {
  const box = useRef<HTMLDivElement>(null)
  const lastAction = useRef<string | null>(null)

  useEffect(() => {
    const before = document.activeElement
    const first = box.current?.querySelector<HTMLElement>('[data-autofocus]') ?? firstField(box.current) ?? box.current
    first?.focus()
    return () => {
      requestAnimationFrame(() => {
        if (document.activeElement !== document.body) return
        if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus()
        else document.querySelector<HTMLElement>('[data-home]')?.focus()
      })
    }
  }, [])

  // An update may take away what had focus; then the same field of the new blocks has it, or the dialog itself.
  useEffect(() => {
    if (inert || document.activeElement !== document.body) return
    const { current } = lastAction
    const same =
      current === null ? null : box.current?.querySelector<HTMLElement>(`[data-action="${CSS.escape(current)}"]`)
    ;(same ?? box.current)?.focus()
  })

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.stopPropagation()
      onEscape()
    }
    if (event.key !== 'Tab' || box.current === null) return
    const all = [...box.current.querySelectorAll<HTMLElement>(FOCUSABLE)].filter((each) => each.offsetParent !== null)
    const [first, last] = event.shiftKey ? [all.at(-1), all[0]] : [all[0], all.at(-1)]
    const at = document.activeElement
    if (at === last || at === box.current) {
      event.preventDefault()
      first?.focus()
    }
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its role is a dialog of either kind
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both kinds of dialog may be modal
    <div
      {...rest}
      ref={box}
      role={role}
      aria-modal="true"
      aria-labelledby={labelledBy}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      tabIndex={-1}
      inert={inert}
      onKeyDown={onKeyDown}
      onFocusIn={({ target }) => {
        lastAction.current = target instanceof HTMLElement ? (target.dataset.action ?? null) : null
      }}
    >
      {children}
    </div>
  )
}

function firstField(box: HTMLElement | null): HTMLElement | null {
  return (
    box?.querySelector<HTMLElement>('.dialog-body :is(input, textarea, select):not([disabled])') ??
    box?.querySelector<HTMLElement>('.dialog-foot button') ??
    null
  )
}
