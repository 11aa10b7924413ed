/**
 * When a verification's session is looked at next: a pure function of the verification and the time.
 *
 * EasyFreelance documents no interval, and hints at one small budget for the whole partner. So a look is spent where a
 * result is likely now, judged by evidence:
 * - back: somebody came back from EasyFreelance. At once and every second at first; the result is most likely there now.
 * - hot: the employee pressed the link. Every few seconds, cooling with the age of that evidence.
 * - warm, then cold: invited but not opened. Ever more slowly, up to ten minutes.
 * - deadline: one look right after it, then with growing distance until EasyFreelance says how it ended.
 *
 * The interval is always a fixed share of the age of the newest evidence, between two bounds. When more is due than the
 * budget allows, the row goes first whose `lateAt` (due time plus its own interval) comes first: the hot ones, yet a cold
 * one is passed over for no longer than its interval.
 */
import { AT_REST, type Schedule } from './store/schedule.ts'
import { isOutcome, isUnclear, type Session, type Verification, type Waiting } from './verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

const BACK = { shareOfAge: 1 / 10, atLeast: 1 * SECOND_MS, atMost: 10 * MINUTE_MS }
const HOT = { shareOfAge: 1 / 15, atLeast: 4 * SECOND_MS, atMost: 10 * MINUTE_MS }
const UNOPENED = { shareOfAge: 1 / 20, atLeast: 30 * SECOND_MS, atMost: 10 * MINUTE_MS }
const OVERDUE = { shareOfAge: 1 / 10, atLeast: 5 * SECOND_MS, atMost: 10 * MINUTE_MS }
/** A status word nobody documented is unlikely to change soon. */
const UNKNOWN_WORD_MS = 10 * MINUTE_MS
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
  /** Passing failures in a row. */
  readonly troubles?: number
  /** UTC ms before which the other side asked not to be called. */
  readonly notBefore?: number
}

export function scheduleOf(verification: Verification, circumstances: Circumstances): Schedule {
  const { now, chance, troubles = 0, notBefore = 0 } = circumstances
  const interval = intervalOf(verification, now)
  if (interval === null) return AT_REST
  const backOff = troubles === 0 ? 0 : backOffMs(troubles)
  const distance = spread(Math.max(interval, backOff), chance)
  const earliest = notBefore === 0 ? now : notBefore + spread(SECOND_MS, chance)
  const nextAt = Math.max(earliest, soonAfterDeadline(verification, now, now + distance))
  return { nextAt, lateAt: nextAt + interval, troubles }
}

/** Doubles from two seconds to four minutes. */
export function backOffMs(troubles: number): number {
  return Math.min(LONGEST_BACK_OFF_MS, FIRST_BACK_OFF_MS * 2 ** Math.min(troubles - 1, 20))
}

/** ± 20 %. */
export function spread(ms: number, chance: number): number {
  return Math.round(ms * (0.8 + 0.4 * chance))
}

function intervalOf(verification: Verification, now: number): number | null {
  switch (verification.status) {
    case 'requested':
      return isUnclear(verification.hold) ? SECOND_START_AFTER_MS : 0
    case 'starting':
      return 0
    case 'waiting':
      return pollIntervalMs(verification, now)
    case 'parked':
    case 'settled':
    case 'failed':
      return null
  }
}

function pollIntervalMs({ session }: Waiting, now: number): number {
  if (hasUnknownWord(session)) return UNKNOWN_WORD_MS
  const overdueFor = session.expiresAt === null ? -1 : now - session.expiresAt
  if (overdueFor >= 0) return shareOf(overdueFor, OVERDUE)
  const { startedAt, openedAt, returnedAt } = session
  if (returnedAt !== null && returnedAt >= (openedAt ?? 0)) return shareOf(now - returnedAt, BACK)
  return openedAt === null ? shareOf(now - startedAt, UNOPENED) : shareOf(now - openedAt, HOT)
}

function hasUnknownWord(session: Session): boolean {
  return session.reported !== null && !isOutcome(session.reported)
}

function shareOf(age: number, pace: { shareOfAge: number; atLeast: number; atMost: number }): number {
  return Math.round(Math.min(pace.atMost, Math.max(pace.atLeast, age * pace.shareOfAge)))
}

/** A look that would fall beyond the deadline comes right after it. */
function soonAfterDeadline(verification: Verification, now: number, nextAt: number): number {
  if (verification.status !== 'waiting' || verification.session.expiresAt === null) return nextAt
  const lookAt = verification.session.expiresAt + AFTER_DEADLINE_MS
  return now < lookAt && lookAt < nextAt ? lookAt : nextAt
}
