import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import type { Direction, Toxic } from '../tcp-proxy.ts'
import { type Chance, makeChance } from './chance.ts'
import { journeyTable, problemsOf, type TrialResult } from './journey-table.ts'
import { JOURNEYS } from './journeys.ts'
import { LINES, type NetworkTrial, networkRound } from './network-round.ts'

// `npm run network`: plays every journey while one of the bot's lines is in trouble, every kind of trouble on every line.
// Exit codes: 0 all ended right, 1 something did not, 64 wrong usage.

const USAGE = `Usage: npm run network [-- [--seed N] [--kind half_open] [--at-once 4]]

  --seed     makes the same choices again
  --kind     plays one kind of trouble only
  --at-once  how many trials are made side by side, each with all journeys; much of it is waiting`

/** Each kind with figures of its own. */
function toxics(chance: Chance): Toxic[] {
  return [
    { kind: 'latency', ms: chance.between(100, 1500) },
    { kind: 'down' },
    { kind: 'bandwidth', bytesPerS: chance.between(500, 20_000) },
    { kind: 'slow_close', ms: chance.between(100, 3000) },
    { kind: 'timeout', ms: chance.oneOf([0, 2000]) },
    { kind: 'reset_peer', ms: chance.between(0, 300) },
    { kind: 'slicer', bytes: chance.between(1, 60), ms: chance.between(1, 5) },
    { kind: 'limit_data', bytes: chance.between(20, 2000) },
    { kind: 'half_open' },
  ]
}

process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === null) {
    console.error(USAGE)
    return 64
  }
  const { seed, kind, atOnce } = options
  console.log(`network faults, seed ${seed}`)
  const chance = makeChance(seed)
  const directions: readonly Direction[] = ['upstream', 'downstream', 'both']
  const trials = LINES.flatMap((line) =>
    toxics(chance).map((toxic): NetworkTrial & { chance: Chance } => ({
      line,
      toxic,
      direction: chance.oneOf(directions),
      chance: chance.fork(),
    })),
  )
  const results: TrialResult[] = []
  const waiting = trials.filter(({ toxic }) => kind === undefined || toxic.kind === kind)
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
        const { line, direction } = trial
        const { kind, ...figures } = trial.toxic
        const judged = await networkRound(trial, trial.chance).catch((error: unknown) => String(error))
        const result = { line, kind, judged }
        results.push(result)
        const problems = problemsOf(result)
        console.log(
          `${problems.length === 0 ? 'ok   ' : 'WRONG'} ${line}: ${kind} ${direction} ${JSON.stringify(figures)}`,
        )
        for (const problem of problems) console.error(`      ${problem}`)
      }
    }),
  )
  const names = JOURNEYS.map(({ name }) => name)
  const { table, played, right } = journeyTable(names, LINES, results)
  console.log(`\n${table.join('\n')}\n\n${right} of ${played} stories ended right.`)
  if (results.every((result) => problemsOf(result).length === 0)) return 0
  console.error(`Again: npm run network -- --seed ${seed}`)
  return 1
}

function readOptions(): { seed: number; kind: string | undefined; atOnce: number } | null {
  try {
    const { values } = parseArgs({
      options: {
        seed: { type: 'string', default: String(randomInt(2 ** 31)) },
        kind: { type: 'string' },
        'at-once': { type: 'string', default: '4' },
      },
    })
    const [seed, atOnce] = [Number(values.seed), Number(values['at-once'])]
    return Number.isSafeInteger(seed) && Number.isSafeInteger(atOnce) && atOnce > 0
      ? { seed, kind: values.kind, atOnce }
      : null
  } catch {
    return null
  }
}
