import { useState } from 'preact/hooks'
import type { ControlRequest, Snapshot } from '../../contract.ts'
import { Icon } from '../shell/icon.tsx'
import { BotPart } from './bot-part.tsx'
import { CallLog } from './call-log.tsx'
import { ClockPart } from './clock-part.tsx'
import { MoodPart } from './mood-part.tsx'
import { ScenePart } from './scene-part.tsx'
import { SessionList } from './session-list.tsx'

type Props = {
  readonly snapshot: Snapshot
  readonly now: number
  control(request: ControlRequest): Promise<string | null>
  /** Shows the employee's own messages. */
  onLookAs(personId: string): void
  onClose(): void
}

const TABS = [
  ['knobs', 'Knobs'],
  ['sessions', 'Verifications'],
  ['calls', 'Calls'],
] as const

export type Turn = (request: ControlRequest) => void

export function ControlPanel({ snapshot, now, control, onLookAs, onClose }: Props) {
  const [tab, setTab] = useState<(typeof TABS)[number][0]>('knobs')
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const { control: state } = snapshot

  const turn: Turn = (request) => {
    setBusy(true)
    setProblem(null)
    void control(request).then((wrong) => {
      setBusy(false)
      setProblem(wrong)
    })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    const at = TABS.findIndex(([id]) => id === tab)
    const next = TABS[(at + step + TABS.length) % TABS.length]
    if (next === undefined) return
    setTab(next[0])
    document.getElementById(`tab-${next[0]}`)?.focus()
  }
  const onEscape = ({ key }: KeyboardEvent) => {
    if (key === 'Escape') onClose()
  }
  return (
    <aside class="panel" id="panel" aria-labelledby="panel-title" aria-busy={busy} onKeyDown={onEscape}>
      <header class="panel-head">
        <h2 id="panel-title">Control panel</h2>
        <button type="button" class="icon-button" aria-label="Close the control panel" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="panel-tabs" role="tablist" aria-label="Parts of the control panel" onKeyDown={onKeyDown}>
        {TABS.map(([id, name]) => (
          <button
            key={id}
            id={`tab-${id}`}
            type="button"
            role="tab"
            aria-selected={tab === id}
            aria-controls="panel-body"
            tabIndex={tab === id ? 0 : -1}
            onClick={() => setTab(id)}
          >
            {name}
            {id === 'sessions' && state.sessions.length > 0 ? (
              <span class="count"> {state.sessions.length}</span>
            ) : null}
          </button>
        ))}
      </div>
      {problem === null ? null : (
        <p class="banner bad" role="alert">
          <Icon name="warning" /> {problem}
        </p>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <div class="panel-body" id="panel-body" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        {tab === 'knobs' ? (
          <>
            <ScenePart scene={state.scene} turn={turn} />
            <ClockPart now={now} aheadMs={state.aheadMs} turn={turn} />
            <BotPart running={state.botRunning} turn={turn} />
            <MoodPart state={state} turn={turn} />
          </>
        ) : null}
        {tab === 'sessions' ? (
          <SessionList sessions={state.sessions} now={now} turn={turn} onLookAs={onLookAs} />
        ) : null}
        {tab === 'calls' ? <CallLog calls={state.calls} sessions={state.sessions} /> : null}
      </div>
    </aside>
  )
}
