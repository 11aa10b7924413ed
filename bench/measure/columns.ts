import { round } from './digits.ts'
import type { Figures } from './report.ts'
import { ratios, spreadOf } from './statistics.ts'

export type Results = ReadonlyMap<string, readonly Figures[]>

/** One figure of one contestant, round by round. */
export const column = (results: Results, name: string, figure: string): number[] =>
  (results.get(name) ?? []).map((each) => each[figure] ?? Number.NaN)

/** The median of the rounds, with the least and the most of them. */
export function withSpread(rounds: readonly number[], sign = ''): string {
  const { median, least, most } = spreadOf(rounds)
  return `${round(median)}${sign} (${round(least)}–${round(most)})`
}

/** The figure, and what it is of the floor's in the same round. */
export function besideFloor(results: Results, name: string, floor: string, figure: string): [string, string] {
  return [withSpread(column(results, name, figure)), withSpread(ratioOf(results, name, floor, figure), '×')]
}

/** What the figure is of the floor's, round by round. */
export const ratioOf = (results: Results, name: string, floor: string, figure: string): number[] =>
  ratios(column(results, name, figure), column(results, floor, figure))
