import { afterEach, describe, expect, it } from 'vitest'
import { makeNudge } from '../../src/services/nudge.ts'
import type { Due } from '../../src/services/store/schedule.ts'
import { laneOf, makeWorker, type Queue, type Worker } from '../../src/services/worker.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'

type Item = { readonly id: string }
type Row = { nextAt: number | null; attempts: number }

const started: Worker[] = []
afterEach(async () => {
  for (const worker of started.splice(0)) await worker.stop(0)
})

/** A queue in memory that writes down what is asked of it, and steps that end when the test says so. */
function makeBench(options: { slots?: number } = {}) {
  let time = 0
  let capacity = Number.POSITIVE_INFINITY
  let capacityAt = 0
  const rows = new Map<string, Row>()
  const underWay = new Map<string, PromiseWithEnd>()
  const endings = new Map<string, () => void>()
  const begun: string[] = []
  const aborted: string[] = []
  const postponed: [string, number][] = []
  const broken = new Set<string>()
  const waiters: { look: () => boolean; resolve: () => void }[] = []
  const changed = () => {
    for (const waiter of waiters.filter(({ look }) => look())) waiter.resolve()
  }
  let claimBreaks = 0
  let whileClaiming = async () => {}

  const queue: Queue<Item> = {
    kind: 'test',
    slots: options.slots ?? 4,
    capacity: () => capacity,
    capacityAt: () => capacityAt,
    hold: (steps) => {
      capacity -= steps
      return (begun) => {
        capacity += steps - begun
      }
    },
    claim: async (limit, now, leaseMs) => {
      await whileClaiming()
      if (claimBreaks > 0) {
        claimBreaks -= 1
        throw new Error('the disk is full')
      }
      const due = [...rows].filter(([, { nextAt }]) => nextAt !== null && nextAt <= now).slice(0, limit)
      return due.map(([id, row]): Due<Item> => {
        row.nextAt = now + leaseMs
        row.attempts += 1
        return { item: { id }, attempts: row.attempts, troubles: 0 }
      })
    },
    nextDueAt: async () => {
      const times = [...rows.values()].flatMap(({ nextAt }) => (nextAt === null ? [] : [nextAt]))
      changed()
      return times.length === 0 ? null : Math.min(...times)
    },
    step: async ({ item: { id } }, signal, ending) => {
      endings.set(id, ending)
      begun.push(id)
      if (underWay.has(id)) throw new Error(`${id} overlaps`)
      const step = makeEnd()
      underWay.set(id, step)
      signal.addEventListener('abort', () => {
        aborted.push(id)
        step.end()
      })
      changed()
      await step.promise
      underWay.delete(id)
      if (broken.has(id)) throw new Error('it broke')
      rows.set(id, { nextAt: null, attempts: 0 })
    },
    postpone: async (id, nextAt) => {
      postponed.push([id, nextAt])
      const row = rows.get(id)
      if (row !== undefined) row.nextAt = nextAt
      changed()
    },
  }

  const nudge = makeNudge({ now: () => time })
  const { log, said } = makeRecordingLog()
  const worker = makeWorker({ queues: [laneOf(queue)], nudge, now: () => time, log })
  started.push(worker)

  return {
    worker,
    queue,
    nudge,
    said,
    begun,
    aborted,
    postponed,
    broken,
    underWay,
    rowOf: (id: string) => rows.get(id),
    add: (id: string, nextAt = time) => void rows.set(id, { nextAt, attempts: 0 }),
    set: (at: number) => {
      time = at
    },
    allow: (steps: number, at = 0) => {
      capacity = steps
      capacityAt = at
    },
    duringClaims: (happens: () => Promise<void>) => {
      whileClaiming = happens
    },
    breakClaims: (count: number) => {
      claimBreaks = count
    },
    end: (id: string) => underWay.get(id)?.end(),
    /** Everything that can go on has gone on. */
    settled: () => new Promise((resolve) => setImmediate(resolve)),
    /** Nothing is left of it but to be saved. */
    isEnding: (id: string) => endings.get(id)?.(),
    until: (look: () => boolean) =>
      new Promise<void>((resolve) => {
        if (look()) resolve()
        else waiters.push({ look, resolve })
      }),
  }
}

type PromiseWithEnd = { promise: Promise<void>; end: () => void }

function makeEnd(): PromiseWithEnd {
  let end = () => {}
  const promise = new Promise<void>((resolve) => {
    end = resolve
  })
  return { promise, end }
}

/** The lane without the loop around it, at the beginning of time. */
function laneAlone({ queue }: ReturnType<typeof makeBench>) {
  const signal = new AbortController().signal
  return laneOf(queue).makeLane({ now: () => 0, log: makeRecordingLog().log, onEnd: () => {}, signal })
}

describe('the worker', () => {
  it('begins what is due, without waiting for a slow step', async () => {
    const bench = makeBench()
    bench.add('slow')
    bench.worker.start()
    await bench.until(() => bench.begun.includes('slow'))
    bench.add('quick')
    bench.nudge.nudge()
    await bench.until(() => bench.begun.includes('quick'))
    expect([...bench.underWay.keys()]).toEqual(['slow', 'quick'])
  })

  it('looks again when a step has ended, and takes no more at once than it has slots', async () => {
    const bench = makeBench({ slots: 2 })
    for (const id of ['a', 'b', 'c']) bench.add(id)
    bench.worker.start()
    await bench.until(() => bench.begun.length === 2)
    bench.end('a')
    await bench.until(() => bench.begun.length === 3)
    expect(bench.begun).toEqual(['a', 'b', 'c'])
    expect([...bench.underWay.keys()]).toEqual(['b', 'c'])
  })

  it('takes the next while a step is only being saved, and then no more than that', async () => {
    const bench = makeBench({ slots: 1 })
    const lane = laneAlone(bench)
    for (const id of ['a', 'b', 'c']) bench.add(id)
    await lane.fill()
    expect(bench.begun).toEqual(['a'])
    bench.isEnding('a')
    await lane.fill()
    expect(bench.begun).toEqual(['a', 'b'])
    bench.isEnding('b')
    await lane.fill()
    expect(bench.begun).toEqual(['a', 'b'])
    bench.end('a')
    await bench.settled()
    await lane.fill()
    expect([...bench.underWay.keys()]).toEqual(['b', 'c'])
  })

  it('waits for the end of a step that came again while the one before was being saved', async () => {
    const bench = makeBench({ slots: 1 })
    const lane = laneAlone(bench)
    bench.add('a')
    await lane.fill()
    bench.isEnding('a')
    bench.add('a')
    await lane.fill()
    bench.end('a')
    await bench.settled()
    expect(bench.begun).toEqual(['a', 'a'])
    bench.add('b')
    await lane.fill()
    expect(bench.begun).toEqual(['a', 'a'])
    bench.end('a')
    await bench.settled()
    await lane.fill()
    expect(bench.begun).toEqual(['a', 'a', 'b'])
  })

  it('never takes a row twice at once, though its lease ran out', async () => {
    const bench = makeBench()
    bench.add('a')
    bench.add('z', 10 ** 9)
    bench.worker.start()
    await bench.until(() => bench.begun.length === 1)
    bench.set(10 ** 9)
    bench.nudge.nudge()
    await bench.until(() => bench.begun.includes('z'))
    expect(bench.begun).toEqual(['a', 'z'])
  })

  it('takes a row again that is due again when its step has saved its end but has not returned yet', async () => {
    const bench = makeBench()
    bench.add('a')
    bench.worker.start()
    await bench.until(() => bench.begun.length === 1)
    // What the step does last: from now on the row is due again.
    bench.add('a')
    bench.nudge.nudge()
    await bench.until(() => bench.rowOf('a')?.attempts === 1)
    bench.end('a')
    await bench.until(() => bench.begun.length === 2)
    expect(bench.begun).toEqual(['a', 'a'])
    bench.end('a')
  })

  it('puts a broken step back with its attempts counted, later each time, and goes on', async () => {
    const bench = makeBench()
    bench.broken.add('bad')
    bench.add('bad')
    bench.add('good')
    bench.worker.start()
    await bench.until(() => bench.begun.length === 2)
    bench.end('bad')
    await bench.until(() => bench.postponed.length === 1)
    bench.set(2000)
    bench.nudge.nudge()
    await bench.until(() => bench.begun.length === 3)
    bench.end('bad')
    await bench.until(() => bench.postponed.length === 2)
    expect(bench.postponed).toEqual([
      ['bad', 2000],
      ['bad', 6000],
    ])
    expect(bench.said('step broke').map(({ attempts }) => attempts)).toEqual([1, 2])
    bench.end('good')
  })

  it('survives a pass that breaks', async () => {
    const bench = makeBench()
    bench.breakClaims(1)
    bench.add('a')
    bench.worker.start()
    bench.nudge.nudge()
    await bench.until(() => bench.begun.length === 1)
    expect(bench.said('worker pass broke')).toHaveLength(1)
  })

  it('begins nothing without capacity, and goes on when there is some', async () => {
    const bench = makeBench()
    bench.allow(0, 3_600_000)
    bench.add('a')
    bench.worker.start()
    await bench.until(() => bench.worker.idleMs() !== null)
    bench.set(5)
    bench.nudge.nudge()
    await bench.until(() => bench.worker.idleMs() === 0)
    expect(bench.begun).toEqual([])
    bench.allow(1)
    bench.nudge.nudge()
    await bench.until(() => bench.begun.length === 1)
    expect(bench.queue.capacity()).toBe(0)
  })

  it('begins no more than there is capacity for, also when somebody else takes of it while the claim is written', async () => {
    const bench = makeBench()
    let others = 0
    bench.duringClaims(async () => {
      await new Promise(setImmediate)
      for (; bench.queue.capacity() >= 1; others += 1) bench.queue.hold(1)(1)
    })
    bench.allow(2)
    for (const id of ['a', 'b', 'c']) bench.add(id)
    bench.worker.start()
    await bench.until(() => bench.begun.length === 2)
    expect(bench.begun.length + others).toBe(2)
    expect(bench.queue.capacity()).toBe(0)
  })

  it('leaves to others what it did not need, also when the claim broke', async () => {
    const bench = makeBench()
    const lane = laneAlone(bench)
    bench.allow(5)
    bench.breakClaims(1)
    await expect(lane.fill()).rejects.toThrow('the disk is full')
    expect(bench.queue.capacity()).toBe(5)
    bench.add('a')
    await lane.fill()
    expect(bench.queue.capacity()).toBe(4)
    bench.end('a')
  })

  it('looks as soon as the capacity is back, though the row was due long before', async () => {
    const bench = makeBench()
    const lane = laneAlone(bench)
    bench.add('a')
    bench.allow(0, 700)
    expect(await lane.wakeAt()).toBe(700)
    bench.allow(1, 700)
    expect(await lane.wakeAt()).toBe(0)
  })
})

describe('stopping', () => {
  it('lets what is under way end, and begins nothing more', async () => {
    const bench = makeBench()
    bench.add('a')
    bench.worker.start()
    await bench.until(() => bench.begun.length === 1)
    const stopped = bench.worker.stop(3_600_000)
    bench.add('b')
    bench.nudge.nudge()
    bench.end('a')
    await stopped
    expect(bench.aborted).toEqual([])
    expect(bench.begun).toEqual(['a'])
  })

  it('cuts off what does not end in time', async () => {
    const bench = makeBench()
    bench.add('a')
    bench.worker.start()
    await bench.until(() => bench.begun.length === 1)
    await bench.worker.stop(0)
    expect(bench.aborted).toEqual(['a'])
  })

  it('is possible before anything was started', async () => {
    await makeBench().worker.stop(0)
  })
})
