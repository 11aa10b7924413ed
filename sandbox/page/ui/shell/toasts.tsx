import { useEffect } from 'preact/hooks'
import { Icon } from './icon.tsx'

export type Toast = { readonly id: string; readonly words: string; readonly action: string; onAct(): void }

type Props = { readonly toasts: readonly Toast[]; readonly paused: boolean; onDone(id: string): void }

const SHOWN_MS = 12_000

/** Gentle notes at the edge. They go by themselves; the badges stay. */
export function Toasts({ toasts, paused, onDone }: Props) {
  return (
    <section class="toasts" aria-label="Notifications">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} paused={paused} onDone={() => onDone(toast.id)} />
      ))}
    </section>
  )
}

type CardProps = { readonly toast: Toast; readonly paused: boolean; onDone(): void }

function ToastCard({ toast, paused, onDone }: CardProps) {
  useEffect(() => {
    if (paused) return
    const timer = setTimeout(onDone, SHOWN_MS)
    return () => clearTimeout(timer)
  }, [paused, toast.id])
  return (
    <div class="toast">
      <span>{toast.words}</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          toast.onAct()
          onDone()
        }}
      >
        {toast.action}
      </button>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={onDone}>
        <Icon name="close" />
      </button>
    </div>
  )
}
