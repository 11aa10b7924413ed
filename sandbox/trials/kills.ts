import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { counted } from '../counted.ts'
import { type Chance, makeChance } from './chance.ts'
import { chooseKills, KILLS_FOR_ALL, type Kill } from './kill-points.ts'
import { missedBy, reportKills } from './kill-report.ts'
import { type KillRound, killRound } from './kill-round.ts'

// `npm run kills`: kills the built bot again and again, on a real file, and says whether anything was lost, told wrongly or
// sent twice. Exit codes: 0 all is well, 1 something is not, 64 wrong usage.

const USAGE = `Usage: npm run kills [-- [--kills 200] [--seed N] [--rounds-at-once 2]]

  --kills           how often the bot is killed in all
  --seed            makes the same choices again: who asks for what, and where the bot is killed
  --rounds-at-once  how many databases are worked at side by side`

const KILLS_IN_A_ROUND = 25
/** Points that no life has come to get so many rounds of their own. */
const MORE_ROUNDS = 3

process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === null) {
    console.error(USAGE)
    return 64
  }
  const { kills, seed, atOnce } = options
  console.log(`${counted(kills, 'kill')}, seed ${seed}`)
  const chance = makeChance(seed)
  const chosen = chooseKills(kills, chance)
  const rounds = Array.from({ length: Math.ceil(kills / KILLS_IN_A_ROUND) }, (_, index) => ({
    chance: chance.fork(),
    kills: chosen.slice(index * KILLS_IN_A_ROUND, (index + 1) * KILLS_IN_A_ROUND),
  }))
  const results = await play(rounds, atOnce)
  for (let more = 0; more < MORE_ROUNDS && kills >= KILLS_FOR_ALL && missedBy(results).length > 0; more += 1) {
    const missed = missedBy(results)
    console.log(`one more round for what no life came to yet: ${missed.join(', ')}`)
    results.push(...(await play([{ chance: chance.fork(), kills: chooseKills(KILLS_IN_A_ROUND, chance, missed) }], 1)))
  }
  const { lines, problems } = reportKills(results, kills)
  console.log(lines.join('\n'))
  if (problems.length === 0) return 0
  const wrong = `${counted(problems.length, 'thing')} ${problems.length === 1 ? 'is' : 'are'} wrong`
  console.error(`\n${wrong}. Again: npm run kills -- --kills ${kills} --seed ${seed}`)
  return 1
}

/** Some rounds side by side. */
async function play(
  rounds: readonly { chance: Chance; kills: readonly Kill[] }[],
  atOnce: number,
): Promise<KillRound[]> {
  const results: KillRound[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < rounds.length; index = next++) {
        const round = rounds[index]
        if (round === undefined) return
        const result = await killRound(round.kills, round.chance)
        results.push(result)
        for (const problem of result.problems) console.error(`WRONG in round ${index + 1}: ${problem}`)
        console.log(`round ${index + 1} of ${rounds.length}: ${counted(result.verifications, 'verification')}`)
        console.log(`  so far: ${reportKills(results, 0).lines.slice(-2).join(' ')}`)
      }
    }),
  )
  return results
}

function readOptions(): { kills: number; seed: number; atOnce: number } | null {
  try {
    const { values } = parseArgs({
      options: {
        kills: { type: 'string', default: '200' },
        seed: { type: 'string', default: String(randomInt(2 ** 31)) },
        'rounds-at-once': { type: 'string', default: '2' },
      },
    })
    const [kills, seed, atOnce] = [values.kills, values.seed, values['rounds-at-once']].map(Number)
    const whole = [kills, seed, atOnce].every((each) => Number.isSafeInteger(each) && Number(each) >= 0)
    return whole && kills && atOnce ? { kills, seed: seed ?? 0, atOnce } : null
  } catch {
    return null
  }
}
