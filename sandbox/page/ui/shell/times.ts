import { formatDateToken, isoDay } from '../mrkdwn/date-token.ts'

/* Times of messages, in the browser's zone. A ts is seconds and microseconds of the sandbox's clock. */

export const unixOf = (ts: string): number => Math.floor(Number(ts))

export function timeOf(ts: string): string {
  return formatDateToken(unixOf(ts), '{time}', 0)
}

export function momentOf(atMs: number, now: number): string {
  return formatDateToken(Math.floor(atMs / 1000), '{date_short_pretty} {time}', now)
}

export function fullTimeOf(ts: string): string {
  return formatDateToken(unixOf(ts), '{date_long} at {time_secs}', 0)
}

export function dayOf(ts: string): string {
  return isoDay(unixOf(ts) * 1000)
}

/** `Today`, `Yesterday`, or the day in full. */
export function dayName(ts: string, now: number): string {
  const words = formatDateToken(unixOf(ts), '{date_long_pretty}', now)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
