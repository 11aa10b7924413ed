import { join } from 'node:path'
import { makeNudge } from '../../src/services/nudge.ts'
import { type GroupCommit, makeGroupCommit } from '../../src/services/store/group-commit.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'
import type { Verification } from '../../src/services/verification.ts'
import { laneOf, makeWorker, type Queue } from '../../src/services/worker.ts'
import { column, withSpread } from '../measure/columns.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Report } from '../measure/report.ts'
import { type Contestant, interleave } from '../measure/rounds.ts'
import { NO_LIMITS, openOwn, quiet, seedWaiting } from '../measure/seed.ts'
import { quantile } from '../measure/statistics.ts'
import type { Floor } from './floor.ts'
import { peers } from './peers.ts'

const AT_ONCE = 32
const TIMES = 5
const DUE_PER_SECOND = 333

/** A check that is due, does nothing, and says when it is due again: through our worker and store, and through queue libraries. */
export const scheduling: Floor = {
  name: 'scheduling',
  run: async (report, options) => {
    const rows = options.short ? 50 : 5000
    const contestants: Contestant[] = [
      { name: 'this bot', run: () => ours(rows, (group) => group) },
      { name: 'this bot, every commit on disk', run: () => ours(rows, onDisk) },
    ]
    const others = await peers(options.peersAt, { rows, times: TIMES, atOnce: AT_ONCE })
    try {
      for (const { name, reason } of others.skipped) report.say(`skipped: ${name} (${reason})`)
      const results = await interleave(
        [...contestants, ...others.contestants],
        options.short ? { rounds: 1, report } : { rounds: 3, report },
      )
      report.table({
        title: 'Durable scheduling',
        about: `${rows} rows, each due ${TIMES} times over, ${AT_ONCE} at once, nothing else to do.`,
        columns: ['', 'checks a second', 'waits for the disk'],
        rows: [...results.keys()].map((name) => [
          name,
          withSpread(column(results, name, 'perSecond')),
          DISK[name] ?? '–',
        ]),
      })
      await lag(report, options.short ? 500 : 100_000, options.short ? 1 : 10)
    } finally {
      await others.stop()
    }
  },
}

/** When what each of them has said is safe from a power cut. */
const DISK: Readonly<Record<string, string>> = {
  'this bot': 'for results, not for when to look again',
  'this bot, every commit on disk': 'always, in groups',
  plainjob: 'no (synchronous=NORMAL)',
  liteque: 'no (synchronous=NORMAL)',
  BullMQ: 'no (Redis, append-only file each second)',
  'graphile-worker': 'always, in groups',
}

function onDisk(group: GroupCommit): GroupCommit {
  return { ...group, together: (work) => group.together(work) }
}

async function ours(rows: number, kept: (group: GroupCommit) => GroupCommit) {
  const bench = openBench(rows, () => 1, kept)
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
async function lag(report: Report, rows: number, seconds: number): Promise<void> {
  const begin = Date.now() + 1000
  const dueAt = (index: number) => begin + Math.round((index * 1000) / DUE_PER_SECOND)
  const bench = openBench(rows, dueAt, (group) => group)
  const lags: number[] = []
  const due = DUE_PER_SECOND * seconds
  await bench.work(async ({ id, revision }, reschedule) => {
    lags.push(Date.now() - dueAt(Number(id.split('-').at(-1))))
    await reschedule(id, revision, Date.now() + 3_600_000)
    return lags.length >= due
  })
  bench.close()
  const [p50, p99, most] = [0.5, 0.99, 1].map((share) => `${Math.round(quantile(lags, share))} ms`)
  report.table({
    title: `Lag with ${rows.toLocaleString('en-GB')} scheduled and ${DUE_PER_SECOND} due a second`,
    about: `From the time a row is due to the time its step begins, over ${seconds} s.`,
    columns: ['', 'p50', 'p99', 'most'],
    rows: [['this bot', p50 ?? '', p99 ?? '', most ?? '']],
  })
}

type Step = (
  item: Verification,
  reschedule: (id: string, revision: number, nextAt: number | null) => Promise<boolean>,
) => Promise<boolean>

function openBench(rows: number, dueAt: (index: number) => number, kept: (group: GroupCommit) => GroupCommit) {
  const at = folder()
  const own = openOwn(join(at, 'verify.db'))
  seedWaiting(own, { count: rows, dueAt })
  const group = kept(makeGroupCommit(own.db, { soon: setImmediate }))
  const store = makeVerificationStore(own.db, { onUnreadable: () => {}, seal: own.seal, limits: NO_LIMITS, group })
  const nudge = makeNudge({ now: Date.now })

  return {
    /** Until a step says that it was the last. */
    work: async (step: Step): Promise<void> => {
      let finish: () => void = () => {}
      const finished = new Promise<void>((resolve) => {
        finish = resolve
      })
      const reschedule = (id: string, revision: number, nextAt: number | null) =>
        store.reschedule(id, revision, { nextAt, lateAt: nextAt, troubles: 0 }, Date.now())
      const queue: Queue<Verification> = {
        kind: 'verification',
        slots: AT_ONCE,
        capacity: () => AT_ONCE,
        capacityAt: Date.now,
        spend: () => {},
        claim: store.claim,
        nextDueAt: store.nextDueAt,
        postpone: store.postpone,
        step: async ({ item }) => {
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
