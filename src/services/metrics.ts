import type { EasyFreelance } from './easyfreelance.ts'
import type { MetricsText } from './metrics-text.ts'
import type { Readiness } from './readiness.ts'
import type { RequestBudget } from './request-budget.ts'
import type { Standing } from './store/standing.ts'

/** The methods we call; what isn't here is counted as `other`. */
const SLACK_METHODS: ReadonlySet<string> = new Set([
  'apps.connections.open',
  'auth.test',
  'chat.delete',
  'chat.postMessage',
  'chat.update',
  'conversations.history',
  'conversations.open',
  'usergroups.users.list',
  'users.info',
  'views.open',
  'views.update',
])

export type SlackResult = 'done' | 'refused' | 'rate_limited' | 'server_error' | 'unreadable' | 'no_answer'

export type Metrics = {
  /** A call to Slack ended so. `method`: the last part of its address. */
  slackCalled(method: string, result: SlackResult): void
  /** The same client, counted. */
  counted<T extends Pick<EasyFreelance, 'start' | 'poll' | 'readEmployee' | 'linkOrCreate'>>(easyfreelance: T): T
  /** The text that Prometheus reads, and its content type. */
  read(deps: MetricsDeps): Promise<{ readonly text: string; readonly type: string }>
}

export type MetricsDeps = {
  readonly standing: () => Standing
  readonly budget: Pick<RequestBudget, 'lastMinute'>
  readonly ready: () => Readiness
  readonly now: () => number
}

/** Calls that ended, with the words that tell them apart. */
export type CountedCalls = {
  readonly side: 'slack' | 'easyfreelance'
  readonly route: string
  readonly result: string
  count: number
}

/** Counts from the start on. What writes the text is loaded with the first reading, so that a start need not wait for it. */
export function makeMetrics(): Metrics {
  const calls = new Map<string, CountedCalls>()
  let text: MetricsText | undefined

  function called(side: CountedCalls['side'], route: string, result: string): void {
    const key = `${side} ${route} ${result}`
    const counted = calls.get(key)
    if (counted === undefined) calls.set(key, { side, route, result, count: 1 })
    else counted.count += 1
  }

  async function count<Answer extends { is: string; because?: string }>(route: string, answer: Promise<Answer>) {
    const { is, because } = await answer
    called('easyfreelance', route, because ?? is)
    return answer
  }

  return {
    slackCalled: (method, result) => called('slack', SLACK_METHODS.has(method) ? method : 'other', result),
    counted: (easyfreelance) => ({
      ...easyfreelance,
      start: (order, signal) => count('start', easyfreelance.start(order, signal)),
      poll: (sessionId, signal) => count('poll', easyfreelance.poll(sessionId, signal)),
      readEmployee: (employeeNumber, signal) => count('employee', easyfreelance.readEmployee(employeeNumber, signal)),
      linkOrCreate: (email, signal) => count('link_or_create', easyfreelance.linkOrCreate(email, signal)),
    }),
    read: async (deps) => {
      const { makeMetricsText } = await import('./metrics-text.ts')
      text ??= makeMetricsText()
      return text.write(deps, [...calls.values()])
    },
  }
}
