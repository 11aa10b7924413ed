/**
 * The one budget all calls to EasyFreelance share: at most `perMinute` in any sixty seconds.
 *
 * A bucket of `burst` calls that refills at `perMinute − burst` a minute can't give more than `perMinute` in a minute. The
 * burst is a tenth, for under load what it holds back is never spent. It starts empty, so that restarting the bot never earns
 * extra calls. A 429 halves the pace at once; every answered call after it brings back a fiftieth. The bucket never holds
 * more than EasyFreelance says is left: somebody else may be spending the same budget.
 */
export type RequestBudget = {
  /** How many calls may begin now; whole number. */
  available(): number
  take(calls: number): void
  /** UTC ms when the next call may begin; in the past or now when one may. */
  nextAt(): number
  /** EasyFreelance asked for silence, or told how many calls it allows. */
  limited(hint: { limit?: number; remaining?: number; retryAfterMs?: number }): void
  /** A call was answered as usual. */
  eased(): void
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
  let filledAt = now()
  let silentUntil = 0

  const burst = () => Math.ceil(allowed / BURST_SHARE)
  const perMs = () => ((burst() === 1 ? allowed : allowed - burst()) * pace) / MINUTE_MS

  function fill(): void {
    const at = now()
    // A clock set back must freeze neither the bucket nor the silence.
    if (at < filledAt) silentUntil -= filledAt - at
    tokens = Math.min(burst(), tokens + Math.max(0, at - filledAt) * perMs())
    filledAt = at
  }

  return {
    available: () => {
      fill()
      return now() < silentUntil ? 0 : Math.floor(tokens + 1e-9)
    },
    take: (calls) => {
      fill()
      tokens -= calls
    },
    nextAt: () => {
      fill()
      return Math.max(silentUntil, now() + Math.max(0, Math.ceil((1 - tokens) / perMs())))
    },
    limited: ({ limit, remaining, retryAfterMs }) => {
      fill()
      if (limit !== undefined && limit >= 1) allowed = Math.min(perMinute, limit)
      if (remaining !== undefined) tokens = Math.min(tokens, remaining)
      if (retryAfterMs === undefined && remaining !== 0) return
      // Calls under way at the same moment are refused together: that is one refusal.
      if (now() >= silentUntil) pace = Math.max(LEAST_PACE, pace / 2)
      silentUntil = Math.max(silentUntil, now() + (retryAfterMs ?? SILENCE_MS))
    },
    eased: () => {
      pace = Math.min(1, pace * RECOVERY)
    },
  }
}
