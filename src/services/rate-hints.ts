import type { Headers } from './exchange.ts'

/** What an answer says about how often we may ask. Absent means that it said nothing. */
export type RateHints = { limit?: number; remaining?: number; retryAfterMs?: number }

const DAY_MS = 86_400_000

/** `Retry-After` in ms from `now`, at most a day; seconds or an HTTP date (RFC 9110, 10.2.3). Null when it says nothing. */
export function readRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? ''
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1000, DAY_MS)
  const at = /^[A-Z][a-z]{2,8},? .*GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now, 0), DAY_MS)
}

/** From Laravel's throttle headers, which EasyFreelance may send; its documentation promises none. */
export function readRateHints(status: number, headers: Headers, now: number): RateHints {
  const limit = readCount(single(headers['x-ratelimit-limit']))
  const remaining = status === 429 ? 0 : readCount(single(headers['x-ratelimit-remaining']))
  const retryAfterMs = readRetryAfter(single(headers['retry-after']), now)
  return {
    ...(limit === null ? {} : { limit }),
    ...(remaining === null ? {} : { remaining }),
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  }
}

function readCount(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,9}$/.test(value.trim()) ? Number(value) : null
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
