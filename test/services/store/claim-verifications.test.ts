import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Candidate, LONGEST_WAITING_EVERY, makeChoice } from '../../../src/services/store/claim-verifications.ts'
import { PACES, paceOf, patienceOf } from '../../../src/services/store/schedule.ts'

const POLLS = PACES.filter((pace) => pace > 0)
const polls = (size: number) =>
  fc
    .array(fc.record({ pace: fc.constantFrom(...POLLS), nextAt: fc.nat(1_000_000) }), { minLength: 1, maxLength: size })
    .map((rows) => rows.map((row, nth): Candidate => ({ ...row, nth })))

describe('among what is due', () => {
  it('no row is chosen twice, and as many as there are calls for', () => {
    fc.assert(
      fc.property(polls(100), fc.integer({ min: 1, max: 40 }), (due, limit) => {
        const chosen = makeChoice()(due, limit, 1_000_000)
        expect(new Set(chosen).size).toBe(chosen.length)
        expect(chosen).toHaveLength(Math.min(limit, due.length))
      }),
    )
  })

  it('a start goes before any poll', () => {
    fc.assert(
      fc.property(polls(50), fc.integer({ min: 1, max: 40 }), (due, limit) => {
        const start: Candidate = { nth: -1, pace: 0, nextAt: 1_000_000 }
        expect(makeChoice()([...due, start], limit, 1_000_000)[0]).toEqual(start)
      }),
    )
  })

  it('hot goes before warm, and warm before cold, when they have waited equally long', () => {
    const [hot = 0, warm = 0, cold = 0] = [4000, 80_000, 600_000].map(paceOf)
    const due = [cold, warm, hot].map((pace, nth) => ({ nth, pace, nextAt: 0 }))
    const choice = makeChoice()(due, 3, 1000)
    expect(choice.map(({ pace }) => pace)).toEqual([hot, warm, cold])
  })

  it('a row’s turn comes after at most four polls for each that waits, whatever the others do', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.constantFrom(...POLLS), fc.nat(3), (others, pace, before) => {
        const choose = makeChoice()
        let now = 1_000_000
        // The others are due again the moment they were looked at, and have next to no patience.
        const hot = Array.from({ length: others }, (_, nth): Candidate => ({ nth, pace: 1, nextAt: now - 60_000 }))
        let due: Candidate[] = [...hot, { nth: others, pace, nextAt: now }]
        choose(hot, before, now)
        for (let spent = 1; ; spent += 1) {
          now += 2000
          const [chosen] = choose(due, 1, now)
          if (chosen?.nth === others) return
          expect(spent).toBeLessThan(LONGEST_WAITING_EVERY * (others + 1))
          due = due.map((each) => (each.nth === chosen?.nth ? { ...each, nextAt: now } : each))
        }
      }),
    )
  })
})

it('a pace has the patience it stands for, to within a factor of √2', () => {
  fc.assert(
    fc.property(fc.integer({ min: 63, max: 4_000_000 }), (patience) => {
      const ratio = patienceOf(paceOf(patience)) / patience
      expect(ratio).toBeGreaterThanOrEqual(Math.SQRT1_2 - 1e-9)
      expect(ratio).toBeLessThanOrEqual(Math.SQRT2 + 1e-9)
    }),
  )
})
