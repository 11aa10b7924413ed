import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Line, makeSlackPace } from '../../src/services/slack-pace.ts'

const MINUTE_MS = 60_000
/** How much longer than another a call may be on its way, and what that makes of a minute of fifty calls. */
const WAY_MS = 1000
const SPACING_MS = (MINUTE_MS + WAY_MS) / 50

function makeBench() {
  let time = 1_000_000
  const pace = makeSlackPace({ now: () => time })
  return {
    pace,
    /** The moment of its turn; now: it has gone. */
    turn: (id: string, lines: readonly Line[]) => time + pace.turn(id, lines),
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
    const turnAt = bench.turn(id, lines(id))
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
    for (const id of names(50)) expect(bench.turn(id, ['chat.update'])).toBe(bench.now())
    expect(bench.turn('one more', ['chat.update'])).toBe(bench.now() + MINUTE_MS + WAY_MS)
  })

  it('comes fifty times in any minute at most, and in the order of asking', () => {
    const bench = makeBench()
    const went = goAll(bench, names(400), () => ['chat.update'])
    expect([...went.keys()]).toEqual(names(400))
    expect(mostWithin([...went.values()], MINUTE_MS)).toBe(50)
    // No room is left unused either.
    expect(Math.max(...went.values()) - 1_000_000).toBeLessThanOrEqual(8 * (MINUTE_MS + WAY_MS))
  })

  it('comes once a second in one conversation, and a busy one holds up nobody in the lines behind it', () => {
    const bench = makeBench()
    const isBusy = (id: string) => Number(id.split('-')[1]) < 500
    const went = goAll(bench, names(700), (id) => ['chat.postMessage', isBusy(id) ? 'to:U0BUSY' : `to:${id}`])
    const busy = [...went].filter(([id]) => isBusy(id)).map(([, at]) => at)
    const others = [...went].filter(([id]) => !isBusy(id)).map(([, at]) => at)
    expect(mostWithin(busy, 5000)).toBe(5)
    // Seven hundred at two hundred a minute; the five hundredth to the busy one only after as many seconds.
    expect(Math.max(...others) - 1_000_000).toBeLessThanOrEqual(4 * MINUTE_MS)
    expect(Math.max(...busy) - 1_000_000).toBeLessThanOrEqual(510_000)
  })

  it('is left for an invitation, however many notices wait to open conversations', () => {
    const bench = makeBench()
    for (const id of names(400)) bench.turn(id, ['notices', 'conversations.open'])
    bench.pass(5 * MINUTE_MS)
    for (const id of names(10)) expect(bench.turn(`invitation ${id}`, ['conversations.open'])).toBe(bench.now())
  })

  it('is kept however often the message asks', () => {
    const bench = makeBench()
    for (const id of names(50)) bench.turn(id, ['chat.update'])
    const at = bench.turn('a', ['chat.update'])
    for (let i = 0; i < 20; i += 1) expect(bench.turn('a', ['chat.update'])).toBe(at)
    expect(bench.turn('b', ['chat.update'])).toBe(at + SPACING_MS)
  })

  it('is counted where it arrives: however long each call is on its way, no minute there holds more than the limit', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(WAY_MS - 1), { minLength: 1, maxLength: 50 }), (ways) => {
        for (const [line, calls] of [
          ['chat.update', 50],
          ['to:C0ONE', 60],
        ] as const) {
          const went = goAll(makeBench(), names(150), () => [line])
          const arrived = [...went.values()].map((at, index) => at + (ways[index % ways.length] ?? 0))
          expect(mostWithin(arrived, MINUTE_MS)).toBeLessThanOrEqual(calls)
        }
      }),
      { numRuns: 20 },
    )
  })

  it('is used up by who comes for it, and another one is needed for the next call', () => {
    const bench = makeBench()
    for (const id of names(100)) bench.turn(id, ['chat.update'])
    bench.pass(MINUTE_MS + WAY_MS)
    expect(bench.turn('message-50', ['chat.update'])).toBe(bench.now())
    expect(bench.turn('message-50', ['chat.update'])).toBeGreaterThan(bench.now())
  })

  it('stays in its place when the process stood still: nobody calls too soon, and nobody goes to the end of the line', () => {
    const bench = makeBench()
    for (const id of names(400)) bench.turn(id, ['chat.update'])
    bench.pass(5 * MINUTE_MS)
    const latecomers = [...names(400).slice(50), 'new']
    const went = goAll(bench, latecomers, () => ['chat.update'])
    expect(mostWithin([...went.values()], MINUTE_MS)).toBe(50)
    expect([...went.keys()]).toEqual(latecomers)
  })

  it('waits for the silence that Slack asked for, and for no other method', () => {
    const bench = makeBench()
    bench.pace.silence('chat.update', 30_000)
    expect(bench.turn('a', ['chat.update'])).toBe(bench.now() + 30_000)
    expect(bench.turn('b', ['conversations.open'])).toBe(bench.now())
  })

  it('comes first after the silence for the one that Slack refused, before all who waited behind it', () => {
    const bench = makeBench()
    for (const id of names(400)) bench.turn(id, ['chat.update'])
    bench.pace.silence('chat.update', 30_000)
    bench.pace.comeBack('message-0', 'chat.update', 30_000)
    const waiting = ['message-0', ...names(400).slice(50)]
    bench.pass(30_000)
    const went = goAll(bench, waiting, () => ['chat.update'])
    expect([...went.keys()]).toEqual(waiting)
  })

  it('is as much later as Slack asked for silence, in the same order, with no burst after it', () => {
    const bench = makeBench()
    for (const id of names(150)) bench.turn(id, ['chat.update'])
    bench.pace.silence('chat.update', 5 * MINUTE_MS)
    const waiting = names(150).slice(50)
    const went = goAll(bench, waiting, () => ['chat.update'])
    expect([...went.keys()]).toEqual(waiting)
    expect(Math.min(...went.values())).toBe(1_000_000 + 5 * MINUTE_MS)
    expect(mostWithin([...went.values()], 6000)).toBeLessThanOrEqual(5)
  })

  it('never goes beyond a limit, whatever is asked for and whenever', () => {
    const asking = fc.array(fc.record({ id: fc.nat(300), wait: fc.nat(3000), silentMs: fc.nat(200) }), {
      maxLength: 600,
    })
    fc.assert(
      fc.property(asking, (asked) => {
        const bench = makeBench()
        const went: number[] = []
        for (const { id, wait, silentMs } of asked) {
          bench.pass(wait)
          if (silentMs > 195) bench.pace.silence('chat.update', silentMs * 100)
          if (bench.turn(String(id), ['chat.update']) <= bench.now()) went.push(bench.now())
        }
        expect(went.length === 0 ? 0 : mostWithin(went, MINUTE_MS)).toBeLessThanOrEqual(50)
      }),
    )
  })

  it('is later by no more than the process stood still, wherever it does', () => {
    const standing = fc.array(fc.nat(4 * MINUTE_MS), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(standing, (stops) => {
        const bench = makeBench()
        let asked = 0
        let stoodMs = 0
        const went = goAll(bench, names(200), () => {
          asked += 1
          const stop = asked % 20 === 0 ? (stops[asked % stops.length] ?? 0) : 0
          stoodMs += stop
          bench.pass(stop)
          return ['conversations.open', 'chat.postMessage']
        })
        expect(mostWithin([...went.values()], MINUTE_MS)).toBeLessThanOrEqual(50)
        for (const [index, id] of names(200).entries()) {
          expect(went.get(id)).toBeLessThanOrEqual(1_000_000 + MINUTE_MS + WAY_MS + index * SPACING_MS + stoodMs)
        }
      }),
      // Those who came after the first stop stood as far behind the others as it was long.
      { examples: [[[0, 0, 0, 0, 0, 73_200, 71_980, 0, 230_000]]] },
    )
  })

  it('is not put off by the others, for one whose call was in vain, when they move because the process stood still', () => {
    const bench = makeBench()
    for (const id of names(60)) bench.turn(id, ['chat.update'])
    bench.pass(60 * MINUTE_MS)
    bench.pace.comeBack('in vain', 'chat.update', MINUTE_MS)
    const due = bench.now() + MINUTE_MS
    goAll(bench, names(110).slice(60), () => ['chat.update'])
    expect(bench.turn('one more', ['chat.update'])).toBeGreaterThan(bench.now())
    bench.pass(due - bench.now())
    expect(bench.turn('in vain', ['chat.update']) - due).toBeLessThanOrEqual(2 * SPACING_MS)
  })

  it('is not kept by a place that nobody comes for any more, however old it is', () => {
    const bench = makeBench()
    for (const id of names(60)) bench.turn(id, ['chat.update'])
    for (const id of names(60).slice(50)) bench.pace.leave(id)
    bench.pass(6 * 60 * MINUTE_MS)
    const later = [...names(60), ...names(60).map((id) => `later ${id}`)]
    const went = goAll(bench, later, () => ['chat.update'])
    expect([...went.keys()]).toEqual(later)
    expect(Math.max(...went.values()) - 6 * 60 * MINUTE_MS - 1_000_000).toBeLessThanOrEqual(3 * MINUTE_MS)
  })

  it('holds up nobody while somebody whose call was in vain stays away, and is that one’s when it comes back', () => {
    const bench = makeBench()
    for (const id of names(300)) bench.turn(id, ['chat.update'])
    bench.pace.comeBack('message-0', 'chat.update', 4 * MINUTE_MS)
    expect(bench.turn('new', ['chat.update'])).toBe(bench.now() + MINUTE_MS + WAY_MS + 250 * SPACING_MS)
    const before = bench.now()
    const others = goAll(bench, names(150).slice(50), () => ['chat.update'])
    expect(Math.max(...others.values()) - before).toBe(MINUTE_MS + WAY_MS + 99 * SPACING_MS)
    bench.pass(before + 4 * MINUTE_MS - bench.now())
    expect(bench.turn('message-0', ['chat.update']) - bench.now()).toBeLessThanOrEqual(SPACING_MS)
  })

  it('is one thing or the other with a clock that ticks while it is looked for: made, and counted, or waited for', () => {
    let time = 1_000_000
    let readings = 0
    const pace = makeSlackPace({
      now: () => {
        readings += 1
        if (readings % 7 === 0) time += 1
        return time
      },
    })
    const went: number[] = []
    for (let nth = 0; nth < 3000; nth += 1) {
      if (pace.turn(`message-${nth % 70}`, ['chat.update']) === 0) went.push(time)
      time += nth % 3 === 0 ? 211 : 0
    }
    expect(went.length).toBeGreaterThan(100)
    expect(mostWithin(went, MINUTE_MS)).toBeLessThanOrEqual(50)
  })

  it('remembers no more than it needs', () => {
    const bench = makeBench()
    const before = heapMb()
    for (let i = 0; i < 200_000; i += 1) {
      bench.turn(`message-${i}`, ['chat.postMessage', `to:U${i}`])
      bench.pass(1000)
    }
    expect(heapMb() - before).toBeLessThan(5)
    expect(bench.turn('the last', ['chat.postMessage', 'to:U1'])).toBe(bench.now())
  })
})

function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}
