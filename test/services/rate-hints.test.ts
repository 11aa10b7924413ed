import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readRateHints, readRetryAfter } from '../../src/services/rate-hints.ts'

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0)
const DAY_MS = 86_400_000

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    [' 7 ', 7000],
    ['9999999999', DAY_MS],
    ['Sat, 31 Jan 2026 12:00:20 GMT', 20_000],
    ['Saturday, 31-Jan-26 12:00:20 GMT', 20_000],
    ['Sat, 31 Jan 2026 11:00:00 GMT', 0],
    ['Sat, 31 Jan 2036 12:00:00 GMT', DAY_MS],
  ])('%j is read', (value, ms) => {
    expect(readRetryAfter(value, NOW)).toBe(ms)
  })

  it.each([undefined, '', '-1', '1.5', '1e3', 'soon', 'Sat, 99 Foo 2026 12:00:20 GMT', '2026-01-31', '12 34'])(
    '%j says nothing',
    (value) => {
      expect(readRetryAfter(value, NOW)).toBeNull()
    },
  )

  it('is never negative, longer than a day or not a number', () => {
    const value = fc.oneof(
      fc.string(),
      fc.integer().map(String),
      fc.date({ noInvalidDate: true }).map((at) => at.toUTCString()),
    )
    fc.assert(
      fc.property(value, (text) => {
        const ms = readRetryAfter(text, NOW)
        return ms === null || (ms >= 0 && ms <= DAY_MS)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('the hints of an answer', () => {
  it('are what its headers say', () => {
    const headers = { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '3', 'retry-after': '5' }
    expect(readRateHints(200, headers, NOW)).toEqual({ limit: 30, remaining: 3, retryAfterMs: 5000 })
  })

  it('are none when there are no such headers, or they make no sense', () => {
    expect(readRateHints(200, {}, NOW)).toEqual({})
    expect(readRateHints(200, { 'x-ratelimit-limit': 'many', 'x-ratelimit-remaining': '-1' }, NOW)).toEqual({})
  })

  it('are that nothing remains when the answer is 429, whatever the headers say', () => {
    expect(readRateHints(429, { 'x-ratelimit-remaining': '12' }, NOW)).toEqual({ remaining: 0 })
  })
})
