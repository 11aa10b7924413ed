import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Line, makeSlackPace } from '../../src/services/slack-pace.ts'

const MINUTE_MS = 60_000

function makeBench() {
  let time = 1_000_000
  return {
    pace: makeSlackPace({ now: () => time }),
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
  }
}

/** Messages that ask, wait for the turn they are given, and ask again, as the worker has them do. When each went. */
function goAll(bench: ReturnType<typeof makeBench>, ids: readonly string[], lines: (id: string) => Line[]) {
  const waiting = new Map(ids.map((id) => [id, bench.now()]))
  const went = new Map<string, number>()
  while (waiting.size > 0) {
    const [id, at] = [...waiting].reduce((one, other) => (other[1] < one[1] ? other : one))
    if (at > bench.now()) bench.pass(at - bench.now())
    const turnAt = bench.pace.turn(id, lines(id))
    if (turnAt > bench.now()) waiting.set(id, turnAt)
    else {
      went.set(id, bench.now())
      waiting.delete(id)
    }
  }
  return went
}

const mostWithin = (times: readonly number[], ms: number) =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + ms).length))

const names = (count: number) => Array.from({ length: count }, (_, index) => `message-${index}`)

describe('a turn', () => {
  it('is at once while there is room', () => {
    const bench = makeBench()
    for (const id of names(50)) expect(bench.pace.turn(id, ['chat.update'])).toBe(bench.now())
    expect(bench.pace.turn('one more', ['chat.update'])).toBe(bench.now() + MINUTE_MS)
  })

  it('comes fifty times in any minute at most, and in the order of asking', () => {
    const bench = makeBench()
    const went = goAll(bench, names(400), () => ['chat.update'])
    expect([...went.keys()]).toEqual(names(400))
    expect(mostWithin([...went.values()], MINUTE_MS)).toBe(50)
    // No room is left unused either.
    expect(Math.max(...went.values()) - 1_000_000).toBe(7 * MINUTE_MS)
  })

  it('comes once a second in one conversation, and a busy one does not hold up another', () => {
    const bench = makeBench()
    const toOf = (id: string): Line => (id === 'message-99' ? 'to:U0QUIET' : 'to:U0BUSY')
    const went = goAll(bench, names(100), (id) => ['chat.postMessage', toOf(id)])
    expect(went.get('message-99')).toBe(1_000_000)
    expect(mostWithin([...went.values()], 5000)).toBeLessThanOrEqual(6)
  })

  it('is kept however often the message asks', () => {
    const bench = makeBench()
    for (const id of names(50)) bench.pace.turn(id, ['chat.update'])
    const at = bench.pace.turn('a', ['chat.update'])
    for (let i = 0; i < 20; i += 1) expect(bench.pace.turn('a', ['chat.update'])).toBe(at)
    expect(bench.pace.turn('b', ['chat.update'])).toBe(at)
  })

  it('is used up by who comes for it, and another one is needed for the next call', () => {
    const bench = makeBench()
    for (const id of names(100)) bench.pace.turn(id, ['chat.update'])
    bench.pass(MINUTE_MS)
    expect(bench.pace.turn('message-50', ['chat.update'])).toBe(bench.now())
    expect(bench.pace.turn('message-50', ['chat.update'])).toBeGreaterThan(bench.now())
  })

  it('is missed by who comes much too late: a process that stood still does not call for everybody at once', () => {
    const bench = makeBench()
    for (const id of names(400)) bench.pace.turn(id, ['chat.update'])
    bench.pass(60 * MINUTE_MS)
    const went = goAll(bench, names(400).slice(50), () => ['chat.update'])
    expect(mostWithin([...went.values()], MINUTE_MS)).toBe(50)
  })

  it('waits for the silence that Slack asked for, and for no other method', () => {
    const bench = makeBench()
    bench.pace.silence('chat.update', bench.now() + 30_000)
    expect(bench.pace.turn('a', ['chat.update'])).toBe(bench.now() + 30_000)
    expect(bench.pace.turn('b', ['conversations.open'])).toBe(bench.now())
  })

  it('never goes beyond a limit, whatever is asked for and whenever', () => {
    const asking = fc.array(fc.record({ id: fc.nat(300), wait: fc.nat(3000) }), { maxLength: 600 })
    fc.assert(
      fc.property(asking, (asked) => {
        const bench = makeBench()
        const went: number[] = []
        for (const { id, wait } of asked) {
          bench.pass(wait)
          if (bench.pace.turn(String(id), ['chat.update']) <= bench.now()) went.push(bench.now())
        }
        // Who comes a little late may meet the next turn: never more than five seconds' worth.
        expect(went.length === 0 ? 0 : mostWithin(went, MINUTE_MS - 5000)).toBeLessThanOrEqual(50)
      }),
    )
  })

  it('remembers no more than it needs', () => {
    const bench = makeBench()
    const before = process.memoryUsage().heapUsed
    for (let i = 0; i < 200_000; i += 1) {
      bench.pace.turn(`message-${i}`, ['chat.postMessage', `to:U${i}`])
      bench.pass(1000)
    }
    expect((process.memoryUsage().heapUsed - before) / 1024 / 1024).toBeLessThan(20)
  })
})
