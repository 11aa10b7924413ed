import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeRequestBudget } from '../../src/services/request-budget.ts'

const MINUTE_MS = 60_000

function budgetOf(perMinute: number, start = 0) {
  let time = start
  const budget = makeRequestBudget({ perMinute, now: () => time })
  return {
    ...budget,
    now: () => time,
    set: (at: number) => {
      time = at
    },
    /** Takes whatever there is, for so long, whenever there is something. */
    spendFor(ms: number): number[] {
      const taken: number[] = []
      const end = time + ms
      while (time < end) {
        const free = budget.available()
        for (let call = 0; call < free; call += 1) taken.push(time)
        budget.take(free)
        time = Math.max(time + 1, Math.min(end, budget.nextAt()))
      }
      return taken
    },
  }
}

/** The most calls in any window of a minute. */
function mostInAMinute(taken: readonly number[]): number {
  let most = 0
  for (let from = 0, to = 0; to < taken.length; to += 1) {
    while ((taken[to] ?? 0) - (taken[from] ?? 0) >= MINUTE_MS) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

const perMinute = fc.integer({ min: 1, max: 600 })

it('goes by any elapsed time, also one that begins below zero', () => {
  const bench = budgetOf(30, -27 * 60 * MINUTE_MS)
  expect(bench.spendFor(MINUTE_MS).length).toBeGreaterThan(20)
})

describe('in any sixty seconds', () => {
  it('no more calls are given than a minute has, however they are timed', () => {
    const looks = fc.array(fc.tuple(fc.nat(20_000), fc.nat(600)), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(perMinute, looks, (limit, visits) => {
        const bench = budgetOf(limit)
        const taken: number[] = []
        for (const [later, wanted] of visits) {
          bench.set(bench.now() + later)
          const calls = Math.min(wanted, bench.available())
          bench.take(calls)
          for (let call = 0; call < calls; call += 1) taken.push(bench.now())
        }
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 1000 },
    )
  })

  it('neither to the greediest, who still gets most of it', () => {
    fc.assert(
      fc.property(perMinute, (limit) => {
        const taken = budgetOf(limit).spendFor(5 * MINUTE_MS)
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(limit)
        expect(taken.length).toBeGreaterThanOrEqual(Math.floor(limit * 5 * 0.8))
      }),
      { numRuns: 50 },
    )
  })

  it('no more than EasyFreelance allows, whatever it says in between', () => {
    fc.assert(
      fc.property(perMinute, fc.array(fc.integer({ min: 1, max: 600 }), { maxLength: 20 }), (limit, hints) => {
        const bench = budgetOf(limit)
        const taken: number[] = []
        for (const hint of hints) {
          bench.limited({ limit: hint, remaining: 9 })
          taken.push(...bench.spendFor(7_000))
        }
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(limit + 1)
      }),
      { numRuns: 300 },
    )
  })
})

describe('with somebody who waits', () => {
  it('the worker and those who wait together get no more than a minute has', () => {
    const visits = fc.array(fc.tuple(fc.nat(20_000), fc.boolean()), { minLength: 1, maxLength: 200 })
    fc.assert(
      fc.property(perMinute, visits, (limit, looks) => {
        const bench = budgetOf(limit)
        const taken: number[] = []
        for (const [later, isPerson] of looks) {
          bench.set(bench.now() + later)
          const calls = isPerson ? Math.min(1, bench.available()) : bench.available(1)
          if (calls > 0) bench.take(calls)
          for (let call = 0; call < calls; call += 1) taken.push(bench.now())
        }
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(limit)
      }),
      { numRuns: 1000 },
    )
  })

  it('not even when they ask while the worker claims, and fewer begin than it held', () => {
    const visit = fc.record({
      later: fc.nat(20_000),
      claimMs: fc.nat(3000),
      people: fc.nat(3),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(perMinute, fc.array(visit, { minLength: 1, maxLength: 200 }), (limit, visits) => {
        const bench = budgetOf(limit)
        const taken: number[] = []
        const begin = (calls: number) => void taken.push(...Array.from({ length: calls }, bench.now))
        for (const { later, claimMs, people, share } of visits) {
          bench.set(bench.now() + later)
          const free = bench.available(1)
          const settle = bench.hold(free)
          bench.set(bench.now() + claimMs)
          const asked = Math.min(people, bench.available())
          bench.take(asked)
          begin(asked)
          const begun = Math.floor(free * share)
          settle(begun)
          begin(begun)
        }
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(limit)
        expect(bench.lastMinute().spent).toBe(taken.filter((at) => bench.now() - at < MINUTE_MS).length)
      }),
      { numRuns: 500 },
    )
  })

  it('what was held and not begun is free again, but never more than EasyFreelance says is left', () => {
    const bench = budgetOf(60)
    bench.set(MINUTE_MS)
    bench.hold(5)(2)
    expect(bench.available()).toBe(4)
    const settle = bench.hold(4)
    expect(bench.available()).toBe(0)
    bench.limited({ remaining: 3 })
    settle(0)
    expect(bench.available()).toBe(3)
  })

  it('what is held takes its room, so that no more than the burst is there once it is free', () => {
    const bench = budgetOf(60)
    bench.set(MINUTE_MS)
    const settle = bench.hold(5)
    bench.set(3 * MINUTE_MS)
    expect(bench.available()).toBe(1)
    settle(0)
    expect(bench.available()).toBe(6)
  })

  it('one call is left for them, where the budget holds more than one', () => {
    for (const [limit, left] of [
      [30, 1],
      [11, 1],
      [10, 0],
      [1, 0],
    ] as const) {
      const bench = budgetOf(limit)
      bench.set(10 * MINUTE_MS)
      bench.take(bench.available(1))
      expect([limit, bench.available()]).toEqual([limit, left])
    }
  })

  it('the worker has a call when it is told so', () => {
    fc.assert(
      fc.property(perMinute, fc.nat(40), (limit, calls) => {
        const bench = budgetOf(limit)
        bench.take(calls)
        bench.set(bench.nextAt(1))
        expect(bench.available(1)).toBeGreaterThanOrEqual(1)
      }),
    )
  })
})

describe('a refusal', () => {
  it('lowers the pace at once, whatever came before, and each answer brings back a little', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 600 }), fc.integer({ min: 1, max: 100 }), (limit, answers) => {
        const bench = budgetOf(limit)
        const full = bench.spendFor(10 * MINUTE_MS).length
        bench.limited({ retryAfterMs: 1000 })
        bench.set(bench.now() + 1000)
        const slow = bench.spendFor(10 * MINUTE_MS).length
        for (let answered = 0; answered < answers; answered += 1) bench.eased()
        const later = bench.spendFor(10 * MINUTE_MS).length
        expect(slow).toBeLessThan(full * 0.6)
        expect(later).toBeGreaterThanOrEqual(slow - 1)
        expect(later).toBeLessThanOrEqual(Math.min(full, slow * 1.02 ** answers) + limit / 5 + 2)
      }),
      { numRuns: 50 },
    )
  })

  it('of several calls under way together counts once', () => {
    const paceAfter = (refusals: number) => {
      const bench = budgetOf(60)
      bench.set(MINUTE_MS)
      for (let nth = 0; nth < refusals; nth += 1) bench.limited({ retryAfterMs: 5000 })
      bench.set(bench.now() + 5000)
      return bench.spendFor(10 * MINUTE_MS).length
    }
    expect(paceAfter(6)).toBe(paceAfter(1))
  })

  it('is not waited for: a smaller limit than ours is kept from when it is heard of, and a larger one changes nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 600 }), fc.integer({ min: 1, max: 1200 }), (ours, theirs) => {
        const bench = budgetOf(ours)
        bench.limited({ limit: theirs })
        const taken = bench.spendFor(5 * MINUTE_MS)
        expect(mostInAMinute(taken)).toBeLessThanOrEqual(Math.min(ours, theirs))
        expect(taken.length).toBeGreaterThanOrEqual(Math.floor(Math.min(ours, theirs) * 5 * 0.8))
      }),
      { numRuns: 50 },
    )
  })

  it('is not waited for: no more is spent than EasyFreelance says is left', () => {
    const bench = budgetOf(60)
    bench.set(MINUTE_MS)
    bench.limited({ limit: 60, remaining: 2 })
    expect(bench.available()).toBe(2)
  })
})

describe('a budget', () => {
  it('starts empty, so that restarting earns nothing', () => {
    const bench = budgetOf(30)
    expect(bench.available()).toBe(0)
    expect(bench.nextAt()).toBeGreaterThan(bench.now())
  })

  it('has a call when it says it has', () => {
    fc.assert(
      fc.property(perMinute, fc.nat(40), (limit, calls) => {
        const bench = budgetOf(limit)
        bench.take(calls)
        bench.set(bench.nextAt())
        expect(bench.available()).toBeGreaterThanOrEqual(1)
      }),
    )
  })

  it('keeps the silence it is asked for, and half the pace after it', () => {
    const bench = budgetOf(60)
    bench.set(MINUTE_MS)
    expect(bench.available()).toBe(6)
    bench.limited({ remaining: 0, retryAfterMs: 20_000 })
    expect(bench.available()).toBe(0)
    expect(bench.nextAt()).toBe(MINUTE_MS + 20_000)
    bench.set(MINUTE_MS + 20_000)
    bench.take(bench.available())
    expect(bench.nextAt() - bench.now()).toBe(Math.ceil(MINUTE_MS / ((60 - 6) / 2)))
  })

  it('is silent for a while when it only hears that nothing is left', () => {
    const bench = budgetOf(60)
    bench.set(MINUTE_MS)
    bench.limited({ remaining: 0 })
    bench.set(MINUTE_MS + 29_999)
    expect(bench.available()).toBe(0)
    bench.set(MINUTE_MS + 30_000)
    expect(bench.available()).toBeGreaterThan(0)
  })

  it('comes back to its full pace, call by call', () => {
    const bench = budgetOf(60)
    for (let time = 0; time < 10; time += 1) bench.limited({ retryAfterMs: 0 })
    const slow = bench.spendFor(10 * MINUTE_MS).length
    for (let answered = 0; answered < 200; answered += 1) bench.eased()
    const fast = bench.spendFor(10 * MINUTE_MS).length
    expect(slow).toBeLessThanOrEqual(10 * (60 / 8) + 12)
    expect(slow).toBeGreaterThan(0)
    expect(fast).toBeGreaterThan(10 * 45)
  })

  it('never goes faster than it was told to, whatever limit it hears', () => {
    const bench = budgetOf(30)
    bench.limited({ limit: 600 })
    expect(mostInAMinute(bench.spendFor(3 * MINUTE_MS))).toBeLessThanOrEqual(30)
  })

  it('goes on when the clock is set back', () => {
    const bench = budgetOf(30, 10 * 60 * MINUTE_MS)
    bench.set(bench.now() + MINUTE_MS)
    bench.take(bench.available())
    bench.set(0)
    expect(bench.nextAt()).toBeLessThan(3000)
    bench.set(3000)
    expect(bench.available()).toBe(1)
  })

  it('is not silent for longer than it was asked to when the clock is set back', () => {
    const bench = budgetOf(30, 10 * 60 * MINUTE_MS)
    bench.limited({ retryAfterMs: 20_000 })
    bench.set(0)
    bench.available()
    bench.set(21_000)
    expect(bench.available()).toBeGreaterThan(0)
  })
})
