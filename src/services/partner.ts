import type { EasyFreelance, Refused } from './easyfreelance.ts'
import type { Log } from './log.ts'
import type { RequestBudget } from './request-budget.ts'
import { type SetTimer, setTimer } from './timer.ts'

/** EasyFreelance behind its budget, and behind a gate that shuts when it refuses our credentials. */
export type Partner = Pick<EasyFreelance, 'start' | 'poll'> & Inquiries & StepBudget

/** Asked while somebody waits at a form: within a moment, or not at all when the budget has nothing to spare until then. */
export type Inquiries = Pick<EasyFreelance, 'readEmployee' | 'linkOrCreate'>

/** What the worker may spend. One call is always left for somebody who waits, where the budget holds more than one. */
export type StepBudget = {
  /** How many steps may begin now. */
  capacity(): number
  /** Keeps the calls of these steps from everybody else, until it is said how many begin. */
  hold(steps: number): (begun: number) => void
  /** When there is capacity again, by the same clock as `now`. */
  capacityAt(): number
  /** False while EasyFreelance refuses our credentials. */
  isOpen(): boolean
}

/** While shut, one call in this time finds out whether the credentials are right again. */
const KNOCK_AFTER_MS = 4 * 60_000
/** So many calls are left for somebody who waits at a form. */
export const FOR_PEOPLE = 1
/** As long as people wait for a form without wondering. */
const MOMENT_MS = 1500
const NOTHING_TO_SPARE: Refused = { is: 'refused', because: 'rate_limited', retryAfterMs: null }

/** Refusals that come only after the credentials were taken. */
const ABOUT_THE_ORDER: ReadonlySet<string> = new Set(['not_found', 'return_url_not_approved', 'invalid', 'bad_request'])

export function makePartner(deps: {
  easyfreelance: EasyFreelance
  budget: RequestBudget
  /** Elapsed ms: only pauses go by it. */
  now: () => number
  log: Log
  setTimer?: SetTimer | undefined
}): Partner {
  const { easyfreelance, budget, now, log, setTimer: after = setTimer } = deps
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

  /** While shut nothing is called, so nothing is spent. */
  async function inquire<Answer extends { is: string; because?: string }>(send: () => Promise<Answer>) {
    if (!isShut()) {
      const waitMs = budget.nextAt() - now()
      if (waitMs > MOMENT_MS) return NOTHING_TO_SPARE
      budget.take(1)
      if (waitMs > 0) await new Promise<void>((resolve) => after(resolve, waitMs))
    }
    return call(send)
  }

  return {
    start: (order, signal) => call(() => easyfreelance.start(order, signal)),
    poll: (sessionId, signal) => call(() => easyfreelance.poll(sessionId, signal)),
    readEmployee: (employeeNumber, signal) => inquire(() => easyfreelance.readEmployee(employeeNumber, signal)),
    linkOrCreate: (email, signal) => inquire(() => easyfreelance.linkOrCreate(email, signal)),
    // While shut each step learns at once how things stand.
    capacity: () => (isShut() ? Number.POSITIVE_INFINITY : budget.available(FOR_PEOPLE)),
    hold: (steps) => {
      const settle = budget.hold(isShut() ? 0 : steps)
      return (begun) => settle(isShut() ? 0 : begun)
    },
    capacityAt: () => budget.nextAt(FOR_PEOPLE),
    isOpen: () => !refusedCredentials,
  }
}
