/* docs.slack.dev/messaging/formatting-message-text: `<!date^unix^{token} and words^link|fallback>`. */

const TOKEN =
  /\{(date_num|date_slash|date|date_short|date_long|date_pretty|date_short_pretty|date_long_pretty|time|time_secs|ago|day_divider_pretty)\}/g
const DAY_MS = 24 * 60 * 60_000

export function hasDateToken(format: string): boolean {
  return format.search(TOKEN) !== -1
}

/** The words of a date in the reader's zone; `zone` is the browser's own where none is given. */
export function formatDateToken(unix: number, format: string, now: number, zone?: string): string {
  const at = new Date(unix * 1000)
  return format.replace(TOKEN, (_, token: string) => wordsFor(token, at, now, zone))
}

function wordsFor(token: string, at: Date, now: number, zone: string | undefined): string {
  const write = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { ...options, ...(zone === undefined ? {} : { timeZone: zone }) }).format(at)
  const plain = token.replace(/_pretty$/, '')
  if (plain !== token) {
    const near = nearDay(at, now, zone)
    if (near !== null) return near
  }
  switch (plain) {
    case 'date_num':
      return isoDay(at.getTime(), zone)
    case 'date_slash':
      return write({ day: '2-digit', month: '2-digit', year: 'numeric' })
    case 'date_short':
      return write({ day: 'numeric', month: 'short', year: 'numeric' })
    case 'date_long':
    case 'day_divider':
      return write({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
    case 'time':
      return write({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    case 'time_secs':
      return write({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
    case 'ago':
      return ago(at.getTime() - now)
    default:
      return write({ day: 'numeric', month: 'long', year: 'numeric' })
  }
}

/** The calendar day as YYYY-MM-DD in the reader's zone. */
export function isoDay(atMs: number, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { day: '2-digit', month: '2-digit', year: 'numeric' }
  return new Intl.DateTimeFormat('sv-SE', { ...options, ...(zone === undefined ? {} : { timeZone: zone }) }).format(
    atMs,
  )
}

function nearDay(at: Date, now: number, zone: string | undefined): string | null {
  const days = Math.round((Date.parse(isoDay(at.getTime(), zone)) - Date.parse(isoDay(now, zone))) / DAY_MS)
  return { '-1': 'yesterday', '0': 'today', '1': 'tomorrow' }[String(days)] ?? null
}

function ago(differenceMs: number): string {
  const minutes = Math.round(differenceMs / 60_000)
  const relative = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' })
  if (Math.abs(minutes) < 60) return relative.format(minutes, 'minute')
  const hours = Math.round(minutes / 60)
  return Math.abs(hours) < 24 ? relative.format(hours, 'hour') : relative.format(Math.round(hours / 24), 'day')
}
