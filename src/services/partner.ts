import type { EasyFreelance } from './easyfreelance.ts'
import type { Log } from './log.ts'
import type { RequestBudget } from './request-budget.ts'

/** EasyFreelance behind its budget, and behind a gate that shuts when it refuses our credentials. */
export type Partner = Pick<EasyFreelance, 'start' | 'poll'> & {
  /** How many steps may begin now. */
  capacity(): number
  /** Takes the calls of these steps out of the budget, before they begin. */
  spend(steps: number): void
  /** When there is capacity again, by the same clock as `now`. */
  capacityAt(): number
  /** False while EasyFreelance refuses our credentials. */
  isOpen(): boolean
}

/** While shut, one call in this time finds out whether the credentials are right again. */
const KNOCK_AFTER_MS = 4 * 60_000

/** Refusals that come only after the credentials were taken. */
const ABOUT_THE_ORDER: ReadonlySet<string> = new Set(['not_found', 'return_url_not_approved', 'invalid', 'bad_request'])

export function makePartner(deps: {
  easyfreelance: EasyFreelance
  budget: RequestBudget
  /** Elapsed ms: only pauses go by it. */
  now: () => number
  log: Log
}): Partner {
  const { easyfreelance, budget, now, log } = deps
  let refusedCredentials = false
  let knockAt = Number.NEGATIVE_INFINITY

  const isShut = () => refusedCredentials && now() < knockAt

  async function call<Answer extends { is: string; because?: string }>(send: () => Promise<Answer>) {
    if (refusedCredentials) {
      if (isShut()) return { is: 'refused', because: 'unauthorised', retryAfterMs: knockAt - now() } as const
      knockAt = now() + KNOCK_AFTER_MS
    }
    const answer = await send()
    if (answer.is === 'refused' && answer.because === 'unauthorised') {
      if (!refusedCredentials) log.error('easyfreelance refused our credentials', { reason: 'unauthorised' })
      refusedCredentials = true
      knockAt = now() + KNOCK_AFTER_MS
      return { is: 'refused', because: 'unauthorised', retryAfterMs: KNOCK_AFTER_MS } as const
    }
    if (answer.is === 'done') budget.eased()
    if (refusedCredentials && (answer.is === 'done' || ABOUT_THE_ORDER.has(answer.because ?? ''))) {
      log.info('easyfreelance takes our credentials again', {})
      refusedCredentials = false
    }
    return answer
  }

  return {
    start: (order, signal) => call(() => easyfreelance.start(order, signal)),
    poll: (sessionId, signal) => call(() => easyfreelance.poll(sessionId, signal)),
    // While shut nothing is called, so nothing is spent: each step learns at once how things stand.
    capacity: () => (isShut() ? Number.POSITIVE_INFINITY : budget.available()),
    spend: (steps) => {
      if (!isShut()) budget.take(steps)
    },
    capacityAt: () => budget.nextAt(),
    isOpen: () => !refusedCredentials,
  }
}
