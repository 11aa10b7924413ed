import { useState } from 'preact/hooks'
import type { PageSession } from '../../contract.ts'
import { momentOf } from '../shell/times.ts'
import type { Turn } from './control-panel.tsx'
import { CHECKS, DECISIONS } from './words.ts'

type Props = {
  readonly sessions: readonly PageSession[]
  readonly now: number
  readonly turn: Turn
  onLookAs(personId: string): void
}

/** What EasyFreelance knows, newest first; whoever is impatient decides in its place. */
export function SessionList({ sessions, now, turn, onLookAs }: Props) {
  const [onlyOpen, setOnlyOpen] = useState(false)
  const shown = sessions.filter(({ status }) => !onlyOpen || status === 'pending').toReversed()
  return (
    <>
      <p class="means">
        Verifications at EasyFreelance. The employee’s page opens from the button in their own message; here you can
        decide in their place.
      </p>
      <label class="option">
        <input
          type="checkbox"
          checked={onlyOpen}
          onChange={({ currentTarget }) => setOnlyOpen(currentTarget.checked)}
        />
        <span>Only those waiting</span>
      </label>
      {shown.length === 0 ? <p class="nothing">Nothing here yet.</p> : null}
      <ul class="sessions">
        {shown.map((session) => (
          <li key={session.id}>
            <SessionCard session={session} now={now} turn={turn} onLookAs={onLookAs} />
          </li>
        ))}
      </ul>
    </>
  )
}

type CardProps = Omit<Props, 'sessions'> & { readonly session: PageSession }

function SessionCard({ session, now, turn, onLookAs }: CardProps) {
  const { id, employeeName, userId, provider, idType, status, opened, startedAt, expiresAt } = session
  const isPending = status === 'pending'
  return (
    <article class="session" aria-label={`${employeeName}, ${status}`}>
      <header>
        <strong>{employeeName}</strong>
        <span class={`tag status-${status}`}>{status}</span>
      </header>
      <p class="means">
        {CHECKS[provider] ?? provider}
        {idType === null ? '' : `, ${CHECKS[idType] ?? idType}`} · started {momentOf(startedAt, now)} ·{' '}
        {opened ? 'link opened' : 'link not opened'}
        {isPending ? ` · until ${momentOf(expiresAt, now)}` : ''}
      </p>
      <div class="row">
        {isPending
          ? DECISIONS.map(([decision, label]) => (
              <button
                key={decision}
                type="button"
                class="button tight"
                onClick={() => turn({ do: 'decide', sessionId: id, status: decision })}
              >
                {label}
              </button>
            ))
          : null}
        {userId === null ? null : (
          <button type="button" class="link-button" onClick={() => onLookAs(userId)}>
            Look as them
          </button>
        )}
      </div>
    </article>
  )
}
