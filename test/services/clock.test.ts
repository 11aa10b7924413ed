import { afterEach, describe, expect, it } from 'vitest'
import { makeClock } from '../../src/services/clock.ts'
import { isOpen } from '../../src/services/verification.ts'
import {
  done,
  openVerificationsBench,
  REQUEST,
  report,
  type VerificationsBench,
} from '../helpers/verifications-bench.ts'
import { NOW } from '../views/build-verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const JUMPS = [
  ['an hour back', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
  ['a day back', -DAY_MS],
  ['a day ahead', DAY_MS],
  ['three seconds back', -3 * SECOND_MS],
] as const

const open: VerificationsBench[] = []
afterEach(() => {
  for (const bench of open.splice(0)) bench.close()
})

/** Twelve people wait, some of whom have opened their link, asked two minutes apart. */
async function waiting(deadlineMs = 7 * DAY_MS) {
  const bench = openVerificationsBench()
  open.push(bench)
  const polls: number[] = []
  bench.answers.poll = async () => {
    polls.push(bench.elapsed())
    return report('pending')
  }
  for (let nth = 1; nth <= 12; nth += 1) {
    bench.answers.start = done({ sessionId: `session-${nth}`, expiresAt: NOW + deadlineMs })
    const request = { ...REQUEST, viewId: `V${nth}`, employeeId: `W${nth}`, employeeNumber: nth }
    const inserted = await bench.verifications.request(request)
    await bench.pass(2 * MINUTE_MS)
    if (nth % 3 === 0 && 'verification' in inserted)
      await bench.verifications.note(inserted.verification.id, { type: 'opened' })
  }
  await bench.pass(10 * SECOND_MS)
  return { bench, polls, since: (elapsed: number) => polls.filter((at) => at > elapsed) }
}

/** How many polls an hour makes by a clock that nobody sets: the same every time. */
let pollsOfAnHour: Promise<number> | null = null
async function countPollsOfAnHour(): Promise<number> {
  const { bench, since } = await waiting()
  const at = bench.elapsed()
  await bench.pass(HOUR_MS)
  return since(at).length
}

describe.for(JUMPS)('a clock set %s', ([, byMs]) => {
  it('leaves every pause its length: nothing comes sooner, nothing later', async () => {
    const still = await waiting()
    const moved = await waiting()
    const at = moved.bench.elapsed()
    moved.bench.setClock(byMs)
    const pauses = ({ bench }: typeof still) =>
      bench.store.db
        .prepare('select next_at from verifications order by id')
        .pluck()
        .all()
        .map((nextAt) => Number(nextAt) - bench.now())
    // Until right before the first look: after it, a pause goes by how old the evidence seems.
    const first = Math.min(...pauses(still))
    for (const { bench } of [still, moved]) await bench.pass(first - 1)
    expect(pauses(still)).toHaveLength(12)
    expect(pauses(moved)).toEqual(pauses(still))
    for (const { bench } of [still, moved]) await bench.pass(1)
    expect(moved.since(at)).toEqual([at + first])
    expect(still.since(at)).toEqual([at + first])
  })

  it('makes no burst of polls, and nobody is forgotten', async () => {
    pollsOfAnHour ??= countPollsOfAnHour()
    const moved = await waiting()
    const at = moved.bench.elapsed()
    moved.bench.setClock(byMs)
    await moved.bench.pass(HOUR_MS)
    expect(moved.since(at).length).toBeLessThanOrEqual((await pollsOfAnHour) * 1.1)
    // Each at least once in twelve minutes: ten, and the jitter.
    expect(moved.since(at).length).toBeGreaterThanOrEqual(12 * 5)
  })

  it('ends nobody early, and settles as soon as EasyFreelance says how it ended', async () => {
    const { bench } = await waiting(30 * MINUTE_MS)
    bench.setClock(byMs)
    await bench.pass(50 * MINUTE_MS)
    for (let nth = 1; nth <= 12; nth += 1) expect(isOpen(await bench.get(`v${nth}`))).toBe(true)
    expect(await bench.get('v1')).toMatchObject({ status: 'waiting' })
    bench.setClock(-byMs)
    bench.answers.poll = report('approved')
    await bench.pass(12 * MINUTE_MS)
    expect(await bench.get('v1')).toMatchObject({ status: 'settled', outcome: 'approved' })
  })

  it('loses no press of a link', async () => {
    const { bench } = await waiting()
    bench.setClock(byMs)
    const before = await bench.get('v3')
    await bench.verifications.note('v3', { type: 'opened' })
    const after = await bench.get('v3')
    expect(after.revision).toBe(before.revision + 1)
  })
})

it('a deadline long over by a clock that has run evenly for an hour is told to the manager, not before', async () => {
  const { bench } = await waiting(30 * MINUTE_MS)
  bench.setClock(2 * DAY_MS)
  await bench.pass(59 * MINUTE_MS)
  expect((await bench.get('v1')).status).toBe('waiting')
  await bench.pass(15 * MINUTE_MS)
  expect(await bench.get('v1')).toMatchObject({ status: 'parked', reason: 'overdue' })
})

it('a clock set back while no process ran keeps nobody waiting for longer than the longest pause, nor all at once', async () => {
  const { bench, since } = await waiting()
  // A new process has seen nothing of it: the rows alone tell.
  bench.store.db.exec(`update verifications set next_at = next_at + ${DAY_MS}`)
  bench.store.db.exec(`update verifications set next_at = next_at + 60000 * abs(random() % 14)`)
  bench.shortenPauses()
  const rows = bench.store.db.prepare('select next_at from verifications').pluck().all().map(Number)
  expect(Math.max(...rows)).toBeLessThanOrEqual(bench.now() + 15 * MINUTE_MS)
  expect(new Set(rows).size).toBeGreaterThan(3)
  const at = bench.elapsed()
  await bench.pass(15 * MINUTE_MS)
  expect(since(at).length).toBeGreaterThanOrEqual(12)
})

describe('the clock', () => {
  function settable() {
    let wall = NOW
    let elapsed = 0
    const told: [number, number][] = []
    let refusals = 0
    const clock = makeClock({
      wall: () => wall,
      steady: () => elapsed,
      onJump: (byMs, at) => {
        if (refusals > 0) {
          refusals -= 1
          throw new Error('the disk is full')
        }
        told.push([byMs, at])
      },
    })
    return {
      ...clock,
      told,
      pass: (ms: number, drift = 0) => {
        elapsed += ms
        wall += ms + drift
      },
      set: (byMs: number) => {
        wall += byMs
      },
      refuse: (times: number) => {
        refusals = times
      },
    }
  }

  it('tells nobody of time that passes, nor of a correction of a running clock', () => {
    const clock = settable()
    for (let second = 0; second < 86_400; second += 1) {
      clock.pass(1000, second % 2 === 0 ? 1 : -0.5)
      clock.now()
    }
    expect(clock.told).toEqual([])
  })

  it('tells of a jump once, before it gives the new time to anybody', () => {
    const clock = settable()
    clock.pass(5000)
    clock.set(-DAY_MS)
    expect(clock.now()).toBe(NOW + 5000 - DAY_MS)
    expect(clock.told).toEqual([[-DAY_MS, NOW + 5000 - DAY_MS]])
    clock.now()
    expect(clock.told).toHaveLength(1)
  })

  it('takes a machine that slept for a clock that was set ahead', () => {
    const clock = settable()
    clock.set(8 * HOUR_MS)
    clock.now()
    expect(clock.told).toEqual([[8 * HOUR_MS, NOW + 8 * HOUR_MS]])
  })

  it('tells of it again when nobody could listen, with what has come since', () => {
    const clock = settable()
    clock.refuse(2)
    clock.set(HOUR_MS)
    clock.now()
    clock.set(-DAY_MS)
    clock.now()
    expect(clock.told).toEqual([])
    clock.now()
    expect(clock.told).toEqual([[HOUR_MS - DAY_MS, NOW + HOUR_MS - DAY_MS]])
  })

  it('is sure of itself after an even hour', () => {
    const clock = settable()
    expect(clock.isSure()).toBe(false)
    clock.pass(HOUR_MS)
    clock.now()
    expect(clock.isSure()).toBe(true)
    clock.set(DAY_MS)
    clock.now()
    expect(clock.isSure()).toBe(false)
    clock.pass(HOUR_MS)
    expect(clock.isSure()).toBe(true)
  })
})

it('elapsed time is whole, for pauses are stored', () => {
  let elapsed = 12.75
  const clock = makeClock({ wall: () => NOW, steady: () => elapsed, onJump: () => {} })
  expect(clock.steady()).toBe(12)
  elapsed = 13.25
  expect(clock.steady()).toBe(13)
})
