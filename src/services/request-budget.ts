/**
 * The one budget all calls to EasyFreelance share: at most `perMinute` in any sixty seconds.
 *
 * A bucket of `burst` calls that refills at `perMinute − burst` a minute can't give more than `perMinute` in a minute. The
 * burst is a tenth, for under load what it holds back is never spent. It starts empty, so that restarting the bot never earns
 * extra calls. A 429 halves the pace at once; every answered call after it brings back a fiftieth. The bucket never holds
 * more than EasyFreelance says is left: somebody else may be spending the same budget.
 */
export type RequestBudget = {
  /** How many calls may begin now; whole number. `spare`: so many are left for others, as far as there is more than one. */
  available(spare?: number): number
  take(calls: number): void
  /** Keeps these calls from everybody else until it is said how many of them begin: those are taken then, the rest is free. */
  hold(calls: number): (begun: number) => void
  /** When the next call may begin, with as many to spare, by the same clock as `now`; in the past or now when one may. */
  nextAt(spare?: number): number
  /** EasyFreelance asked for silence, or told how many calls it allows. */
  limited(hint: { limit?: number; remaining?: number; retryAfterMs?: number }): void
  /** A call was answered as usual. */
  eased(): void
  /** How many calls began within the last minute, and how many may. */
  lastMinute(): { readonly spent: number; readonly allowed: number }
}

const MINUTE_MS = 60_000
const SILENCE_MS = 30_000
const LEAST_PACE = 1 / 8
const RECOVERY = 1.02
const BURST_SHARE = 10

export function makeRequestBudget({ perMinute, now }: { perMinute: number; now: () => number }): RequestBudget {
  let pace = 1
  let allowed = perMinute
  let tokens = 0
  let held = 0
  let filledAt = now()
  let silentUntil = Number.NEGATIVE_INFINITY
  const taken: { readonly at: number; readonly calls: number }[] = []

  const burst = () => Math.ceil(allowed / BURST_SHARE)
  const left = (spare: number) => Math.min(spare, burst() - 1)
  const perMs = () => ((burst() === 1 ? allowed : allowed - burst()) * pace) / MINUTE_MS

  function fill(): void {
    const at = now()
    // A clock set back must freeze neither the bucket nor the silence.
    if (at < filledAt) silentUntil -= filledAt - at
    // What is held is still in the bucket, and takes its room.
    tokens = Math.min(burst() - held, tokens + Math.max(0, at - filledAt) * perMs())
    filledAt = at
  }

  function take(calls: number): void {
    fill()
    tokens -= calls
    forgetOld()
    if (calls > 0) taken.push({ at: now(), calls })
  }

  function forgetOld(): void {
    while (taken[0] !== undefined && now() - taken[0].at >= MINUTE_MS) taken.shift()
  }

  return {
    available: (spare = 0) => {
      fill()
      return now() < silentUntil ? 0 : Math.max(0, Math.floor(tokens - left(spare) + 1e-9))
    },
    take,
    hold: (calls) => {
      fill()
      tokens -= calls
      held += calls
      return (begun) => {
        fill()
        tokens += calls
        held -= calls
        take(begun)
      }
    },
    nextAt: (spare = 0) => {
      fill()
      return Math.max(silentUntil, now() + Math.max(0, Math.ceil((1 + left(spare) - tokens) / perMs())))
    },
    limited: ({ limit, remaining, retryAfterMs }) => {
      fill()
      if (limit !== undefined && limit >= 1) allowed = Math.min(perMinute, limit)
      if (remaining !== undefined) tokens = Math.min(tokens, remaining - held)
      if (retryAfterMs === undefined && remaining !== 0) return
      // Calls under way at the same moment are refused together: that is one refusal.
      if (now() >= silentUntil) pace = Math.max(LEAST_PACE, pace / 2)
      silentUntil = Math.max(silentUntil, now() + (retryAfterMs ?? SILENCE_MS))
    },
    eased: () => {
      pace = Math.min(1, pace * RECOVERY)
    },
    lastMinute: () => {
      forgetOld()
      return { spent: taken.reduce((sum, { calls }) => sum + calls, 0), allowed }
    },
  }
}
