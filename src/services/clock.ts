/** UTC ms by the system's clock, which may be set, and elapsed ms by one that may not. */
export type Clock = {
  /** UTC ms. When the clock was set, whatever depends on it is told before the new time is given to anybody. */
  now(): number
  /** Whole elapsed ms since some moment; never goes back, never jumps. What only measures a pause goes by this. */
  steady(): number
  /** Whether the clock has run evenly for so long that what can't be taken back may go by it. */
  isSure(): boolean
}

/** Less is a correction of a running clock, and every pause of ours is longer. */
const JUMP_MS = 1000
/** A clock that is set wrongly, or not set yet after a start, is set right within this time where anybody looks after it. */
const SURE_AFTER_MS = 60 * 60_000

/**
 * Compares the system's clock with the elapsed time whenever it is read. A difference is a jump: somebody set the clock, or
 * the machine slept, which the elapsed time doesn't count either. `onJump` moves what is stored, synchronously; when it
 * fails, it is called again at the next reading, with everything it has missed.
 */
export function makeClock(deps: {
  wall: () => number
  steady: () => number
  onJump: (byMs: number, now: number) => void
}): Clock {
  const { wall, steady, onJump } = deps
  let wallAt = wall()
  let steadyAt = steady()
  let evenSince = steadyAt
  let owed = 0

  function now(): number {
    const at = wall()
    const ran = steady()
    const jump = at - wallAt - (ran - steadyAt)
    wallAt = at
    steadyAt = ran
    if (Math.abs(jump) >= JUMP_MS) {
      owed += Math.round(jump)
      evenSince = ran
    }
    if (owed !== 0) {
      const by = owed
      // Before the call, which may read the clock itself.
      owed = 0
      try {
        onJump(by, at)
      } catch {
        owed += by
      }
    }
    return at
  }

  // Pauses are stored, and the database takes whole numbers only.
  return { now, steady: () => Math.floor(steady()), isSure: () => steady() - evenSince >= SURE_AFTER_MS }
}
