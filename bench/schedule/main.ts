import { writeFileSync } from 'node:fs'
import { takeFile } from '../measure/report.ts'
import { type Assumptions, BASE, VARIANTS } from './assumptions.ts'
import { compare, type Figures, PER_MINUTE, type Plan } from './compare.ts'
import { pictureOf } from './picture.ts'
import { goalsOf, goalsTable, policiesTable, variantsTable } from './tables.ts'

const SEED = 42
const OTHER_SEEDS = [1, 2, 3]

const SIZES: readonly Plan[] = [
  { assumptions: BASE, waiting: 100, days: 3, seed: SEED },
  { assumptions: BASE, waiting: 1000, days: 3, seed: SEED },
  { assumptions: BASE, waiting: 10_000, days: 2, seed: SEED },
]
const SHORT: Plan = { assumptions: BASE, waiting: 100, days: 1, seed: SEED }

/** `--short`: one small run. `--json FILE`: the figures for other programs. `--picture FILE`: an SVG of the three sizes. */
export async function run(args: readonly string[]): Promise<void> {
  const { file: json } = takeFile('--json', args)
  const { file: picture } = takeFile('--picture', args)
  const isShort = args.includes('--short')
  const sizes = (isShort ? [SHORT] : SIZES).map(shown)
  const variants = isShort ? [] : variantsOf(sizes)

  const all = [...sizes, ...variants].flat()
  if (json !== null) writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`)
  if (picture !== null) writeFileSync(picture, pictureOf(sizes, PER_MINUTE))
}

function shown(plan: Plan): Figures[] {
  const figures = compare(plan)
  const { waiting, days } = plan
  say(`### ${waiting.toLocaleString('en-GB')} waiting`)
  say(`${PER_MINUTE} calls a minute, ${days} ${days === 1 ? 'day' : 'days'}. Seconds from settled to seen.`)
  say(policiesTable(figures))
  return figures
}

function variantsOf(sizes: readonly Figures[][]): Figures[][] {
  const middle = sizes.find(([first]) => first?.waiting === 1000) ?? []
  say('### Goals, with 1,000 waiting')
  say(goalsTable(goalsOf(middle)))
  const like = (assumptions: Assumptions, seed: number) => compare({ assumptions, waiting: 1000, days: 3, seed })
  const others = [...OTHER_SEEDS.map((seed) => like(BASE, seed)), ...VARIANTS.map((each) => like(each, SEED))]
  say('### Other people, with 1,000 waiting')
  say('Ours, in seconds, and how many times sooner than round-robin.')
  say(variantsTable([middle, ...others]))
  for (const figures of others) {
    const missed = goalsOf(figures).filter(({ isMet }) => !isMet)
    const [first] = figures
    for (const { goal, found } of missed) say(`Not met, ${first?.assumptions}, seed ${first?.seed}: ${goal}: ${found}`)
  }
  return others
}

function say(text: string): void {
  console.log(`${text}\n`)
}
