import { expect, it } from 'vitest'
import { BASE } from '../../bench/schedule/assumptions.ts'
import { runInMemory } from '../../bench/schedule/in-memory.ts'
import { runOnSqlite } from '../../bench/schedule/on-sqlite.ts'
import { DAY_MS, makeWorkload } from '../../bench/schedule/workload.ts'

const MINUTE_MS = 60_000

it.each([
  ['a return page that names the session', true],
  ['one that names nobody', false],
])(
  'the benchmark in memory sees the very same as the bot on its database, with %s',
  async (_page, returnNamesSession) => {
    const workload = makeWorkload({ ...BASE, lifetimeMs: DAY_MS, returnNamesSession }, 60, 0.5, 3)
    // The fewest calls a minute with which one is left for somebody at a form.
    const how = { perMinute: 11, countFrom: 0, signs: true, seed: 7 }
    const inMemory = runInMemory(workload, how)
    expect(inMemory.finished.length).toBeGreaterThan(20)
    expect(inMemory).toEqual(await runOnSqlite(workload, how))
  },
)

it('nobody of 10,000 waits for longer between two looks than is promised', () => {
  const [perMinute, waiting] = [600, 11_200]
  const workload = makeWorkload({ ...BASE, lifetimeMs: DAY_MS }, waiting, 0.1, 5)
  const seen = runInMemory(workload, { perMinute, countFrom: 0, signs: true, seed: 7 })
  const most = workload.lives.filter(({ invitedAt }) => invitedAt < workload.endsAt).length
  expect(most).toBeGreaterThan(10_000)
  const boundMs = (12 + (4 * most) / perMinute) * MINUTE_MS
  // It could be longer in this time.
  expect(boundMs).toBeLessThan(0.75 * workload.endsAt)
  expect(seen.longestGapMs).toBeLessThanOrEqual(boundMs)
})
