import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { CountedCalls, MetricsDeps } from './metrics.ts'

/** Every label value is a word of ours, from a list that does not grow with use. */
const STATUSES = ['requested', 'starting', 'waiting', 'settled', 'failed', 'parked'] as const
const MESSAGE_STATES = ['none', 'sending', 'unknown', 'sent', 'undeliverable'] as const

export type MetricsText = {
  write(deps: MetricsDeps, called: readonly CountedCalls[]): Promise<{ readonly text: string; readonly type: string }>
}

/** In a registry of its own. What the process itself needs is measured from now on. */
export function makeMetricsText(): MetricsText {
  const registry = new Registry()
  const registers = [registry]
  const gauge = <Label extends string = never>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Gauge<Label>({ name: `verify_${name}`, help, labelNames: [...labelNames], registers })

  const calls = new Counter({
    name: 'verify_calls_total',
    help: 'Calls to Slack and EasyFreelance that ended, by what came of them',
    labelNames: ['side', 'route', 'result'] as const,
    registers,
  })
  const verifications = gauge(
    'verifications',
    'Verifications by status; parked: a person must decide. Settled and failed: counted every ten minutes',
    ['status'],
  )
  const messages = gauge('messages', 'Messages by how far their delivery has come. Sent: counted every ten minutes', [
    'state',
  ])
  const oldest = gauge('oldest_unsettled_seconds', 'Age of the oldest verification that is not over; 0: none is open')
  const lag = gauge('worker_lag_seconds', 'For how long what is due first has been due; 0: nothing is')
  const spent = gauge('easyfreelance_calls_last_minute', 'Calls to EasyFreelance that began within the last minute')
  const allowed = gauge('easyfreelance_calls_allowed', 'Calls to EasyFreelance that may begin in a minute')
  const ready = gauge('ready', 'What /readyz says about each part: 1 in order, 0 not', ['check'])
  collectDefaultMetrics({ register: registry })

  function set(deps: MetricsDeps): void {
    const standing = deps.standing()
    const now = deps.now()
    for (const status of STATUSES) verifications.set({ status }, standing.verifications[status] ?? 0)
    for (const state of MESSAGE_STATES) messages.set({ state }, standing.messages[state] ?? 0)
    oldest.set(secondsSince(standing.oldestOpenAt, now))
    lag.set(secondsSince(standing.firstDueAt, now))
    const minute = deps.budget.lastMinute()
    spent.set(minute.spent)
    allowed.set(minute.allowed)
    for (const [check, ok] of Object.entries(deps.ready().checks)) ready.set({ check }, ok ? 1 : 0)
  }

  return {
    write: async (deps, called) => {
      set(deps)
      calls.reset()
      for (const { side, route, result, count } of called) calls.inc({ side, route, result }, count)
      return { text: await registry.metrics(), type: registry.contentType }
    },
  }
}

function secondsSince(at: number | null, now: number): number {
  return at === null ? 0 : Math.max(0, (now - at) / 1000)
}
