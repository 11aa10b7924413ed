import type { Log } from './log.ts'
import type { RetentionStore } from './store/retention-store.ts'
import type { Queue } from './worker.ts'

const DAY_MS = 24 * 60 * 60_000
const SLOTS = 4

/**
 * The worker's third queue: verifications that have been over for `days` lose their people. 0 days: never.
 * It is asked for whenever the worker looks around, so there is no daily task that could be missed.
 */
export function makeRetention(deps: {
  store: RetentionStore
  days: number
  now: () => number
  log: Log
}): Queue<{ readonly id: string }> {
  const { store, days, now, log } = deps
  const keptMs = days * DAY_MS
  let pausedUntil = 0

  return {
    kind: 'retention',
    slots: SLOTS,
    capacity: () => (now() < pausedUntil ? 0 : SLOTS),
    capacityAt: () => pausedUntil,
    spend: () => {},
    claim: async (limit, at) => {
      const dropped = await store.dropForgottenMessages()
      if (dropped > 0) log.info('messages of forgotten people dropped', { count: dropped })
      const endedAt = days === 0 ? null : await store.firstEndedAt()
      return endedAt === null || endedAt > at - keptMs ? [] : store.claim(limit, at - keptMs)
    },
    nextDueAt: async () => {
      const endedAt = days === 0 ? null : await store.firstEndedAt()
      return endedAt === null ? null : endedAt + keptMs
    },
    step: async ({ item }) => {
      if (await store.pseudonymise(item.id, now())) log.info('verification pseudonymised', { verificationId: item.id })
    },
    // Nothing here is urgent, and what gives trouble comes last when it is claimed again.
    postpone: async (_id, nextAt) => {
      pausedUntil = Math.max(pausedUntil, nextAt)
    },
  }
}
