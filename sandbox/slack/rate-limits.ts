/** At most `calls` in any window of `perMs`. */
export type Limit = { calls: number; perMs: number }

/** docs.slack.dev/apis/web-api/rate-limits, per minute. chat.postMessage is special: about 1 a second per channel. */
const TIER = { tier2: 20, tier3: 50, tier4: 100, posting: 60 } as const

export type Tier = keyof typeof TIER

export type RateLimits = ReturnType<typeof makeRateLimits>

/** Counts calls in sliding windows. The documented figures are multiplied by `scale`; `limits` override them. */
export function makeRateLimits(deps: { now: () => number; scale: number; limits: Readonly<Record<string, Limit>> }) {
  const { now, scale } = deps
  const limits: Record<string, Limit> = { ...deps.limits }
  const calls = new Map<string, number[]>()
  return {
    setLimit(method: string, limit: Limit): void {
      limits[method] = limit
    },
    /** Seconds to wait, or 0 where the call may go ahead (and is counted). */
    take(method: string, tier: Tier, channel: string): number {
      const { calls: most, perMs } = limits[method] ?? { calls: TIER[tier] * scale, perMs: 60_000 }
      const key = tier === 'posting' ? `${method} ${channel}` : method
      const recent = (calls.get(key) ?? []).filter((at) => at > now() - perMs && at <= now())
      calls.set(key, recent)
      const oldest = recent[0]
      if (recent.length >= most) return Math.max(1, Math.ceil(((oldest ?? now()) + perMs - now()) / 1000))
      recent.push(now())
      return 0
    },
  }
}
