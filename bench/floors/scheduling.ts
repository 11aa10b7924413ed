import { join } from 'node:path'
import { makeNudge } from '../../src/services/nudge.ts'
import { makeGroupCommit } from '../../src/services/store/group-commit.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'
import type { Verification } from '../../src/services/verification.ts'
import { laneOf, makeWorker, type Queue } from '../../src/services/worker.ts'
import { column, type Results, ratioOf, withSpread } from '../measure/columns.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Figures, Report } from '../measure/report.ts'
import { type Contestant, interleave } from '../measure/rounds.ts'
import { NO_LIMITS, openOwn, quiet, seedWaiting } from '../measure/seed.ts'
import { quantile, ratios } from '../measure/statistics.ts'
import type { Floor, Options } from './floor.ts'
import { PEERS, peers } from './peers.ts'

/** Any will do: a row without patience would count as a start. */
const PATIENCE_MS = 1000
const AT_ONCE = 32
const TIMES = 5
const DUE_PER_SECOND = 333
const OURS = 'this bot'
const GOALS = [
  ['BullMQ', 2],
  ['BullMQ, every write', 2],
  ['graphile-worker', 10],
] as const

/** A check that is due, does nothing, and says when it is due again: through our worker and store, and through queue libraries. */
export const scheduling: Floor = {
  name: 'scheduling',
  run: async (report, options) => {
    const rows = options.short ? 50 : 5000
    const others = await peers(options.peersAt, { rows, times: TIMES, atOnce: AT_ONCE })
    try {
      const contestants: Contestant[] = [{ name: OURS, run: () => ours(rows) }, ...others.contestants]
      const results = await interleave(contestants, { rounds: options.rounds, report })
      report.table({
        title: 'Durable scheduling',
        about:
          `${rows.toLocaleString('en-GB')} rows (liteque and graphile-worker: a fifth of them), each due ${TIMES} times over, ` +
          `${AT_ONCE} at once, nothing else to do. ` +
          'Goals: twice what BullMQ does, ten times what graphile-worker does.',
        columns: ['', 'checks a second', 'this bot / it', 'waits for the disk'],
        rows: [
          [OURS, withSpread(column(results, OURS, 'perSecond')), '–', 'always, in groups (synchronous=FULL)'],
          ...others.contestants.map(({ name }) => besideOurs(results, name)),
          ...others.skipped.map(({ name, reason }) => [name, reason, '–', '–']),
        ],
      })
      for (const [name, atLeast] of GOALS) {
        const found = ratioOf(results, OURS, name, 'perSecond')
        if (results.has(name)) report.goal({ what: `checks a second, beside ${name}`, found, unit: '×', atLeast })
      }
      await lag(report, options.short ? 500 : 100_000, options)
    } finally {
      await others.stop()
    }
  },
}

function besideOurs(results: Results, name: string): string[] {
  const own = column(results, name, 'perSecond')
  const ratio = ratios(column(results, OURS, 'perSecond'), own)
  const disk = PEERS.find((peer) => peer.name === name)?.disk ?? '–'
  return [name, withSpread(own), withSpread(ratio, '×'), disk]
}

async function ours(rows: number) {
  const bench = openBench(rows, () => 1)
  const left = new Map<string, number>()
  let undone = rows
  const startedAt = performance.now()
  await bench.work(async ({ id, revision }, reschedule) => {
    const times = (left.get(id) ?? TIMES) - 1
    left.set(id, times)
    await reschedule(id, revision, times === 0 ? null : 1)
    if (times === 0) undone -= 1
    return undone === 0
  })
  const perSecond = ((rows * TIMES) / (performance.now() - startedAt)) * 1000
  bench.close()
  return { perSecond }
}

/** A hundred thousand rows, a few of which are due in each moment: how long after its time each begins. */
async function lag(report: Report, rows: number, { short, rounds }: Options): Promise<void> {
  const seconds = short ? 1 : 10
  const results = await interleave([{ name: OURS, run: () => lagOnce(rows, seconds) }], { rounds, report })
  report.table({
    title: `Lag with ${rows.toLocaleString('en-GB')} scheduled and ${DUE_PER_SECOND} due a second`,
    about: `From the time a row is due to the time its step begins, over ${seconds} s. Goal: p99 within 100 ms.`,
    columns: ['', 'p50, ms', 'p99, ms', 'most, ms'],
    rows: [[OURS, ...['p50', 'p99', 'most'].map((figure) => withSpread(column(results, OURS, figure)))]],
  })
  const p99 = column(results, OURS, 'p99')
  report.goal({ what: `lag with ${DUE_PER_SECOND} due a second, p99`, found: p99, unit: ' ms', atMost: 100 })
}

async function lagOnce(rows: number, seconds: number): Promise<Figures> {
  let begin = Number.POSITIVE_INFINITY
  const dueAt = (index: number) => begin + Math.round((index * 1000) / DUE_PER_SECOND)
  // Filled before the first is due, however long that takes.
  const bench = openBench(rows, (index) => Math.round((index * 1000) / DUE_PER_SECOND))
  begin = bench.startIn(1000)
  const lags: number[] = []
  const due = DUE_PER_SECOND * seconds
  await bench.work(async ({ id, revision }, reschedule) => {
    lags.push(Date.now() - dueAt(Number(id.split('-').at(-1))))
    await reschedule(id, revision, Date.now() + 3_600_000)
    return lags.length >= due
  })
  bench.close()
  return { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99), most: quantile(lags, 1) }
}

type Step = (
  item: Verification,
  reschedule: (id: string, revision: number, nextAt: number | null) => Promise<boolean>,
) => Promise<boolean>

function openBench(rows: number, dueAt: (index: number) => number) {
  const at = folder()
  const own = openOwn(join(at, 'verify.db'))
  seedWaiting(own, { count: rows, dueAt })
  const group = makeGroupCommit(own.db, { soon: setImmediate })
  const store = makeVerificationStore(own.db, { onUnreadable: () => {}, limits: NO_LIMITS, group })
  const nudge = makeNudge({ now: Date.now })

  return {
    /** Moves every time there is to this long from now; gives the moment. */
    startIn: (ms: number): number => {
      own.db.pragma('wal_checkpoint(truncate)')
      const begin = Date.now() + ms
      own.db.prepare('update verifications set next_at = next_at + :begin').run({ begin })
      return begin
    },
    /** Until a step says that it was the last. */
    work: async (step: Step): Promise<void> => {
      let finish: () => void = () => {}
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const reschedule = (id: string, revision: number, nextAt: number | null) =>
        store.reschedule(
          id,
          revision,
          { nextAt, lateAt: nextAt === null ? null : nextAt + PATIENCE_MS, troubles: 0 },
          Date.now(),
        )
      const queue: Queue<Verification> = {
        kind: 'verification',
        slots: AT_ONCE,
        capacity: () => AT_ONCE,
        capacityAt: Date.now,
        hold: () => () => {},
        claim: store.claim,
        nextDueAt: store.nextDueAt,
        postpone: store.postpone,
        step: async ({ item }, _signal, ending) => {
          ending()
          if (await step(item, reschedule)) finish()
        },
      }
      const worker = makeWorker({ queues: [laneOf(queue)], nudge, now: Date.now, log: quiet })
      worker.start()
      await finished
      await worker.stop(1000)
    },
    close: () => {
      own.db.close()
      remove(at)
    },
  }
}
