import { writeFileSync } from 'node:fs'

export type Figures = Readonly<Record<string, number>>

export type Table = {
  readonly title: string
  /** What was measured, how, and how to read it. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** What `--json FILE` asks for, and the words that are left. */
export function takeJson(args: readonly string[]): { readonly file: string | null; readonly rest: readonly string[] } {
  const at = args.indexOf('--json')
  const file = args[at + 1]
  if (at < 0 || file === undefined) return { file: null, rest: args }
  return { file, rest: args.toSpliced(at, 2) }
}

/** The tables again, for other programs. */
export function writeTables(file: string | null, { tables }: { readonly tables: readonly Table[] }): void {
  if (file !== null) writeFileSync(file, `${JSON.stringify({ node: process.version, tables }, null, 2)}\n`)
}

export type Report = {
  progress(done: number, of: number): void
  table(table: Table): void
  say(line: string): void
}

/** Tables in Markdown on standard output; how far it has come on standard error. */
export function makeReport(): Report & { readonly tables: readonly Table[] } {
  const tables: Table[] = []
  return {
    tables,
    progress: (done, of) => {
      if (process.stderr.isTTY) process.stderr.write(`\r${done}/${of} rounds${done === of ? '\n' : ''}`)
    },
    say: (line) => console.log(line),
    table: (table) => {
      tables.push(table)
      const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
      const head = [line(table.columns), line(table.columns.map((_, index) => (index === 0 ? '---' : '---:')))]
      console.log(['', `### ${table.title}`, '', table.about, '', ...head, ...table.rows.map(line), ''].join('\n'))
    },
  }
}

/** Three digits that mean something. */
export function round(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 100) return Math.round(value).toLocaleString('en-GB')
  return value >= 10 ? value.toFixed(1) : value.toFixed(2)
}
