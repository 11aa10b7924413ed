/**
 * The one loop that moves everything that is due. It claims what is due from each of its queues, carries out one step each,
 * and looks again: when a step has ended, when it is nudged, or when the next row is due. It never waits for a slow step
 * before it begins another, never takes the same row twice, and knows nothing of phases, Slack or EasyFreelance.
 */
import { setMaxListeners } from 'node:events'
import type { Log } from './log.ts'
import type { Nudge } from './nudge.ts'
import type { Due } from './store/schedule.ts'
import { type SetTimer, setTimer } from './timer.ts'

export type Queue<Item extends { readonly id: string }> = {
  readonly kind: string
  /** How many steps may be under way at once, and as many again that are only being saved. */
  readonly slots: number
  /** How many more may begin now, whatever the slots; and from when, if none. */
  capacity(): number
  capacityAt(): number
  /** Keeps so many for what is about to be claimed; called again with how many of them begin. */
  hold(steps: number): (begun: number) => void
  claim(limit: number, now: number, leaseMs: number): Promise<Due<Item>[]>
  nextDueAt(): Promise<number | null>
  /** `ending`: called when all is done but to save how it went, so that what is claimed next can share its commit. */
  step(due: Due<Item>, signal: AbortSignal, ending: () => void): Promise<void>
  /** A step broke: its row comes back at that time, its attempts counted. */
  postpone(id: string, nextAt: number): Promise<void>
}

export type Worker = {
  start(): void
  /** Lets what is under way end for `graceMs`, then cuts it off; resolves when the loop has ended. */
  stop(graceMs: number): Promise<void>
  /** Elapsed ms since the loop last looked around; null before it started. */
  idleMs(): number | null
}

/** Longer than nearly any step; one that takes longer is not begun twice, for its id is under way. Boot clears the leases of a killed process at once. */
const LEASE_MS = 60_000
const AFTER_BROKEN_STEP_MS = 2_000
const AFTER_BROKEN_PASS_MS = 1_000

export function makeWorker(deps: {
  queues: readonly AnyQueue[]
  nudge: Nudge
  now: () => number
  /** Elapsed ms, by which it is judged whether the loop still goes round. */
  steady?: () => number
  log: Log
  setTimer?: SetTimer | undefined
}): Worker {
  const { nudge, now, log, steady = now, setTimer: after = setTimer } = deps
  const halt = new AbortController()
  const cutOff = new AbortController()
  // Every step under way listens to it; Node takes more than ten listeners for a leak, and says so.
  setMaxListeners(0, cutOff.signal)
  const lanes = deps.queues.map((queue) => queue.makeLane({ now, log, onEnd: nudge.nudge, signal: cutOff.signal }))
  let loop: Promise<void> | null = null
  let passAt: number | null = null

  async function pass(): Promise<number> {
    passAt = steady()
    const wakeAts = await Promise.all(lanes.map((lane) => lookAt(lane)))
    return Math.min(...wakeAts)
  }

  /** One queue in trouble doesn't keep the other from its work. */
  async function lookAt(lane: Lane): Promise<number> {
    try {
      await lane.fill()
      return await lane.wakeAt()
    } catch (error) {
      log.error('worker pass broke', { kind: lane.kind, error })
      return now() + AFTER_BROKEN_PASS_MS
    }
  }

  async function run(): Promise<void> {
    while (!halt.signal.aborted) {
      await nudge.sleep(await pass(), halt.signal)
    }
  }

  return {
    start: () => {
      loop ??= run()
    },
    stop: async (graceMs) => {
      halt.abort()
      await loop
      const callOff = after(() => cutOff.abort(), graceMs)
      await Promise.all(lanes.map((lane) => lane.settled()))
      callOff()
    },
    idleMs: () => (passAt === null ? null : steady() - passAt),
  }
}

type LaneDeps = { now: () => number; log: Log; onEnd: () => void; signal: AbortSignal }
type Lane = { readonly kind: string; fill(): Promise<void>; wakeAt(): Promise<number>; settled(): Promise<void> }

/** A queue whose item type is its own business. */
export type AnyQueue = { makeLane(deps: LaneDeps): Lane }

/** One queue's steps under way. */
export function laneOf<Item extends { readonly id: string }>(queue: Queue<Item>): AnyQueue {
  return {
    makeLane: ({ now, log, onEnd, signal }) => {
      const underWay = new Map<string, { readonly step: Promise<void>; readonly leaseUntil: number }>()
      const ending = new Set<string>()
      // Twice the slots at most: half of them working, the other half being saved.
      const busy = () => Math.max(underWay.size - ending.size, underWay.size - queue.slots)
      const room = () => Math.min(queue.slots - busy(), queue.capacity())

      async function take(due: Due<Item>): Promise<void> {
        try {
          await queue.step(due, signal, () => {
            ending.add(due.item.id)
            onEnd()
          })
        } catch (error) {
          log.error('step broke', { kind: queue.kind, attempts: due.attempts, error })
          await queue.postpone(due.item.id, now() + AFTER_BROKEN_STEP_MS * due.attempts).catch((second: unknown) => {
            // The lease brings it back.
            log.error('step could not be put back', { kind: queue.kind, error: second })
          })
        } finally {
          ending.delete(due.item.id)
        }
      }

      async function claimFresh(limit: number, claimedAt: number): Promise<Due<Item>[]> {
        const claimed = await queue.claim(limit, claimedAt, LEASE_MS)
        // A row may be due again while its step is under way. If its lease ran out, that step ends it. Else that step has just
        // saved its end, and is only about to return: the next one follows it.
        return claimed.filter(({ item }) => claimedAt < (underWay.get(item.id)?.leaseUntil ?? Number.POSITIVE_INFINITY))
      }

      function begin(due: Due<Item>, leaseUntil: number): void {
        const { id } = due.item
        const before = underWay.get(id)?.step
        const step = (before === undefined ? take(due) : before.then(() => take(due))).finally(() => {
          if (underWay.get(id)?.step === step) underWay.delete(id)
          onEnd()
        })
        underWay.set(id, { step, leaseUntil })
      }

      return {
        kind: queue.kind,
        fill: async () => {
          const free = room()
          if (free < 1) return
          const claimedAt = now()
          // While the claim waits for the disk, somebody at a form may ask for calls too.
          const release = queue.hold(free)
          const fresh = await claimFresh(free, claimedAt).catch((error: unknown) => {
            release(0)
            throw error
          })
          release(fresh.length)
          for (const due of fresh) begin(due, claimedAt + LEASE_MS)
        },
        wakeAt: async () => {
          // Full: the end of a step is what to wait for.
          if (busy() >= queue.slots) return Number.POSITIVE_INFINITY
          const dueAt = (await queue.nextDueAt()) ?? Number.POSITIVE_INFINITY
          return room() < 1 ? Math.max(dueAt, queue.capacityAt()) : dueAt
        },
        settled: async () => void (await Promise.all([...underWay.values()].map(({ step }) => step))),
      }
    },
  }
}
