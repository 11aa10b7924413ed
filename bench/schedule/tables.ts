import { markdownTable } from '../measure/markdown.ts'
import type { Figures, Policy } from './compare.ts'

const oneDigit = (value: number) => value.toFixed(1)
const whole = (value: number | null) => (value === null ? '' : Math.round(value).toLocaleString('en-GB'))
/** Every policy of one run. */
export function policiesTable(figures: readonly Figures[]): string {
  return markdownTable(
    ['policy', 'results', 'p50', 'p95', 'p99', 'calls a minute', 'longest gap, min'],
    figures.map((row) => [
      row.policy,
      whole(row.results),
      oneDigit(row.p50),
      oneDigit(row.p95),
      oneDigit(row.p99),
      oneDigit(row.callsPerMinute),
      whole(row.longestGapMinutes),
    ]),
  )
}

/** One line for each run: how it went for us, and by how much we were sooner than round-robin. */
export function variantsTable(runs: readonly (readonly Figures[])[]): string {
  return markdownTable(
    ['assumption', 'p50', 'p95', 'p99', 'p50 sooner', 'p95 sooner', 'p50 without signals', 'sooner'],
    runs.map((figures) => {
      const { ours, blind, plain, name } = partsOf(figures)
      return [
        name,
        oneDigit(ours.p50),
        oneDigit(ours.p95),
        oneDigit(ours.p99),
        times(plain.p50 / ours.p50),
        times(plain.p95 / ours.p95),
        oneDigit(blind.p50),
        times(plain.p50 / blind.p50),
      ]
    }),
  )
}

export type Goal = { readonly goal: string; readonly found: string; readonly isMet: boolean }

/** What the schedule is to achieve, found in a run with 1,000 waiting. */
export function goalsOf(figures: readonly Figures[]): Goal[] {
  const { ours, blind, plain, best } = partsOf(figures)
  const most = 3 * best.p50 + 5
  const goal = (text: string, found: string, isMet: boolean): Goal => ({ goal: text, found, isMet })
  const gap = (row: Figures) => `${whole(row.longestGapMinutes)} of ${whole(row.boundMinutes)} min`
  const isWithin = (row: Figures) => (row.longestGapMinutes ?? 0) <= (row.boundMinutes ?? 0)
  return [
    goal('p50 at least 20 × sooner than round-robin', times(plain.p50 / ours.p50), plain.p50 >= 20 * ours.p50),
    goal('p95 at least 10 × sooner than round-robin', times(plain.p95 / ours.p95), plain.p95 >= 10 * ours.p95),
    goal(
      'p50 at most three times the oracle’s and 5 s',
      `${oneDigit(ours.p50)} of ${oneDigit(most)} s`,
      ours.p50 <= most,
    ),
    goal('p50 without signals at least 4 × sooner', times(plain.p50 / blind.p50), plain.p50 >= 4 * blind.p50),
    goal('nobody’s gap above the bound', `${gap(ours)}; ${gap(blind)}`, isWithin(ours) && isWithin(blind)),
  ]
}

export function goalsTable(goals: readonly Goal[]): string {
  return markdownTable(
    ['goal', 'found', 'met'],
    goals.map(({ goal, found, isMet }) => [goal, found, isMet ? 'yes' : 'no']),
    2,
  )
}

const times = (factor: number) => `${factor >= 20 ? Math.round(factor) : factor.toFixed(1)} ×`

function partsOf(figures: readonly Figures[]) {
  const of = (policy: Policy) => {
    const found = figures.find((row) => row.policy === policy)
    if (found === undefined) throw new Error(`not run: ${policy}`)
    return found
  }
  const ours = of('ours')
  return {
    ours,
    blind: of('ours without signals'),
    plain: of('round-robin'),
    best: of('oracle'),
    name: `${ours.assumptions}${ours.seed === 42 ? '' : `, seed ${ours.seed}`}`,
  }
}
