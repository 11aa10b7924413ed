import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePartner, type Partner } from '../../src/services/partner.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { passingTimer } from '../helpers/passing-timer.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { BANKID, openBench } from './easyfreelance-bench.ts'

const KNOCK_AFTER_MS = 4 * 60_000
const START = 1_000_000

let bench: Awaited<ReturnType<typeof openBench>>
let recording: ReturnType<typeof makeRecordingLog>
let partner: Partner
let time: number

const setTimer = passingTimer((ms) => {
  time += ms
})

beforeEach(async () => {
  bench = await openBench()
  recording = makeRecordingLog()
  time = START
  const now = () => time
  const budget = makeRequestBudget({ perMinute: 60, now })
  partner = makePartner({ easyfreelance: bench.client, budget, now, log: recording.log, setTimer })
})
afterEach(() => bench.close())

const refuseCredentials = (times = 1) => bench.upstream.fault({ route: 'any', times, do: { status: 401 } })
const start = () => partner.start(BANKID, new AbortController().signal)

describe('the gate', () => {
  it('is open, and lets answers through as they are', async () => {
    expect(partner.isOpen()).toBe(true)
    expect(await start()).toMatchObject({ is: 'done' })
    bench.upstream.fault({ route: 'any', do: { status: 500 } })
    expect(await start()).toEqual({ is: 'unknown', because: 'server_error' })
    expect(partner.isOpen()).toBe(true)
  })

  it('shuts at the first 401, calls nobody while shut, and says so once', async () => {
    refuseCredentials()
    expect(await start()).toEqual({ is: 'refused', because: 'unauthorised', retryAfterMs: KNOCK_AFTER_MS })
    time += 1000
    expect(await start()).toEqual({ is: 'refused', because: 'unauthorised', retryAfterMs: KNOCK_AFTER_MS - 1000 })
    expect(bench.upstream.calls).toHaveLength(1)
    expect(partner.isOpen()).toBe(false)
    expect(recording.said('easyfreelance refused our credentials')).toHaveLength(1)
  })

  it('takes nothing out of the budget while shut, and holds nobody up', async () => {
    refuseCredentials()
    await start()
    expect(partner.capacity()).toBe(Number.POSITIVE_INFINITY)
    time += 60_000
    partner.hold(100)(100)
    time += KNOCK_AFTER_MS
    expect(partner.capacity()).toBe(5)
  })

  it('is knocked at by one of many, and stays shut when that is refused', async () => {
    refuseCredentials(2)
    await start()
    time += KNOCK_AFTER_MS
    const answers = await Promise.all([start(), start(), start()])
    expect(answers.every((answer) => answer.is === 'refused' && answer.because === 'unauthorised')).toBe(true)
    expect(bench.upstream.calls).toHaveLength(2)
    expect(recording.said('easyfreelance refused our credentials')).toHaveLength(1)
  })

  it('opens when the knock is answered', async () => {
    refuseCredentials()
    await start()
    time += KNOCK_AFTER_MS
    expect(await start()).toMatchObject({ is: 'done' })
    expect(partner.isOpen()).toBe(true)
    expect(await start()).toMatchObject({ is: 'done' })
    expect(recording.said('easyfreelance takes our credentials again')).toHaveLength(1)
  })

  it.each([404, 422])('opens also when the knock is answered with %i: the credentials were taken', async (status) => {
    refuseCredentials()
    await start()
    time += KNOCK_AFTER_MS
    bench.upstream.fault({ route: 'any', do: { status } })
    await start()
    expect(partner.isOpen()).toBe(true)
  })

  it.each(['lose_before', { status: 503 }] as const)('stays shut when the knock is lost: %j', async (how) => {
    refuseCredentials()
    await start()
    time += KNOCK_AFTER_MS
    bench.upstream.fault({ route: 'any', do: how })
    expect(await start()).toMatchObject({ is: 'unknown' })
    expect(partner.isOpen()).toBe(false)
  })
})

describe('the budget', () => {
  it('gives no more steps than it has, and says when there are more', () => {
    time += 60_000
    expect(partner.capacity()).toBe(5)
    partner.hold(5)(5)
    expect(partner.capacity()).toBe(0)
    time = partner.capacityAt()
    expect(partner.capacity()).toBe(1)
  })

  it('always leaves a call for somebody who waits, however busy the worker is', async () => {
    for (let second = 0; second < 180; second += 1) {
      time += 1000
      const steps = partner.capacity()
      partner.hold(steps)(steps)
    }
    expect(await partner.readEmployee(4711)).toMatchObject({ is: 'done' })
    expect(partner.capacity()).toBe(0)
  })

  it('is not spent twice: nobody gets the calls that a claim under way may need', async () => {
    time += 60_000
    const settle = partner.hold(partner.capacity())
    expect(await partner.readEmployee(4711)).toMatchObject({ is: 'done' })
    expect(partner.capacity()).toBe(0)
    settle(2)
    expect(partner.capacity()).toBe(2)
  })

  it('lets somebody who waits wait a moment for the next call, and no longer', async () => {
    time += 1250
    const [first, second, third] = await Promise.all([
      partner.readEmployee(4711),
      partner.readEmployee(4711),
      partner.linkOrCreate('ola.nordmann@example.com'),
    ])
    expect([first, second]).toMatchObject([{ is: 'done' }, { is: 'done' }])
    expect(third).toEqual({ is: 'refused', because: 'rate_limited', retryAfterMs: null })
    expect(time).toBe(START + 2223)
    expect(bench.upstream.calls).toHaveLength(2)
  })

  it('is not spent by a question while the gate is shut', async () => {
    refuseCredentials()
    await start()
    expect(await partner.readEmployee(4711)).toMatchObject({ because: 'unauthorised' })
    expect(bench.upstream.calls).toHaveLength(1)
  })
})
