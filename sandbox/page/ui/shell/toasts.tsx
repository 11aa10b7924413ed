import { useContext, useEffect } from 'preact/hooks'
import { WorkspaceContext } from '../state/workspace-context.ts'
import { Icon } from './icon.tsx'
import type { Toast } from './use-toasts.ts'

type Props = {
  readonly toasts: readonly Toast[]
  readonly paused: boolean
  onLookAs(personId: string): void
  onDone(personId: string): void
}

const SHOWN_MS = 12_000

/** Gentle notes at the edge. They go by themselves; the badges stay. */
export function Toasts({ toasts, paused, onLookAs, onDone }: Props) {
  return (
    <section class="toasts" aria-label="Notifications">
      {toasts.map((toast) => (
        <ToastCard key={toast.personId} toast={toast} paused={paused} onLookAs={onLookAs} onDone={onDone} />
      ))}
    </section>
  )
}

function ToastCard({ toast, paused, onLookAs, onDone }: Omit<Props, 'toasts'> & { readonly toast: Toast }) {
  const { as, appName } = useContext(WorkspaceContext)
  const { personId, name } = toast
  const isMe = personId === as
  useEffect(() => {
    if (paused) return
    const timer = setTimeout(() => onDone(personId), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [paused, personId, onDone])
  return (
    <div class="toast">
      <span>{isMe ? `${appName} sent you a message` : `${name} got a direct message`}</span>
      <button
        type="button"
        class="link-button"
        onClick={() => {
          onLookAs(personId)
          onDone(personId)
        }}
      >
        {isMe ? 'Open it' : `Look as ${name.split(' ')[0] ?? name}`}
      </button>
      <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => onDone(personId)}>
        <Icon name="close" />
      </button>
    </div>
  )
}
