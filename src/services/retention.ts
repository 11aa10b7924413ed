import type { Log } from './log.ts'
import type { RetentionStore } from './store/retention-store.ts'
import type { Queue } from './worker.ts'

const DAY_MS = 24 * 60 * 60_000
const SLOTS = 4
/** Whether the clock is sure by now. */
const LOOK_AGAIN_MS = 60_000

/**
 * The worker's third queue: verifications that have been over for `days` lose their people. 0 days: never.
 * It is asked for whenever the worker looks around, so there is no daily task that could be missed.
 */
export function makeRetention(deps: {
  store: RetentionStore
  days: number
  now: () => number
  /** Elapsed ms, by which it pauses after trouble. */
  steady?: () => number
  /** What is erased can't be brought back: a clock that may be wrong erases nothing. */
  isClockSure?: () => boolean
  log: Log
}): Queue<{ readonly id: string }> {
  const { store, days, now, log, steady = now, isClockSure = () => true } = deps
  const keptMs = days * DAY_MS
  let pausedUntil = Number.NEGATIVE_INFINITY

  return {
    kind: 'retention',
    slots: SLOTS,
    capacity: () => (steady() < pausedUntil ? 0 : SLOTS),
    capacityAt: () => now() + Math.max(0, pausedUntil - steady()),
    hold: () => () => {},
    claim: async (limit, at) => {
      const dropped = await store.dropForgottenMessages()
      if (dropped > 0) log.info('messages of forgotten people dropped', { count: dropped })
      const endedAt = days === 0 || !isClockSure() ? null : await store.firstEndedAt()
      return endedAt === null || endedAt > at - keptMs ? [] : store.claim(limit, at - keptMs)
    },
    nextDueAt: async () => {
      const endedAt = days === 0 ? null : await store.firstEndedAt()
      if (endedAt === null) return null
      return isClockSure() ? endedAt + keptMs : Math.max(endedAt + keptMs, now() + LOOK_AGAIN_MS)
    },
    step: async ({ item }) => {
      if (await store.pseudonymise(item.id, now())) log.info('verification pseudonymised', { verificationId: item.id })
    },
    // Nothing here is urgent, and what gives trouble comes last when it is claimed again.
    postpone: async (_id, nextAt) => {
      pausedUntil = Math.max(pausedUntil, steady() + nextAt - now())
    },
  }
}
