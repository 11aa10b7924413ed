import type { Log } from './log.ts'
import { backOffMs } from './poll-schedule.ts'
import { meaningOf, type SlackAnswer } from './slack-answers.ts'

const LONGEST_WAIT_MS = 60_000

/** Asks Slack something that may be repeated until it answers; null when it never will do it. */
export type Insist = <T>(method: string, ask: () => Promise<SlackAnswer<T>>) => Promise<T | null>

export function makeInsist(deps: {
  /** @throws when the process is told to stop. */
  waitUntil: (at: number) => Promise<void>
  now: () => number
  log: Log
}): Insist {
  const { waitUntil, now, log } = deps
  return async (method, ask) => {
    for (let attempts = 1; ; attempts += 1) {
      const answer = await ask()
      if (answer.is === 'done') return answer.value
      const retryAfterMs = answer.is === 'refused' ? (answer.retryAfterMs ?? 0) : 0
      const meaning = answer.is === 'refused' ? meaningOf(answer.error) : 'passing'
      const said = { method, reason: answer.error, attempts }
      if (meaning === 'ours') log.error('slack refuses our token or scopes', said)
      else log.warn('slack call not done', said)
      if (meaning !== 'passing' && meaning !== 'ours') return null
      await waitUntil(now() + Math.max(retryAfterMs, Math.min(LONGEST_WAIT_MS, backOffMs(attempts))))
    }
  }
}
