import fc from 'fast-check'
import { expect, it } from 'vitest'
import { atMostOnceAMinute } from '../../src/services/at-most-once-a-minute.ts'

function bench() {
  let time = 1_790_000_000_000
  const said: [string, number, number][] = []
  const warnings = atMostOnceAMinute<'forged' | 'stale'>({
    now: () => time,
    say: (kind, count) => said.push([kind, count, time]),
  })
  return {
    ...warnings,
    said,
    pass: (ms: number) => (time += ms),
    counts: () => said.map(([kind, count]) => [kind, count]),
  }
}

it('the first is said at once, and the next minute counts the rest', () => {
  const { happened, pass, counts } = bench()
  for (let nth = 0; nth < 1000; nth += 1) happened('forged')
  expect(counts()).toEqual([['forged', 1]])
  pass(59_999)
  happened('forged')
  expect(counts()).toHaveLength(1)
  pass(1)
  happened('forged')
  expect(counts()).toEqual([
    ['forged', 1],
    ['forged', 1001],
  ])
})

it('each kind has a minute of its own, and the end says what is left', () => {
  const { happened, end, counts } = bench()
  for (const kind of ['forged', 'stale', 'stale', 'forged', 'forged'] as const) happened(kind)
  expect(counts()).toEqual([
    ['forged', 1],
    ['stale', 1],
  ])
  end()
  end()
  expect(counts().slice(2)).toEqual([
    ['forged', 2],
    ['stale', 1],
  ])
})

it('a clock that was set back does not silence it', () => {
  const { happened, pass, counts } = bench()
  happened('forged')
  pass(-3_600_000)
  happened('forged')
  expect(counts()).toHaveLength(2)
})

it('whatever happens when, all of it is counted once and no kind is said twice within a minute', () => {
  const event = fc.record({ kind: fc.constantFrom('forged' as const, 'stale' as const), afterMs: fc.nat(40_000) })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const { happened, end, said, pass } = bench()
      for (const { kind, afterMs } of events) {
        pass(afterMs)
        happened(kind)
      }
      const whileItWent = said.length
      end()
      for (const kind of ['forged', 'stale']) {
        const times = said.slice(0, whileItWent).filter(([each]) => each === kind)
        for (const [nth, [, , at]] of times.entries()) {
          const before = times[nth - 1]
          if (before !== undefined) expect(at - before[2]).toBeGreaterThanOrEqual(60_000)
        }
        const counted = said.filter(([each]) => each === kind).reduce((sum, [, count]) => sum + count, 0)
        expect(counted).toBe(events.filter((each) => each.kind === kind).length)
      }
    }),
  )
})
