import type { Chances } from './chances.ts'
import { makeHeap } from './heap.ts'
import { makeSightings, type Seen } from './sightings.ts'
import type { Workload } from './workload.ts'

/** Whom to look at next. Times are ms from the start of the run. */
export type Order = {
  add(nth: number, now: number): void
  /** When a look is due; null: nobody waits. */
  nextAt(now: number): number | null
  take(now: number): number
  stillPending(nth: number, now: number): void
}

/**
 * Spends calls evenly, one in every (60 s ÷ budget): exactly the budget in any sixty seconds, and nothing is held back.
 * A start goes before any look, as with ours.
 */
export function runEvenly(
  order: Order,
  workload: Workload,
  { perMinute, countFrom }: { perMinute: number; countFrom: number },
): Seen {
  const { lives, endsAt } = workload
  const sightings = makeSightings(workload, countFrom)
  const spacing = 60_000 / perMinute
  let toStart = lives.findIndex(({ invitedAt }) => invitedAt >= 0)
  if (toStart === -1) toStart = lives.length
  for (let nth = 0; nth < toStart; nth += 1) order.add(nth, 0)

  let now = 0
  for (;;) {
    const startAt = lives[toStart]?.invitedAt ?? Number.POSITIVE_INFINITY
    const at = Math.max(now, Math.min(startAt, order.nextAt(now) ?? Number.POSITIVE_INFINITY))
    if (at >= endsAt) return sightings.result()
    if (startAt <= at) {
      sightings.started(toStart, at)
      order.add(toStart, at)
      toStart += 1
    } else {
      const nth = order.take(at)
      sightings.looked(nth, at)
      if (at < (lives[nth]?.settledAt ?? 0)) order.stillPending(nth, at)
    }
    now = at + spacing
  }
}

/** Everybody in turn, for ever; no call is left unused while anybody waits. */
export function roundRobin(): Order {
  const ring: number[] = []
  let head = 0
  return {
    add: (nth) => void ring.push(nth),
    nextAt: (now) => (head < ring.length ? now : null),
    take: () => ring[head++] ?? Number.NaN,
    stillPending: (nth) => void ring.push(nth),
  }
}

type Timed = { readonly nth: number; readonly at: number }
const isSooner = (one: Timed, other: Timed) => one.at < other.at

const FIRST_BACK_OFF_MS = 5_000

/** Each session's own interval doubles from five seconds; what is due first goes first. */
export function backOff(workload: Workload, longestMs: number, chances: Chances): Order {
  const due = makeHeap<Timed>(isSooner)
  const intervals = new Map<number, number>()
  return {
    add: (nth, now) => {
      const age = now - (workload.lives[nth]?.invitedAt ?? 0)
      // One that waited already when the run began is somewhere within its present interval.
      const interval = Math.min(longestMs, Math.max(FIRST_BACK_OFF_MS, age))
      intervals.set(nth, interval)
      due.push({ nth, at: now + (age > FIRST_BACK_OFF_MS ? interval * chances.next() : interval) })
    },
    nextAt: () => due.top()?.at ?? null,
    take: () => due.pop()?.nth ?? Number.NaN,
    stillPending: (nth, now) => {
      const interval = Math.min(longestMs, 2 * (intervals.get(nth) ?? FIRST_BACK_OFF_MS))
      intervals.set(nth, interval)
      due.push({ nth, at: now + interval })
    },
  }
}

/** Knows when each settles, and looks once, then: nobody can do better on this budget. */
export function oracle(workload: Workload): Order {
  const due = makeHeap<Timed>(isSooner)
  return {
    add: (nth) => due.push({ nth, at: workload.lives[nth]?.settledAt ?? 0 }),
    nextAt: () => due.top()?.at ?? null,
    take: () => due.pop()?.nth ?? Number.NaN,
    stillPending: () => {},
  }
}
