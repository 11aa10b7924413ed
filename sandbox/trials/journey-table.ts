import type { Judged } from './judge-journeys.ts'

/** What came of one kind of trouble on one line; a text: the trial itself broke. */
export type TrialResult = { readonly line: string; readonly kind: string; readonly judged: Judged | string }

/** How many kinds of trouble each journey came through, line by line. */
export function journeyTable(
  names: readonly string[],
  lines: readonly string[],
  results: readonly TrialResult[],
): { readonly table: readonly string[]; readonly played: number; readonly right: number } {
  const cell = (name: string, line: string) => {
    const there = results.filter((result) => result.line === line)
    return { played: there.length, right: there.filter((result) => isRight(result, name)).length }
  }
  const cells = names.map((name) => lines.map((line) => cell(name, line)))
  const widest = Math.max(...names.map(({ length }) => length))
  const row = (first: string, rest: readonly string[]) =>
    [first.padEnd(widest), ...rest.map((each, index) => each.padStart(lines[index]?.length ?? 0))].join('  ')
  const sum = (of: 'played' | 'right') => cells.flat().reduce((total, each) => total + each[of], 0)
  return {
    table: [
      row('ended right', lines),
      ...names.map((name, index) =>
        row(
          name,
          (cells[index] ?? []).map(({ right, played }) => `${right} of ${played}`),
        ),
      ),
    ],
    played: sum('played'),
    right: sum('right'),
  }
}

function isRight({ judged }: TrialResult, name: string): boolean {
  return typeof judged !== 'string' && judged.journeys.get(name)?.length === 0
}

/** Everything that is wrong with a trial, in words. */
export function problemsOf({ judged }: TrialResult): string[] {
  if (typeof judged === 'string') return [judged]
  const own = [...judged.journeys].flatMap(([name, problems]) => problems.map((problem) => `${name}: ${problem}`))
  return [...own, ...judged.others]
}
