import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RefusedBecause, UnknownBecause } from '../../src/services/easyfreelance.ts'
import type { FailureReason, Hold } from '../../src/services/verification.ts'
import {
  done,
  openVerificationsBench,
  REQUEST,
  refused,
  report,
  unknown,
  type VerificationsBench,
} from '../helpers/verifications-bench.ts'
import { NOW } from '../views/build-verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
/** Half the patience with somebody at BankID, 1 / h being four minutes: see `poll-schedule.ts`. */
const HOT_MS = 2829
const HOUR_MS = 60 * MINUTE_MS

let bench: VerificationsBench

beforeEach(async () => {
  bench = openVerificationsBench()
  await bench.verifications.request(REQUEST)
})
afterEach(() => bench.close())

const waiting = async () => {
  await bench.step()
  expect((await bench.get()).status).toBe('waiting')
}

describe('a request', () => {
  it('is kept as asked, is due at once, and calls nobody', async () => {
    expect(await bench.get()).toMatchObject({ ...REQUEST, status: 'requested', revision: 1, createdAt: NOW })
    expect(bench.dues()).toBe(1)
    expect(bench.asked).toEqual([])
  })

  it('that comes again makes nothing due', async () => {
    expect(await bench.verifications.request(REQUEST)).toMatchObject({ is: 'repeated' })
    expect(bench.dues()).toBe(1)
  })
})

describe('a step', () => {
  const seen: unknown[] = []
  const endingIsSeen = () => void bench.get().then(({ status, revision }) => seen.push({ status, revision }))
  beforeEach(() => void seen.splice(0))

  it('says that only saving is left when a start was answered, and not before', async () => {
    bench.answers.start = async () => {
      expect(seen).toEqual([])
      return done()
    }
    await bench.step(endingIsSeen)
    expect(seen).toEqual([{ status: 'starting', revision: 2 }])
    expect(await bench.get()).toMatchObject({ status: 'waiting', revision: 3 })
  })

  it('says so when a look was answered, and not before', async () => {
    await waiting()
    let answered = false
    bench.answers.poll = async () => {
      await bench.get()
      expect(seen).toEqual([])
      answered = true
      return report('approved')
    }
    bench.wait(HOUR_MS)
    await bench.step(endingIsSeen)
    expect(answered).toBe(true)
    expect(seen).toEqual([{ status: 'waiting', revision: 3 }])
    expect((await bench.get()).status).toBe('settled')
  })
})

describe('a start', () => {
  it('is written down before EasyFreelance hears of it', async () => {
    let then: unknown
    bench.answers.start = async () => {
      then = (await bench.get()).status
      return done()
    }
    await bench.step()
    expect(then).toBe('starting')
    expect(await bench.get()).toMatchObject({ status: 'waiting', session: { sessionId: 'session-1' } })
    expect(bench.asked).toEqual([{ start: { employeeNumber: 4711, provider: 'bankid', idType: null } }])
  })

  const HELD: Record<Hold & RefusedBecause, true> = { unreachable: true, unauthorised: true, rate_limited: true }
  it.each(Object.keys(HELD) as (keyof typeof HELD)[])('that is held comes back for hours: %s', async (because) => {
    bench.answers.start = refused(because)
    await bench.pass(6 * HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'requested', hold: because, unclearStarts: 0 })
    expect(bench.starts()).toBeGreaterThan(80)
    bench.answers.start = done()
    await bench.pass(5 * MINUTE_MS)
    expect((await bench.get()).status).toBe('waiting')
  })

  it('that is held waits as long as EasyFreelance says', async () => {
    bench.answers.start = refused('rate_limited', HOUR_MS)
    await bench.pass(HOUR_MS)
    expect(bench.starts()).toBe(1)
    await bench.pass(2 * SECOND_MS)
    expect(bench.starts()).toBe(2)
  })

  const FAILED: Record<Exclude<RefusedBecause, Hold>, FailureReason> = {
    not_found: 'employee_unknown',
    not_allowed: 'not_allowed',
    return_url_not_approved: 'return_url_not_approved',
    invalid: 'invalid',
    bad_request: 'bad_request',
  }
  it.each(Object.entries(FAILED))('that is refused for good fails at once: %s', async (because, reason) => {
    bench.answers.start = refused(because as RefusedBecause)
    await bench.pass(HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'failed', reason, closedBy: null })
    expect(bench.starts()).toBe(1)
  })

  const UNCLEAR: Record<UnknownBecause, true> = {
    timeout: true,
    connection_lost: true,
    server_error: true,
    unreadable: true,
  }
  it.each(Object.keys(UNCLEAR) as UnknownBecause[])(
    'that is unclear is made once more, then a person decides: %s',
    async (why) => {
      bench.answers.start = unknown(why)
      await bench.step()
      expect(await bench.get()).toMatchObject({ status: 'requested', hold: why, unclearStarts: 1 })
      await bench.pass(4 * SECOND_MS)
      expect(bench.starts()).toBe(1)
      await bench.pass(HOUR_MS)
      expect(bench.starts()).toBe(2)
      expect(await bench.get()).toMatchObject({
        status: 'parked',
        reason: `start_${why}`,
        parkedAt: NOW + 5 * SECOND_MS,
      })
    },
  )

  it('that was cut off by a kill counts as unclear, twice in all', async () => {
    bench.answers.start = () => Promise.reject(new Error('killed'))
    for (const status of ['requested', 'parked']) {
      await expect(bench.step()).rejects.toThrow('killed')
      expect((await bench.get()).status).toBe('starting')
      await bench.store.verifications.releaseClaims(bench.now())
      await bench.step()
      expect((await bench.get()).status).toBe(status)
      bench.wait(5 * SECOND_MS)
    }
    expect(await bench.get()).toMatchObject({ reason: 'start_interrupted' })
    expect(bench.starts()).toBe(2)
  })

  it('whose link is not safe is parked, and made again only when the manager says so', async () => {
    bench.answers.start = done({ link: null })
    await bench.pass(HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'parked', reason: 'unsafe_link', session: null })
    expect(bench.starts()).toBe(1)
    bench.answers.start = done({ sessionId: 'session-2' })
    await bench.verifications.note('v1', { type: 'retried' })
    await bench.step()
    expect(await bench.get()).toMatchObject({ status: 'waiting', session: { sessionId: 'session-2' } })
  })
})

describe('a poll', () => {
  beforeEach(waiting)

  it.each(['approved', 'declined', 'cancelled', 'expired', 'error'])('that says %s settles it', async (status) => {
    bench.answers.poll = report(status, ['bank'])
    await bench.pass(2 * MINUTE_MS)
    expect(await bench.get()).toMatchObject({ status: 'settled', outcome: status })
    expect(bench.polls()).toBe(1)
    expect(await bench.store.verifications.nextDueAt()).toBeNull()
  })

  it('asks about its own session, again and again while that is pending', async () => {
    await bench.pass(10 * MINUTE_MS)
    expect(bench.polls()).toBeGreaterThan(5)
    expect(bench.asked.slice(1)).toEqual(Array(bench.polls()).fill({ poll: 'session-1' }))
    expect((await bench.get()).revision).toBe(3)
  })

  it.each([
    ...(['timeout', 'connection_lost', 'server_error', 'unreadable'] as const).map((why) => unknown(why)),
    ...(['unreachable', 'unauthorised', 'rate_limited', 'bad_request', 'invalid'] as const).map((why) => refused(why)),
  ])('that fails is made again, for as long as it takes: $because', async (answer) => {
    bench.answers.poll = answer
    await bench.pass(6 * HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'waiting', revision: 3 })
    bench.answers.poll = report('approved')
    await bench.pass(12 * MINUTE_MS)
    expect(await bench.get()).toMatchObject({ status: 'settled', outcome: 'approved' })
  })

  it('that finds no session parks it the fifth time in a row', async () => {
    bench.answers.poll = refused('not_found')
    while (bench.polls() < 4) await bench.pass(SECOND_MS)
    expect(await bench.get()).toMatchObject({ status: 'waiting', session: { misses: 4 } })
    bench.answers.poll = report('pending')
    while (bench.polls() < 5) await bench.pass(SECOND_MS)
    bench.answers.poll = refused('not_found')
    while (bench.polls() < 9) await bench.pass(SECOND_MS)
    expect((await bench.get()).status).toBe('waiting')
    await bench.pass(HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'parked', reason: 'session_missing' })
    expect(bench.polls()).toBe(10)
  })

  it('that is forbidden parks it at once', async () => {
    bench.answers.poll = refused('not_allowed')
    await bench.pass(HOUR_MS)
    expect(await bench.get()).toMatchObject({ status: 'parked', reason: 'session_denied' })
    expect(bench.polls()).toBe(1)
  })

  it('that says a word nobody knows is shown as it stands, and said once', async () => {
    bench.answers.poll = report('manual_review')
    await bench.pass(HOUR_MS - MINUTE_MS)
    expect(await bench.get()).toMatchObject({ status: 'waiting', session: { reported: 'manual_review' } })
    expect(bench.polls()).toBeGreaterThan(2)
    expect(bench.said('easyfreelance reports a status we do not know')).toMatchObject([{ status: 'manual_review' }])
  })

  it('takes in what a person did meanwhile', async () => {
    bench.answers.poll = async () => {
      await bench.verifications.note('v1', { type: 'unexpected' })
      return report('approved')
    }
    await bench.pass(2 * MINUTE_MS)
    expect(await bench.get()).toMatchObject({
      status: 'settled',
      outcome: 'approved',
      unexpectedAt: expect.any(Number),
    })
  })

  it('that failed does not undo what a person did meanwhile', async () => {
    let openedAt = Number.NaN
    bench.answers.poll = async () => {
      openedAt = bench.now()
      await bench.verifications.note('v1', { type: 'opened' })
      return unknown()
    }
    await bench.pass(76 * SECOND_MS)
    expect(bench.polls()).toBe(1)
    expect(await bench.get()).toMatchObject({ status: 'waiting', session: { openedAt } })
    // The look of somebody who has just opened it, and no back-off in its place.
    expect(await bench.store.verifications.nextDueAt()).toBe(openedAt + HOT_MS)
  })
})

describe('a step that never comes to an end', () => {
  it('is parked after five attempts, and does not stop the others', async () => {
    await bench.verifications.request({ ...REQUEST, viewId: 'V2', employeeId: 'W2', employeeNumber: 2 })
    await bench.store.verifications.postpone('v2', NOW + HOUR_MS)
    for (let attempt = 1; attempt <= 5; attempt += 1) await bench.killedInStep()
    await bench.pass(HOUR_MS)
    expect(await bench.get('v1')).toMatchObject({ status: 'parked', reason: 'poisoned' })
    expect(await bench.get('v2')).toMatchObject({ status: 'waiting' })
    expect(bench.said('verification set aside: its step never came to an end')).toHaveLength(1)
  })
})
