import { writeFileSync } from 'node:fs'
import { type Goal, goalsPicture, goalsTable } from './goals.ts'
import { markdownTable } from './markdown.ts'
import { type Plan, plansText } from './plan.ts'

export type Figures = Readonly<Record<string, number>>

export type Table = {
  readonly title: string
  /** What was measured, how, and how to read it. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What an option such as `--json FILE` asks for, and the words that are left. */
export function takeFile(
  option: string,
  args: readonly string[],
): { readonly file: string | null; readonly rest: readonly string[] } {
  const at = args.indexOf(option)
  const file = args[at + 1]
  if (at < 0 || file === undefined) return { file: null, rest: args }
  return { file, rest: args.toSpliced(at, 2) }
}

export type Report = {
  progress(done: number, of: number): void
  table(table: Table): void
  /** What was to be reached; all goals stand in a table at the end. */
  goal(goal: Goal): void
  /** How rows are found: a verdict, and all of it in the file for other programs. */
  plans(plans: readonly Plan[]): void
  end(): void
}

/** Tables in Markdown on standard output, how far it has come on standard error; in the end the files that were asked for. */
export function makeReport({ json, picture }: { json: string | null; picture: string | null }): Report {
  const tables: Table[] = []
  const goals: Goal[] = []
  const plans: Plan[] = []
  const report: Report = {
    progress: (done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done}/${of} rounds${done === of ? '\n' : ''}`)
    },
    plans: (found) => {
      plans.push(...found)
      console.log(plansText(found))
    },
    table: (table) => {
      tables.push(table)
      const { title, about, columns, rows } = table
      console.log(['', `### ${title}`, '', about, '', markdownTable(columns, rows), ''].join('\n'))
    },
    goal: (goal) => void goals.push(goal),
    end: () => {
      if (goals.length > 0) report.table(goalsTable(goals))
      if (json !== null) writeFileSync(json, `${JSON.stringify({ node: process.version, tables, plans }, null, 2)}\n`)
      if (picture !== null) writeFileSync(picture, goalsPicture(goals))
    },
  }
  return report
}
