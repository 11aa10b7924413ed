import type { Sandbox } from '../../start-sandbox.ts'
import type { SceneName } from '../contract.ts'
import { type CallRecords, makeCallRecords } from './call-records.ts'
import { type Moods, makeMoods } from './moods.ts'
import { makeSessionTrace, type SessionTrace } from './session-trace.ts'

/** A scene while it is open: the sandbox it plays in, and what the page remembers about it. */
export type OpenScene = {
  readonly name: SceneName
  readonly sandbox: Sandbox
  readonly moods: Moods
  readonly trace: SessionTrace
  readonly calls: CallRecords
  /** Slack's failure banner in a modal, by view id. */
  readonly failures: Map<string, string>
  /** True from when it is set up: until then nobody else may act in it. */
  isReady: boolean
}

/** Listens to both stand-ins from now on. */
export function openScene(name: SceneName, sandbox: Sandbox, changed: () => void): OpenScene {
  const trace = makeSessionTrace()
  const calls = makeCallRecords(trace)
  sandbox.slack.on((event) => {
    if (event.type === 'call') calls.noteSlack(event.call)
    if (event.type === 'message_posted' || event.type === 'message_edited') trace.noteMessage(event.message)
    changed()
  })
  sandbox.easyfreelance.on((event) => {
    if (event.type === 'call') calls.notePartner(event.call)
    if (event.type === 'session') trace.noteSession(event.session)
    changed()
  })
  return { name, sandbox, moods: makeMoods(sandbox), trace, calls, failures: new Map(), isReady: false }
}
