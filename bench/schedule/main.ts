import { BASE, VARIANTS } from './assumptions.ts'
import { backOff, oracle, roundRobin, runEvenly } from './baselines.ts'
import { makeChances } from './chances.ts'
import { runInMemory } from './in-memory.ts'
import { runOnSqlite } from './on-sqlite.ts'
import { percentile, type Seen } from './sightings.ts'
import { DAY_MS, makeWorkload } from './workload.ts'

export async function run(args: readonly string[]): Promise<void> {
  const waiting = Number(args[0] ?? 1000)
  const days = Number(args[1] ?? 3)
  const variants = args[2] === 'all' ? [BASE, ...VARIANTS] : [BASE]
  for (const assumptions of variants) {
    const workload = makeWorkload(assumptions, waiting, days, 42)
    const how = { perMinute: 30, countFrom: 0.5 * DAY_MS }
    console.log(assumptions.name, waiting, workload.invitationsPerDay.toFixed(0), 'a day')
    const show = (name: string, seen: Seen, ms: number) => {
      const f = (x: number) => (x / 1000).toFixed(1).padStart(9)
      console.log(
        name.padEnd(14),
        'fin',
        String(seen.finished.length).padStart(5),
        f(percentile(seen.finished, 0.5)),
        f(percentile(seen.finished, 0.95)),
        f(percentile(seen.finished, 0.99)),
        'exp',
        f(percentile(seen.expired, 0.5)),
        f(percentile(seen.expired, 0.95)),
        'calls/min',
        (seen.calls / days / 1440).toFixed(1),
        'gap min',
        (seen.longestGapMs / 60000).toFixed(0),
        'unseen',
        seen.unseen,
        `${(ms / 1000).toFixed(1)}s`,
      )
    }
    const timed = async (name: string, fn: () => Seen | Promise<Seen>) => {
      const t = performance.now()
      const seen = await fn()
      show(name, seen, performance.now() - t)
    }
    await timed('round robin', () => runEvenly(roundRobin(), workload, how))
    await timed('back-off 1h', () => runEvenly(backOff(workload, 3_600_000, makeChances(7)), workload, how))
    await timed('back-off 10m', () => runEvenly(backOff(workload, 600_000, makeChances(7)), workload, how))
    await timed('no signs', () => runInMemory(workload, { ...how, signs: false, seed: 7 }))
    await timed('ours', () => runInMemory(workload, { ...how, signs: true, seed: 7 }))
    if (args[3] === 'sql') await timed('ours on sqlite', () => runOnSqlite(workload, { ...how, signs: true, seed: 7 }))
    await timed('oracle', () => runEvenly(oracle(workload), workload, how))
  }
}
