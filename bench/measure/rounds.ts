import type { Figures, Report } from './report.ts'

export type Contestant = { readonly name: string; run(round: number): Promise<Figures> }

/**
 * Runs every contestant once in each round, in an order that turns from round to round, so that none always goes first.
 * One round before the first warms everything up and is thrown away.
 */
export async function interleave(
  contestants: readonly Contestant[],
  { rounds, report }: { rounds: number; report: Report },
): Promise<Map<string, Figures[]>> {
  const results = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]))
  for (let round = -1; round < rounds; round += 1) {
    const turn = Math.max(0, round) % contestants.length
    for (const { name, run } of [...contestants.slice(turn), ...contestants.slice(0, turn)]) {
      const figures = await run(round)
      if (round >= 0) results.get(name)?.push(figures)
    }
    report.progress(round + 1, rounds)
  }
  return results
}
