import type { Assumptions } from './assumptions.ts'
import { backOff, oracle, roundRobin, runEvenly } from './baselines.ts'
import { makeChances } from './chances.ts'
import { runInMemory } from './in-memory.ts'
import { percentile, type Seen } from './sightings.ts'
import { DAY_MS, makeWorkload } from './workload.ts'

export const PER_MINUTE = 30
const POLICY_SEED = 7

export const POLICIES = [
  'round-robin',
  'back-off to 1 h',
  'back-off to 10 min',
  'ours without signals',
  'ours',
  'oracle',
] as const
export type Policy = (typeof POLICIES)[number]

/** One run: how many wait, for how long it goes on, and which people it draws. */
export type Plan = {
  readonly assumptions: Assumptions
  readonly waiting: number
  readonly days: number
  readonly seed: number
}

export type Figures = {
  readonly assumptions: string
  readonly waiting: number
  readonly seed: number
  readonly policy: Policy
  /** Whose result was seen within the run. */
  readonly results: number
  /** Seconds from settled to seen. */
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly callsPerMinute: number
  /** Between two looks; null: it looks once. */
  readonly longestGapMinutes: number | null
  /** What is promised of it: 12 minutes + (4 · waiting + starts) / calls a minute; null: nothing is. */
  readonly boundMinutes: number | null
}

export function compare({ assumptions, waiting, days, seed }: Plan): Figures[] {
  const workload = makeWorkload(assumptions, waiting, days, seed)
  const how = { perMinute: PER_MINUTE, countFrom: DAY_MS / 2 }
  const chances = () => makeChances(POLICY_SEED)
  const runs: Readonly<Record<Policy, () => Seen>> = {
    'round-robin': () => runEvenly(roundRobin(), workload, how),
    'back-off to 1 h': () => runEvenly(backOff(workload, 3_600_000, chances()), workload, how),
    'back-off to 10 min': () => runEvenly(backOff(workload, 600_000, chances()), workload, how),
    'ours without signals': () => runInMemory(workload, { ...how, signs: false, seed: POLICY_SEED }),
    ours: () => runInMemory(workload, { ...how, signs: true, seed: POLICY_SEED }),
    oracle: () => runEvenly(oracle(workload), workload, how),
  }
  return POLICIES.map((policy) => {
    const { finished, calls, longestGapMs } = runs[policy]()
    const seconds = (share: number) => percentile(finished, share) / 1000
    return {
      assumptions: assumptions.name,
      waiting,
      seed,
      policy,
      results: finished.length,
      p50: seconds(0.5),
      p95: seconds(0.95),
      p99: seconds(0.99),
      callsPerMinute: calls / days / 1440,
      longestGapMinutes: policy === 'oracle' ? null : longestGapMs / 60_000,
      boundMinutes: policy.startsWith('ours') ? bound(waiting) : null,
    }
  })
}

/** A tenth of the budget is its burst; starts, which come first, would only make it longer. */
function bound(waiting: number): number {
  return 12 + (4 * waiting) / (PER_MINUTE * 0.9)
}
