import { useState } from 'preact/hooks'
import type { PageCall, PageSession } from '../../contract.ts'
import { formatDateToken } from '../mrkdwn/date-token.ts'
import { CHECKS, SIDES } from './words.ts'

type Props = { readonly calls: readonly PageCall[]; readonly sessions: readonly PageSession[] }

/** What the bot said to both sides and what they answered, newest first. */
export function CallLog({ calls, sessions }: Props) {
  const [sessionId, setSessionId] = useState('')
  const [side, setSide] = useState('')
  const shown = calls
    .filter((call) => (sessionId === '' || call.sessionId === sessionId) && (side === '' || call.side === side))
    .toReversed()
  return (
    <>
      <div class="filters">
        <label>
          Verification
          <select class="field" value={sessionId} onChange={({ currentTarget }) => setSessionId(currentTarget.value)}>
            <option value="">All</option>
            {sessions.toReversed().map(({ id, employeeName, provider, status }) => (
              <option key={id} value={id}>
                {employeeName}, {CHECKS[provider] ?? provider}, {status}
              </option>
            ))}
          </select>
        </label>
        <label>
          Side
          <select class="field" value={side} onChange={({ currentTarget }) => setSide(currentTarget.value)}>
            <option value="">Both</option>
            <option value="slack">{SIDES.slack}</option>
            <option value="easyfreelance">{SIDES.easyfreelance}</option>
          </select>
        </label>
      </div>
      {shown.length === 0 ? <p class="nothing">No calls.</p> : null}
      <ol class="calls" aria-label="Calls, newest first">
        {shown.map((call) => (
          <li key={`${call.side}${call.number}`}>
            <CallRow call={call} />
          </li>
        ))}
      </ol>
    </>
  )
}

function CallRow({ call }: { readonly call: PageCall }) {
  const [isOpen, setOpen] = useState(false)
  const { side, at, name, outcome, durationMs, request, answer } = call
  const isFine = /^(ok|acked|2\d\d)\b/i.test(outcome)
  return (
    <details class="call" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span class={`side side-${side}`}>{SIDES[side]}</span>
        <span class="call-name">{name}</span>
        <span class={isFine ? 'outcome' : 'outcome bad'}>{outcome}</span>
        <span class="call-time">
          {formatDateToken(Math.floor(at / 1000), '{time_secs}', at)} · {Math.round(durationMs)} ms
        </span>
      </summary>
      {isOpen ? (
        <>
          <Json title="Request" value={request} />
          <Json title="Answer" value={answer} />
        </>
      ) : null}
    </details>
  )
}

function Json({ title, value }: { readonly title: string; readonly value: unknown }) {
  return (
    <>
      <h3>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        {value === undefined || value === null ? 'nothing' : (JSON.stringify(value, null, 2) ?? '')}
      </pre>
    </>
  )
}
