import type { Call as PartnerCall } from '../../easyfreelance/books.ts'
import type { Call as SlackCall } from '../../slack/call-log.ts'
import type { PageCall } from '../contract.ts'
import { masked } from './mask.ts'
import type { SessionTrace } from './session-trace.ts'

const MOST_CALLS = 300

type Entry = Omit<PageCall, 'sessionId'> & { readonly sessionId: () => string | null }

export type CallRecords = ReturnType<typeof makeCallRecords>

/** The calls of both sides in one row, in the order in which they ended, without secrets. */
export function makeCallRecords(trace: SessionTrace) {
  const entries: Entry[] = []
  let count = 0

  function add(entry: Omit<Entry, 'number'>): void {
    count += 1
    entries.push({ number: count, ...entry })
    if (entries.length > MOST_CALLS) entries.shift()
  }

  return {
    noteSlack(call: SlackCall): void {
      const { method: name, at, durationMs, outcome, args, answer } = call
      const shown = { request: masked(args), answer: masked(answer?.body) }
      // Asked again each time: whose session it is may be known only later.
      add({ side: 'slack', at, name, outcome, durationMs, ...shown, sessionId: () => trace.ofCall(call) })
    },
    notePartner({ method, route, path, at, durationMs, status, fault, request, answer, sessionId }: PartnerCall): void {
      const outcome = status === null ? 'no answer' : String(status)
      add({
        side: 'easyfreelance',
        at,
        name: `${method} ${route}`,
        outcome: fault === null ? outcome : `${outcome} (${fault})`,
        durationMs: Math.round(durationMs),
        request: masked({ path, ...(request === '' ? {} : { body: request }) }),
        answer: masked(answer),
        sessionId: () => sessionId,
      })
    },
    shown: (): PageCall[] => entries.map((entry) => ({ ...entry, sessionId: entry.sessionId() })),
  }
}
