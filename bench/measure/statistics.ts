/** The value below which this share of the sample lies (nearest rank). */
export function quantile(sample: readonly number[], share: number): number {
  const sorted = sample.toSorted((one, other) => one - other)
  const rank = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))
  return sorted[rank] ?? Number.NaN
}

export const median = (sample: readonly number[]): number => quantile(sample, 0.5)

export type Spread = { readonly median: number; readonly least: number; readonly most: number }

/** What a figure came to over all rounds. */
export function spreadOf(rounds: readonly number[]): Spread {
  return { median: median(rounds), least: Math.min(...rounds), most: Math.max(...rounds) }
}

/** Round by round, so that what slowed the machine down for a moment slowed both. */
export function ratios(ours: readonly number[], floor: readonly number[]): number[] {
  return ours.map((value, round) => value / (floor[round] ?? Number.NaN))
}
