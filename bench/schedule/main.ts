import { writeFileSync } from 'node:fs'
import { type Assumptions, BASE, VARIANTS } from './assumptions.ts'
import { backOff, oracle, roundRobin, runEvenly } from './baselines.ts'
import { makeChances } from './chances.ts'
import { runInMemory } from './in-memory.ts'
import { percentile, type Seen } from './sightings.ts'
import { DAY_MS, makeWorkload } from './workload.ts'

const PER_MINUTE = 30
const WORKLOAD_SEED = 42
const POLICY_SEED = 7

type Figures = {
  readonly assumptions: string
  readonly waiting: number
  readonly policy: string
  readonly settled: number
  /** Seconds from settled to seen. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly callsPerMinute: number
  readonly longestGapMinutes: number
}

const rounded = (value: number) => Math.round(value * 10) / 10

function compare(assumptions: Assumptions, waiting: number, days: number): Figures[] {
  const workload = makeWorkload(assumptions, waiting, days, WORKLOAD_SEED)
  const how = { perMinute: PER_MINUTE, countFrom: DAY_MS / 2 }
  const chances = () => makeChances(POLICY_SEED)
  const policies: Readonly<Record<string, () => Seen>> = {
    'round-robin': () => runEvenly(roundRobin(), workload, how),
    'back-off to 1 h': () => runEvenly(backOff(workload, 3_600_000, chances()), workload, how),
    'back-off to 10 min': () => runEvenly(backOff(workload, 600_000, chances()), workload, how),
    'ours without signals': () => runInMemory(workload, { ...how, signs: false, seed: POLICY_SEED }),
    ours: () => runInMemory(workload, { ...how, signs: true, seed: POLICY_SEED }),
    oracle: () => runEvenly(oracle(workload), workload, how),
  }
  return Object.entries(policies).map(([policy, run]) => {
    const { finished, calls, longestGapMs } = run()
    const seconds = (share: number) => rounded(percentile(finished, share) / 1000)
    return {
      assumptions: assumptions.name,
      waiting,
      policy,
      settled: finished.length,
      p50: seconds(0.5),
      p95: seconds(0.95),
      p99: seconds(0.99),
      callsPerMinute: rounded(calls / days / 1440),
      longestGapMinutes: Math.round(longestGapMs / 60_000),
    }
  })
}

function tableOf(figures: readonly Figures[]): string {
  const rows = figures.map(
    (row) =>
      `| ${row.policy} | ${row.settled} | ${row.p50} | ${row.p95} | ${row.p99} | ${row.callsPerMinute} | ${row.longestGapMinutes} |`,
  )
  const head = '| policy | results | p50, s | p95, s | p99, s | calls a minute | longest gap, min |'
  return [head, '|---|--:|--:|--:|--:|--:|--:|', ...rows].join('\n')
}

/** `--short`: one small run. `--json FILE`: the figures for other programs. */
export async function run(args: readonly string[]): Promise<void> {
  const plans: [Assumptions, number, number][] = args.includes('--short')
    ? [[BASE, 100, 1]]
    : [
        [BASE, 100, 3],
        [BASE, 1000, 3],
        [BASE, 10_000, 2],
        ...VARIANTS.map((each) => [each, 1000, 3] as [Assumptions, number, number]),
      ]
  const all: Figures[] = []
  for (const [assumptions, waiting, days] of plans) {
    const figures = compare(assumptions, waiting, days)
    all.push(...figures)
    console.log(
      `\n${waiting} waiting, ${PER_MINUTE} calls a minute, ${days} days, ${assumptions.name}\n\n${tableOf(figures)}`,
    )
  }
  const file = args[args.indexOf('--json') + 1]
  if (args.includes('--json') && file !== undefined) writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
}
