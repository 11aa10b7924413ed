import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makePartner } from '../../src/services/partner.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { done, openVerificationsBench, REQUEST, type VerificationsBench } from '../helpers/verifications-bench.ts'
import { NOW } from '../views/build-verification.ts'
import { openBench } from './easyfreelance-bench.ts'

const MINUTE_MS = 60_000

let bench: VerificationsBench

beforeEach(async () => {
  bench = openVerificationsBench()
  await bench.verifications.request(REQUEST)
})
afterEach(() => bench.close())

describe('what people do', () => {
  it('is noted, once, and nothing for a verification that does not exist', async () => {
    await bench.step()
    const before = bench.dues()
    await bench.verifications.note('v1', { type: 'opened' })
    expect(bench.dues()).toBe(before + 1)
    await bench.verifications.note('v1', { type: 'opened' })
    expect(bench.dues()).toBe(before + 1)
    expect(await bench.verifications.note('nobody', { type: 'opened' })).toBeNull()
  })

  it('that changes nothing leaves the schedule alone', async () => {
    const due = await bench.store.verifications.nextDueAt()
    await bench.verifications.note('v1', { type: 'opened' })
    expect(await bench.store.verifications.nextDueAt()).toBe(due)
  })

  it('closes a parked one', async () => {
    bench.answers.start = done({ link: null })
    await bench.step()
    const closed = await bench.verifications.note('v1', { type: 'given_up', by: 'U0MARIA' })
    expect(closed).toMatchObject({ status: 'failed', reason: 'given_up', closedBy: 'U0MARIA' })
  })
})

describe('somebody who came back', () => {
  const returnedAt = async (id: string) => {
    const found = await bench.get(id)
    return found.status === 'waiting' ? found.session.returnedAt : 'not waiting'
  }

  beforeEach(async () => {
    await bench.verifications.request({ ...REQUEST, viewId: 'V2', employeeId: 'W2', employeeNumber: 2 })
    let sessions = 0
    bench.answers.start = async () => done({ sessionId: `session-${++sessions}` })
    await bench.step()
    await bench.verifications.note('v1', { type: 'opened' })
  })

  it('has the session that is named looked at within the same moment, and no other', async () => {
    await bench.verifications.returned(['session-2', '../etc', ''])
    expect([await returnedAt('v1'), await returnedAt('v2')]).toEqual([null, NOW])
    await bench.step()
    expect(bench.asked.at(-1)).toEqual({ poll: 'session-2' })
  })

  it.each([[['unknown']], [[]]])(
    'hurries those opened lately when none is named, and notes nothing: %j',
    async (hints) => {
      const before = await bench.get('v1')
      await bench.verifications.returned(hints)
      expect(await bench.get('v1')).toEqual(before)
      await bench.step()
      expect(bench.asked.at(-1)).toEqual({ poll: 'session-1' })
    },
  )

  it('hurries nobody again within ten seconds, however often the page is loaded', async () => {
    await bench.verifications.returned([])
    await bench.step()
    const asked = bench.asked.length
    for (let time = 0; time < 5; time += 1) await bench.verifications.returned([])
    expect(await bench.store.verifications.claim(9, bench.now(), 1)).toEqual([])
    expect(bench.asked).toHaveLength(asked)
  })

  it('settles nothing', async () => {
    await bench.verifications.returned(['session-1', 'approved'])
    expect((await bench.get('v1')).status).toBe('waiting')
  })
})

describe('with EasyFreelance on the wire', () => {
  it.each(['approved', 'declined', 'cancelled', 'expired', 'error'])(
    'a session is started and ends %s',
    async (status) => {
      const wire = await openBench({ now: () => NOW })
      const budget = makeRequestBudget({ perMinute: 600, now: () => NOW })
      const { log } = makeRecordingLog()
      const real = openVerificationsBench(makePartner({ easyfreelance: wire.client, budget, now: () => NOW, log }))
      await real.verifications.request(REQUEST)
      await real.step()
      const [session] = wire.upstream.sessions()
      expect(await real.get()).toMatchObject({ status: 'waiting', session: { sessionId: session?.id } })
      wire.upstream.decide(session?.id ?? '', status)
      await real.pass(2 * MINUTE_MS)
      expect(await real.get()).toMatchObject({ status: 'settled', outcome: status, sessionId: session?.id })
      expect(wire.upstream.violations).toEqual([])
      real.close()
      await wire.close()
    },
  )
})
