import type { SetTimer } from '../../src/services/timer.ts'

/** Time that passes only when everything that could happen now has happened. */
export type Clock = {
  now(): number
  /** Calls `ring` when it is that time. */
  after: SetTimer
  /** How many alarms are set. */
  pending(): number
  /** Lets time go by until then, everything at its moment. */
  runUntil(time: number): Promise<void>
}

type Alarm = { readonly time: number; readonly order: number; ring: (() => void) | null }

export function makeClock(start: number): Clock {
  let now = start
  let order = 0
  const heap: Alarm[] = []
  const isBefore = (one: Alarm, other: Alarm) =>
    one.time < other.time || (one.time === other.time && one.order < other.order)

  function push(alarm: Alarm): void {
    let at = heap.push(alarm) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(alarm, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = alarm
  }

  function pop(): Alarm | undefined {
    const first = heap[0]
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return first
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      let child = heap[below]
      if (child === undefined) break
      const right = heap[below + 1]
      if (right !== undefined && isBefore(right, child)) {
        child = right
        below += 1
      }
      if (!isBefore(child, last)) break
      heap[at] = child
      at = below
    }
    heap[at] = last
    return first
  }

  return {
    now: () => now,
    after: (ring, ms) => {
      const alarm: Alarm = { time: now + Math.max(0, ms), order: order++, ring }
      push(alarm)
      return () => {
        alarm.ring = null
      }
    },
    pending: () => heap.filter(({ ring }) => ring !== null).length,
    runUntil: async (time) => {
      await everythingNow()
      while (heap[0] !== undefined && heap[0].time <= time) {
        const alarm = pop()
        if (alarm?.ring == null) continue
        now = alarm.time
        alarm.ring()
        await everythingNow()
      }
      now = time
    },
  }
}

/** The core waits for nothing but promises, so when Node gets to its next turn all of them have been followed to the end. */
function everythingNow(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
