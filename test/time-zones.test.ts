import { afterEach, expect, it } from 'vitest'
import { scheduleOf } from '../src/services/poll-schedule.ts'
import { renderMessage } from './helpers/links.ts'
import { buildSession, buildWaiting } from './views/build-verification.ts'

const HOUR_MS = 3_600_000
/** In Norway the clocks went from 02:00 to 03:00, and seven months later from 03:00 to 02:00. */
const CHANGES = ['2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z'].map((text) => Date.parse(text))
const ZONES = ['UTC', 'Europe/Oslo', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Kiritimati']

const zone = process.env.TZ
afterEach(() => {
  if (zone === undefined) delete process.env.TZ
  else process.env.TZ = zone
})

/** Every ten minutes, from two hours before the change to two hours after it. */
function around(change: number) {
  return Array.from({ length: 25 }, (_, nth) => change - 2 * HOUR_MS + nth * 600_000).map((now) => {
    const session = buildSession({ startedAt: change - 3 * HOUR_MS, openedAt: now - 60_000, expiresAt: now + HOUR_MS })
    const verification = buildWaiting({ createdAt: now, session })
    return {
      schedule: scheduleOf(verification, { now, chance: 0.5 }).nextAt ?? 0,
      message: renderMessage({ kind: 'card', occasion: 0, movedBecause: null }, verification),
      now,
    }
  })
}

it.for(CHANGES)('summer time moves no pause and no word, wherever the bot runs: %s', (change) => {
  const seen = ZONES.map((each) => {
    process.env.TZ = each
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(each)
    return around(change)
  })
  for (const each of seen) expect(each).toEqual(seen[0])
  for (const { schedule, now } of seen[0] ?? []) expect(schedule - now).toBe(2829)
})

it('moments are written so that Slack shows them in the reader’s own time zone', () => {
  const expiresAt = CHANGES[0] ?? 0
  const verification = buildWaiting({ session: buildSession({ expiresAt }) })
  const text = JSON.stringify(renderMessage({ kind: 'card', occasion: 0, movedBecause: null }, verification))
  expect(text).toContain(`<!date^${expiresAt / 1000}^{date_short_pretty} at {time}|29 Mar 2026 at 01:00 UTC>`)
})
