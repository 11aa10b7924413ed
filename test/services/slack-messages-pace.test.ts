import { afterEach, expect, it } from 'vitest'
import { APPROVED, MANAGER, openSlackBench, type SlackBench, STARTED } from '../helpers/slack-bench.ts'

const MINUTE_MS = 60_000
const EMPLOYEES = Array.from({ length: 55 }, (_, index) => `U0E${index}`)

let bench: SlackBench
afterEach(async () => {
  // A call that comes too soon is one.
  expect(bench.slack.violations).toEqual([])
  await bench.close()
})

it('many that change at once are shown within Slack’s limits: nothing is refused, and nothing is left out', async () => {
  bench = await openSlackBench({ limitScale: 1, more: EMPLOYEES })
  const all = []
  for (const [index, employeeId] of EMPLOYEES.entries()) {
    const news = { id: `verification-${index}`, viewId: `V0${index}`, employeeId, employeeNumber: 5000 + index }
    all.push(await bench.move(await bench.request(news), ...STARTED))
  }
  await bench.pass(10 * MINUTE_MS)
  expect(bench.standing(MANAGER)).toHaveLength(EMPLOYEES.length)

  for (const waiting of all) await bench.move(waiting, APPROVED)
  await bench.pass(10 * MINUTE_MS)
  for (const employeeId of EMPLOYEES) expect(bench.standing(employeeId)).toHaveLength(1)
  expect(await bench.store.messages.nextDueAt()).toBeNull()
})
