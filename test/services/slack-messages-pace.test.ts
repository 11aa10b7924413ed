import { afterEach, expect, it } from 'vitest'
import type { Verification } from '../../src/services/verification.ts'
import { APPROVED, MANAGER, openSlackBench, type SlackBench, startedOf } from '../helpers/slack-bench.ts'

const MINUTE_MS = 60_000
const EMPLOYEES = Array.from({ length: 55 }, (_, index) => `U0E${index}`)

let bench: SlackBench
afterEach(async () => {
  // A call that comes too soon is one.
  expect(bench.slack.violations).toEqual([])
  await bench.close()
})

/** Everybody is asked, and has the link. */
async function startAll(): Promise<Verification[]> {
  const all = []
  for (const [index, employeeId] of EMPLOYEES.entries()) {
    const news = { id: `verification-${index}`, viewId: `V0${index}`, employeeId, employeeNumber: 5000 + index }
    all.push(await bench.move(await bench.request(news), ...startedOf(news.id)))
  }
  await bench.pass(10 * MINUTE_MS)
  return all
}

it('many that change at once are shown within Slack’s limits: nothing is refused, and nothing is left out', async () => {
  bench = await openSlackBench({ limitScale: 1, more: EMPLOYEES })
  const all = await startAll()
  expect(bench.standing(MANAGER)).toHaveLength(EMPLOYEES.length)

  for (const waiting of all) await bench.move(waiting, APPROVED)
  await bench.pass(10 * MINUTE_MS)
  for (const employeeId of EMPLOYEES) expect(bench.standing(employeeId)).toHaveLength(1)
  expect(await bench.store.messages.nextDueAt()).toBeNull()
})

it('an invitation is sent at once while the notices of many outcomes wait for their turns', async () => {
  bench = await openSlackBench({ limitScale: 1, more: [...EMPLOYEES, 'U0NEWCOMER'] })
  const all = await startAll()
  for (const waiting of all) await bench.move(waiting, APPROVED)
  await bench.pass(1000)
  const newcomer = { id: 'newcomer', viewId: 'V0NEW', employeeId: 'U0NEWCOMER', employeeNumber: 6000 }
  await bench.move(await bench.request(newcomer), ...startedOf(newcomer.id))
  await bench.pass(1000)
  expect(bench.standing('U0NEWCOMER')).toHaveLength(1)
  await bench.pass(10 * MINUTE_MS)
})

it('a turn that is not needed any more keeps nobody waiting, however long ago it was', async () => {
  bench = await openSlackBench({ limitScale: 1, more: EMPLOYEES })
  const all = await startAll()
  // Those whose turn has not come by the time the word is gone have nothing to show any more.
  const strange = { ...APPROVED, status: 'strange_word' } as const
  const pending = { ...APPROVED, status: 'pending' } as const
  const puzzled = []
  for (const each of all) puzzled.push(await bench.move(each, strange))
  await bench.pass(5000)
  const calm = []
  for (const each of puzzled) calm.push(await bench.move(each, pending))
  await bench.pass(6 * 60 * MINUTE_MS)
  for (const each of calm) await bench.move(each, APPROVED)
  await bench.pass(10 * MINUTE_MS)
  expect(await bench.store.messages.nextDueAt()).toBeNull()
})
