import { type SetTimer, setTimer } from './timer.ts'

/** Wakes a sleeper, when its turn comes. A nudge while nobody sleeps is kept for the next sleep, so that none is lost. */
export type Nudge = {
  nudge(): void
  /** Resolves at `until` (UTC ms by `now`), at the next nudge, or when the signal aborts; whichever is first. */
  sleep(until: number, signal: AbortSignal): Promise<void>
}

const LONGEST_SLEEP_MS = 5000

export function makeNudge(deps: {
  now: () => number
  setTimer?: SetTimer | undefined
  /** Left out: so long that a clock that was set is noticed within five seconds. */
  longestSleepMs?: number
  /** Resolves when whoever was woken may go on. At once, when left out. */
  turn?: () => Promise<void>
}): Nudge {
  const { now, setTimer: after = setTimer, longestSleepMs = LONGEST_SLEEP_MS, turn } = deps
  let pending = false
  let wake: (() => void) | null = null

  return {
    nudge: () => {
      pending = true
      wake?.()
    },
    sleep: async (until, signal) => {
      if (!pending && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const callOff = after(done, Math.min(longestSleepMs, Math.max(0, until - now())))
          function done() {
            callOff()
            signal.removeEventListener('abort', done)
            wake = null
            resolve()
          }
          wake = done
          signal.addEventListener('abort', done)
        })
      }
      if (turn !== undefined) await turn()
      pending = false
    },
  }
}
