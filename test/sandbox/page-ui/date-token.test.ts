import { describe, expect, it } from 'vitest'
import { formatDateToken } from '../../../sandbox/page/ui/mrkdwn/date-token.ts'

const AT = Date.UTC(2026, 10, 23, 22, 30, 5) / 1000
const HOUR = 3_600_000

describe('a date in the reader’s zone', () => {
  it.each([
    ['{date_num} {time}', 'UTC', '2026-11-23 22:30'],
    ['{date_num} {time}', 'Europe/Oslo', '2026-11-23 23:30'],
    ['{date_num} {time_secs}', 'Asia/Tokyo', '2026-11-24 07:30:05'],
    ['{date}', 'UTC', '23 November 2026'],
    ['{date_short} at {time}', 'UTC', '23 Nov 2026 at 22:30'],
    ['{date_long}', 'UTC', 'Monday 23 November 2026'],
    ['{nonsense} {date_num}', 'UTC', '{nonsense} 2026-11-23'],
  ])('%s in %s', (format, zone, expected) => {
    expect(formatDateToken(AT, format, 0, zone).replaceAll(',', '')).toBe(expected)
  })

  it.each([
    [0, 'today'],
    [24, 'yesterday'],
    [-24, 'tomorrow'],
    [72, '23 Nov 2026'],
  ])('%i hours later it is %s', (hours, expected) => {
    expect(formatDateToken(AT, '{date_short_pretty}', AT * 1000 + hours * HOUR, 'UTC')).toBe(expected)
  })

  it('midnight is where the reader is', () => {
    const justAfter = AT * 1000 + 2 * HOUR
    expect(formatDateToken(AT, '{date_pretty}', justAfter, 'UTC')).toBe('yesterday')
    expect(formatDateToken(AT, '{date_pretty}', justAfter, 'Asia/Tokyo')).toBe('today')
  })

  it('says how long ago', () => {
    expect(formatDateToken(AT, '{ago}', AT * 1000 + 3 * HOUR, 'UTC')).toBe('3 hours ago')
    expect(formatDateToken(AT, '{ago}', AT * 1000 - 120_000, 'UTC')).toBe('in 2 minutes')
  })
})
