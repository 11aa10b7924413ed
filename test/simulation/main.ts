import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { counted } from '../../src/services/counted.ts'
import { BROKEN_RULES } from './broken-rules.ts'
import { judgeDay, liveThrough } from './day.ts'
import { addTotals, caughtBy, runMany, type Totals } from './run-many.ts'

// `npm run simulate`: the real core under seeded faults and kills, in made-up time.

const USAGE = `Usage: npm run simulate [-- [--runs N] [--seed N] [--jobs N] [--broken] [--day]]

  --runs    how many stories, each with the next seed: 1000 as usual
  --seed    the first seed: 1 as usual. One run of a seed is always the same
  --jobs    in how many processes at once
  --broken  break each rule on purpose, and say how soon the checks notice
  --day     one life of 24 hours at 500 verifications a day, and what grows in it`

type Options = {
  readonly runs: number
  readonly seed: number
  readonly jobs: number
  readonly broken: boolean
  readonly day: boolean
}

process.exitCode = await main()

async function main(): Promise<number> {
  const options = readOptions()
  if (options === null) {
    console.error(USAGE)
    return 64
  }
  if (options.broken) return breakRules(options)
  if (options.day) return liveADay(options)
  if (process.send !== undefined) {
    process.send(await runMany(options.seed, options.runs))
    return 0
  }
  const begunAt = performance.now()
  const totals = await runAll(options)
  report(totals, (performance.now() - begunAt) / 1000)
  // A simulation in which nothing is ever accepted proves nothing.
  const isEmpty = totals.runs >= 20 && totals.verifications < totals.runs / 4
  if (isEmpty) console.error('WRONG: hardly anything was accepted')
  return totals.failures.length === 0 && !isEmpty ? 0 : 1
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: 'string', default: '1000' },
        seed: { type: 'string', default: '1' },
        jobs: { type: 'string', default: String(Math.min(availableParallelism(), 8)) },
        broken: { type: 'boolean', default: false },
        day: { type: 'boolean', default: false },
      },
    })
    const [runs, seed, jobs] = [values.runs, values.seed, values.jobs].map(Number)
    const isWhole = (value: number | undefined): value is number => Number.isSafeInteger(value) && Number(value) > 0
    return isWhole(runs) && isWhole(seed) && isWhole(jobs)
      ? { runs, seed, jobs, broken: values.broken, day: values.day }
      : null
  } catch {
    return null
  }
}

async function runAll({ runs, seed, jobs }: Options): Promise<Totals> {
  if (jobs === 1 || runs < jobs) return runMany(seed, runs)
  const each = Math.ceil(runs / jobs)
  const parts = Array.from({ length: jobs }, (_, job) => ({
    seed: seed + job * each,
    runs: Math.min(each, runs - job * each),
  }))
  const totals = await Promise.all(parts.filter((part) => part.runs > 0).map(runApart))
  return totals.reduce(addTotals)
}

/** The same program, with its own part of the seeds. */
function runApart({ seed, runs }: { seed: number; runs: number }): Promise<Totals> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1] ?? '', ['--seed', String(seed), '--runs', String(runs)])
    child.once('message', (totals) => resolve(totals as Totals))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the runs from seed ${seed} on ended with code ${code}`)))
  })
}

function report(totals: Totals, seconds: number): void {
  const { runs, verifications, kills, faults, posts, calls, failures } = totals
  for (const { seed, problems, story } of failures) {
    console.log(`\nWRONG in seed ${seed}: ${problems.join('; ')}`)
    if (story !== '') console.log(story)
    console.log(`again: npm run simulate -- --seed ${seed} --runs 1`)
  }
  console.log(
    `${counted(runs, 'run')}: ${counted(verifications, 'verification')}, ${counted(calls, 'call')}, ${counted(faults, 'fault or act', 'faults and acts')}, ` +
      `${counted(kills, 'kill')}, ${counted(posts, 'post')}; ${counted(failures.length, 'run')} went wrong. ` +
      `${(runs / seconds).toFixed(1)} runs/s`,
  )
}

async function breakRules({ seed, runs }: Options): Promise<number> {
  let unnoticed = 0
  for (const rule of BROKEN_RULES) {
    const run = await caughtBy(rule, seed, runs)
    if (run === null) unnoticed += 1
    const said =
      run === null ? `NOT noticed in ${counted(runs, 'run')}` : `run ${run.seed - seed + 1}: ${run.problems[0]}`
    console.log(`${rule.name} – ${said}`)
  }
  return unnoticed === 0 ? 0 : 1
}

async function liveADay({ seed }: Options): Promise<number> {
  const day = await liveThrough(24, seed)
  for (const { hour, heapMb, handles, walMb } of day.hours) {
    console.log(
      `hour ${hour}: heap ${heapMb.toFixed(1)} MB, ${counted(handles, 'handle')}, log at most ${walMb.toFixed(2)} MB`,
    )
  }
  const wrong = judgeDay(day)
  for (const sentence of wrong) console.log(`WRONG: ${sentence}`)
  console.log(
    `${day.over} of ${day.asked} verifications are over after ${counted(day.calls, 'call')}; ` +
      counted(day.unhandled, 'unhandled rejection'),
  )
  return wrong.length === 0 ? 0 : 1
}
