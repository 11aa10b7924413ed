/**
 * When a verification's session is looked at next: a pure function of the verification and the time.
 *
 * EasyFreelance documents no interval, and hints at one small budget for the whole partner. So a look is spent where a
 * result is likely now. When results come at rate h and looks are g apart, a result waits for g / 2; the sum of all h · g / 2
 * is least, while the sum of all 1 / g stays within the budget, when every g is in proportion to 1 / √h (by Lagrange's
 * multiplier). Hence each row has a
 *
 *     patience = √(2 · price / h),  where a call is worth `price` of somebody's waiting.
 *
 * What h is, only evidence can say. Each thing that may be about to end a session is a cause, with 1 / h = `expectedIn` for
 * as long as it is `steady`; after that 1 / h grows with the square of the evidence's age, so that patience grows with the
 * age itself. Of several causes the least patient counts:
 * - back: somebody came back from EasyFreelance. BankID's result is there now, Veriff's comes within seconds or is reviewed.
 * - hot: the employee pressed the link, and may be done any minute; or a person at Veriff looks at it. Most who finish come
 *   back and say so themselves, so what is found here is rarer than the time at the provider suggests.
 * - warm, then cold: invited. A press may have been lost, so nobody is taken for idle.
 * - deadline: one look right after it, then ever fewer until EasyFreelance says how it ended.
 *
 * A row is due half a patience after its last look, at most ten minutes: calls that nobody else needs are not saved. When
 * more is due than the budget allows, starts go first, then the row that has waited the most of its own patience since it was
 * due (`store/claim-verifications.ts`). So all are stretched by the same factor, and the proportion above holds under any
 * load. Every fourth poll goes to the row that has waited longest. So between two looks at a row there are never more than
 *
 *     12 minutes + (4 · waiting + starts in that time) / calls a minute,
 *
 * counted in calls that are really made: EasyFreelance may ask for fewer, or for silence. A sign that makes a waiting row more
 * urgent leaves it the share of its patience that it has waited; the bound counts from the last such sign.
 */
import { AT_REST, type Schedule } from './store/schedule.ts'
import { isOutcome, isUnclear, type Provider, type Session, type Verification, type Waiting } from './verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** One call is worth a fifteenth of a second of somebody's waiting. */
const PRICE_MS = SECOND_MS / 15
const SHORTEST_INTERVAL_MS = SECOND_MS
const LONGEST_INTERVAL_MS = 10 * MINUTE_MS

type Cause = { readonly expectedIn: number; readonly steady: number }
const BACK: Readonly<Record<Provider, Cause>> = {
  bankid: { expectedIn: 30, steady: SECOND_MS },
  veriff: { expectedIn: 15 * SECOND_MS, steady: MINUTE_MS },
}
const AT_PROVIDER: Readonly<Record<Provider, Cause>> = {
  bankid: { expectedIn: 4 * MINUTE_MS, steady: 3 * MINUTE_MS },
  veriff: { expectedIn: 10 * MINUTE_MS, steady: 15 * MINUTE_MS },
}
const IN_REVIEW: Cause = { expectedIn: 90 * MINUTE_MS, steady: 4 * HOUR_MS }
const INVITED: Cause = { expectedIn: 48 * HOUR_MS, steady: 80 * MINUTE_MS }
const OVERDUE: Cause = { expectedIn: 30 * SECOND_MS, steady: 10 * SECOND_MS }

/** EasyFreelance's clock may be a little behind ours. */
const AFTER_DEADLINE_MS = 2 * SECOND_MS

/** The second start waits this long: with both time-outs an unclear start is decided within half a minute. */
const SECOND_START_AFTER_MS = 5 * SECOND_MS

const FIRST_BACK_OFF_MS = 2 * SECOND_MS
/** Short enough that five minutes after an outage everything is back to normal. */
const LONGEST_BACK_OFF_MS = 4 * MINUTE_MS

export type Circumstances = {
  readonly now: number
  /** A random number in [0, 1): spreads what would otherwise come all at once. */
  readonly chance: number
  /** Somebody has just told us something; else a look has just come to its end. */
  readonly isSign?: boolean
  /** Passing failures in a row. */
  readonly troubles?: number
  /** UTC ms before which the other side asked not to be called. */
  readonly notBefore?: number
}

export function scheduleOf(verification: Verification, circumstances: Circumstances): Schedule {
  const { now, chance, isSign = false, troubles = 0, notBefore = 0 } = circumstances
  const wait = waitOf(verification, now, isSign)
  if (wait === null) return AT_REST
  const backOff = troubles === 0 ? 0 : backOffMs(troubles)
  const distance = spread(Math.max(wait.interval, backOff), chance)
  const earliest = notBefore === 0 ? now : notBefore + spread(SECOND_MS, chance)
  const lookAt = deadlineLook(verification, now)
  const isForDeadline = lookAt !== null && lookAt < now + distance
  const nextAt = Math.max(earliest, isForDeadline ? lookAt : now + distance)
  const patience = isForDeadline ? Math.min(wait.patience, patienceOf(OVERDUE, 0)) : wait.patience
  return { nextAt, lateAt: nextAt + patience, troubles }
}

/** Doubles from two seconds to four minutes. */
export function backOffMs(troubles: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(troubles - 1, 20))
}

/** ± 20 %. */
export function spread(ms: number, chance: number): number {
  return Math.round(ms * (0.8 + 0.4 * chance))
}

type Wait = { readonly interval: number; readonly patience: number }
const AT_ONCE: Wait = { interval: 0, patience: 0 }

function waitOf(verification: Verification, now: number, isSign: boolean): Wait | null {
  switch (verification.status) {
    case 'requested':
      return isUnclear(verification.hold) ? { interval: SECOND_START_AFTER_MS, patience: 0 } : AT_ONCE
    case 'starting':
      return AT_ONCE
    case 'waiting': {
      const patience = pollPatience(verification, now)
      // Who comes back this very moment is looked at this very moment; and a second later, if it is still pending.
      if (isSign && verification.session.returnedAt === now) return { interval: 0, patience }
      return { interval: Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, patience / 2)), patience }
    }
    case 'parked':
    case 'settled':
    case 'failed':
      return null
  }
}

function pollPatience({ provider, session }: Waiting, now: number): number {
  // A status word nobody documented is unlikely to change soon.
  if (hasUnknownWord(session)) return 2 * LONGEST_INTERVAL_MS
  const since = (at: number | null, cause: Cause) =>
    at === null ? Number.POSITIVE_INFINITY : patienceOf(cause, now - at)
  const { startedAt, deliveredAt, openedAt, returnedAt, expiresAt } = session
  if (expiresAt !== null && now >= expiresAt) return since(expiresAt, OVERDUE)
  return Math.min(
    since(deliveredAt ?? startedAt, INVITED),
    since(openedAt, AT_PROVIDER[provider]),
    since(returnedAt, BACK[provider]),
    provider === 'veriff' ? since(openedAt ?? returnedAt, IN_REVIEW) : Number.POSITIVE_INFINITY,
  )
}

function hasUnknownWord(session: Session): boolean {
  return session.reported !== null && !isOutcome(session.reported)
}

function patienceOf({ expectedIn, steady }: Cause, age: number): number {
  return Math.round(Math.sqrt(2 * PRICE_MS * expectedIn) * Math.max(1, age / steady))
}

/** Right after a deadline that is still to come. */
function deadlineLook(verification: Verification, now: number): number | null {
  if (verification.status !== 'waiting') return null
  const { expiresAt } = verification.session
  return expiresAt === null || now >= expiresAt + AFTER_DEADLINE_MS ? null : expiresAt + AFTER_DEADLINE_MS
}
