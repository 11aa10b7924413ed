import { afterEach, describe, expect, it } from 'vitest'
import { MANAGER, openSlackBench, type SlackBench } from '../helpers/slack-bench.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

let bench: SlackBench
afterEach(async () => {
  await bench.close()
})

describe.for([
  ['an hour back', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
  ['a day back', -DAY_MS],
  ['a day ahead', DAY_MS],
] as const)('with a clock set %s', ([, byMs]) => {
  it('a message whose answer was lost is found, and stands there once', async () => {
    bench = await openSlackBench()
    await bench.request()
    bench.slack.fault({ method: 'chat.postMessage', do: 'lose' })
    await bench.step()
    expect((await bench.message('card')).state).toBe('unknown')
    bench.setClock(byMs)
    await bench.pass(5 * MINUTE_MS)
    expect((await bench.message('card')).state).toBe('sent')
    expect(bench.calls('chat.postMessage')).toBe(1)
    expect(bench.standing(MANAGER)).toHaveLength(1)
  })

  it('a message that never arrived is sent again after two minutes, not sooner and not later', async () => {
    bench = await openSlackBench()
    await bench.request()
    bench.slack.fault({ method: 'chat.postMessage', do: { status: 500 } })
    await bench.step()
    await bench.pass(20_000)
    bench.setClock(byMs)
    await bench.pass(95_000)
    expect(bench.calls('chat.postMessage')).toBe(1)
    await bench.pass(15_000)
    expect(bench.calls('chat.postMessage')).toBe(2)
    expect(bench.standing(MANAGER)).toHaveLength(1)
  })
})

it('with a clock that was a day ahead all along, a message whose answer was lost is found', async () => {
  bench = await openSlackBench()
  bench.setClock(DAY_MS)
  await bench.request()
  bench.slack.fault({ method: 'chat.postMessage', do: 'lose' })
  await bench.pass(5 * MINUTE_MS)
  expect(bench.calls('chat.postMessage')).toBe(1)
  expect((await bench.message('card')).state).toBe('sent')
})
