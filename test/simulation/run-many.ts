import type { BrokenRule } from './broken-rules.ts'
import { openReusedDatabase } from './database.ts'
import { type Counts, type Run, runStory } from './run-story.ts'
import { shrink, tellStory } from './shrink.ts'

export type Failure = { readonly seed: number; readonly problems: readonly string[]; readonly story: string }
export type Totals = Counts & { readonly runs: number; readonly failures: readonly Failure[] }

/** Stories are long: after this many failures only seeds are told. */
const MOST_STORIES = 3

/** Runs one seed after the other; the first failures are shrunk to their shortest story. */
export async function runMany(
  from: number,
  runs: number,
  { broken = null, onRun = () => {} }: { broken?: BrokenRule | null; onRun?: (run: Run) => void } = {},
): Promise<Totals> {
  const database = openReusedDatabase()
  const options = { database, broken }
  const failures: Failure[] = []
  let totals: Counts = { verifications: 0, kills: 0, faults: 0, posts: 0, calls: 0 }
  for (let seed = from; seed < from + runs; seed += 1) {
    const run = await runStory(seed, options)
    totals = sum(totals, run.counts)
    onRun(run)
    if (run.problems.length === 0) continue
    const story = failures.length < MOST_STORIES ? await tellStory(await shrink(run, options), options) : ''
    failures.push({ seed, problems: run.problems, story })
  }
  return { ...totals, runs, failures }
}

export function addTotals(one: Totals, other: Totals): Totals {
  return { ...sum(one, other), runs: one.runs + other.runs, failures: [...one.failures, ...other.failures] }
}

function sum(one: Counts, other: Counts): Counts {
  return {
    verifications: one.verifications + other.verifications,
    kills: one.kills + other.kills,
    faults: one.faults + other.faults,
    posts: one.posts + other.posts,
    calls: one.calls + other.calls,
  }
}

/** The first run, from this seed on, in which the checks notice the broken rule; null: none of them. */
export async function caughtBy(broken: BrokenRule, from: number, runs: number): Promise<Run | null> {
  const database = openReusedDatabase()
  for (let seed = from; seed < from + runs; seed += 1) {
    const run = await runStory(seed, { database, broken })
    if (run.problems.length > 0) return run
  }
  return null
}
