export type Allowance = { limit: number; remaining: number /** Null: go ahead. */; retryAfterS: number | null }

/** Laravel's throttle: a window of a minute per route, opened by the first request in it. Null when there is no limit. */
export function makeRateLimit(perMinute: number | null, now: () => number): (route: string) => Allowance | null {
  const windows = new Map<string, { endsAt: number; used: number }>()
  return (route) => {
    if (perMinute === null) return null
    const open = windows.get(route)
    const window = open !== undefined && open.endsAt > now() ? open : { endsAt: now() + 60_000, used: 0 }
    windows.set(route, window)
    if (window.used >= perMinute) {
      return { limit: perMinute, remaining: 0, retryAfterS: Math.ceil((window.endsAt - now()) / 1000) }
    }
    window.used += 1
    return { limit: perMinute, remaining: perMinute - window.used, retryAfterS: null }
  }
}
