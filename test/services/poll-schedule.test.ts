import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backOffMs, type Circumstances, scheduleOf, spread } from '../../src/services/poll-schedule.ts'
import type { Session } from '../../src/services/verification.ts'
import { ANY, anyVerification } from '../helpers/any-verification.ts'
import { buildRequested, buildSession, buildStarting, buildWaiting, NOW } from '../views/build-verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LONGEST_MS = 10 * MINUTE_MS * 1.2

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const time = fc.integer({ min: 1, max: 4e12 })
const troubles = fc.nat(40)

/** The distance to the next look, without jitter. */
function distance(session: Partial<Session>, circumstances: Partial<Circumstances> = {}): number {
  const waiting = buildWaiting({ session: buildSession({ startedAt: NOW, expiresAt: NOW + 24 * HOUR_MS, ...session }) })
  const { nextAt } = scheduleOf(waiting, { now: NOW, chance: 0.5, ...circumstances })
  return (nextAt ?? Number.NaN) - (circumstances.now ?? NOW)
}

describe('whatever the verification and the time', () => {
  it('the next look is never in the past, and the row is late no sooner than it is due', () => {
    fc.assert(
      fc.property(
        anyVerification,
        time,
        chance,
        troubles,
        fc.option(time),
        (verification, now, luck, trouble, until) => {
          const circumstances = {
            now,
            chance: luck,
            troubles: trouble,
            ...(until === null ? {} : { notBefore: until }),
          }
          const { nextAt, lateAt } = scheduleOf(verification, circumstances)
          if (nextAt === null || lateAt === null) {
            expect([nextAt, lateAt]).toEqual([null, null])
            return
          }
          expect(nextAt).toBeGreaterThanOrEqual(now)
          expect(lateAt).toBeGreaterThanOrEqual(nextAt)
          expect(Number.isInteger(nextAt)).toBe(true)
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('a waiting one is looked at within ten minutes and jitter', () => {
    fc.assert(
      fc.property(ANY.waiting, time, chance, troubles, (waiting, now, luck, trouble) => {
        const { nextAt } = scheduleOf(waiting, { now, chance: luck, troubles: trouble })
        expect((nextAt ?? Number.POSITIVE_INFINITY) - now).toBeLessThanOrEqual(LONGEST_MS)
      }),
      { numRuns: 2000 },
    )
  })

  it('no look falls beyond the deadline without one right after it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 24 * HOUR_MS }), fc.nat(24 * HOUR_MS), chance, (lifetime, age, luck) => {
        const expiresAt = NOW + lifetime
        const now = NOW + Math.min(age, lifetime)
        const waiting = buildWaiting({ session: buildSession({ startedAt: NOW, expiresAt }) })
        const { nextAt } = scheduleOf(waiting, { now, chance: luck })
        expect(nextAt).toBeLessThanOrEqual(Math.max(expiresAt + 2 * SECOND_MS, now))
      }),
      { numRuns: 2000 },
    )
  })

  it('what is over, or parked, rests', () => {
    fc.assert(
      fc.property(fc.oneof(ANY.settled, ANY.failed, ANY.parked), time, troubles, (verification, now, trouble) => {
        const rest = { nextAt: null, lateAt: null, troubles: 0 }
        expect(scheduleOf(verification, { now, chance: 0.5, troubles: trouble, notBefore: now + 1 })).toEqual(rest)
      }),
    )
  })

  it('the other side’s wish for silence is kept, also when the deadline comes first', () => {
    fc.assert(
      fc.property(
        fc.oneof(ANY.waiting, ANY.requested),
        time,
        chance,
        fc.nat(HOUR_MS),
        (verification, now, luck, ms) => {
          const { nextAt } = scheduleOf(verification, { now, chance: luck, troubles: 1, notBefore: now + ms })
          expect(nextAt).toBeGreaterThanOrEqual(now + ms)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('a session', () => {
  it('is looked at every few seconds once its link was opened, cooling with time', () => {
    const openedAt = NOW
    const lookAfter = (age: number) => distance({ openedAt }, { now: NOW + age })
    expect([0, 1, 15, 40].map((minutes) => lookAfter(minutes * MINUTE_MS))).toEqual([2829, 2829, 14_142, 37_713])
    expect(lookAfter(12 * HOUR_MS)).toBe(10 * MINUTE_MS)
  })

  it('is hot again when the employee comes back', () => {
    const now = NOW + 2 * HOUR_MS
    expect(distance({ openedAt: NOW }, { now })).toBeGreaterThan(MINUTE_MS)
    expect(distance({ openedAt: NOW, returnedAt: now }, { now })).toBe(SECOND_MS)
    const later = now + 10 * MINUTE_MS
    expect(distance({ openedAt: NOW, returnedAt: now }, { now: later })).toBe(18_974)
    expect(distance({ openedAt: later, returnedAt: now }, { now: later })).toBe(2829)
  })

  it('is looked at the very moment when somebody comes back, and a second later if it is pending still', () => {
    const waiting = buildWaiting({ session: buildSession({ returnedAt: NOW }) })
    const nextAt = (isSign: boolean) => scheduleOf(waiting, { now: NOW, chance: 0.5, isSign }).nextAt
    expect([nextAt(true), nextAt(false)]).toEqual([NOW, NOW + SECOND_MS])
  })

  it('at Veriff is looked at for a minute after somebody came back as if the decision were seconds away', () => {
    const session = buildSession({ startedAt: NOW, openedAt: NOW, returnedAt: NOW })
    const waiting = buildWaiting({ session, provider: 'veriff', idType: 'local' })
    const after = (age: number) => (scheduleOf(waiting, { now: NOW + age, chance: 0.5 }).nextAt ?? 0) - NOW - age
    expect([1, 59, 120].map((seconds) => after(seconds * SECOND_MS))).toEqual([SECOND_MS, SECOND_MS, 1414])
  })

  it('is looked at ever more slowly while nobody opens it', () => {
    const lookAfter = (age: number) => distance({}, { now: NOW + age })
    expect([0, 20, 180, 600].map((minutes) => lookAfter(minutes * MINUTE_MS))).toEqual([
      75_895, 75_895, 170_763, 569_210,
    ])
    expect(lookAfter(20 * HOUR_MS)).toBe(10 * MINUTE_MS)
    expect(lookAfter(24 * HOUR_MS - MINUTE_MS)).toBe(MINUTE_MS + 2 * SECOND_MS)
  })

  it('is looked at right after its deadline, then with growing distance', () => {
    const expiresAt = NOW + HOUR_MS
    const at = (now: number) => distance({ expiresAt }, { now })
    expect(at(expiresAt - SECOND_MS)).toBe(3 * SECOND_MS)
    expect(at(expiresAt + 2 * SECOND_MS)).toBe(SECOND_MS)
    expect(at(expiresAt + 10 * MINUTE_MS)).toBe(MINUTE_MS)
    expect(at(expiresAt + 24 * HOUR_MS)).toBe(10 * MINUTE_MS)
  })

  it('that uses a word nobody knows is looked at slowly, though opened', () => {
    expect(distance({ reported: 'paused', openedAt: NOW })).toBe(10 * MINUTE_MS)
  })

  it('has the patience of one that is overdue when its deadline hurried it', () => {
    const session = buildSession({ startedAt: NOW - 10 * HOUR_MS, expiresAt: NOW + MINUTE_MS })
    const { nextAt, lateAt } = scheduleOf(buildWaiting({ session }), { now: NOW, chance: 0.5 })
    expect(nextAt).toBe(NOW + MINUTE_MS + 2 * SECOND_MS)
    expect(lateAt).toBe((nextAt ?? 0) + 2 * SECOND_MS)
  })
})

describe('a start', () => {
  it('is due at once, as is one that a killed process left behind', () => {
    for (const verification of [buildRequested(), buildStarting()]) {
      expect(scheduleOf(verification, { now: NOW, chance: 0.9 })).toEqual({ nextAt: NOW, lateAt: NOW, troubles: 0 })
    }
  })

  it('that was unclear comes again after five seconds', () => {
    const unclear = buildRequested({ unclearStarts: 1, hold: 'timeout' })
    expect(scheduleOf(unclear, { now: NOW, chance: 0.5 }).nextAt).toBe(NOW + 5 * SECOND_MS)
  })

  it('that was held backs off', () => {
    const held = buildRequested({ hold: 'unreachable' })
    const lookAfter = (trouble: number) =>
      (scheduleOf(held, { now: NOW, chance: 0.5, troubles: trouble }).nextAt ?? 0) - NOW
    expect([lookAfter(1), lookAfter(2), lookAfter(3), lookAfter(30)]).toEqual([2000, 4000, 8000, 240_000])
  })
})

describe('backing off', () => {
  it('doubles from two seconds to four minutes, and stays there', () => {
    expect([1, 2, 3, 7, 8, 1000].map(backOffMs)).toEqual([2000, 4000, 8000, 128_000, 240_000, 240_000])
  })

  it('spreads by a fifth either way', () => {
    expect([spread(1000, 0), spread(1000, 0.5), spread(1000, 1)]).toEqual([800, 1000, 1200])
  })
})
