import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { loadDatabasePath } from './config.ts'
import { EXIT, endedBy } from './exit-codes.ts'
import { CSV_HEADER, csvLine, jsonLine } from './services/audit-export.ts'
import { counted } from './services/counted.ts'
import { headFile, parseHead, readHead, writeHead } from './services/store/audit-heads.ts'
import { readAuditRecord } from './services/store/audit-store.ts'
import { keep } from './services/store/keep.ts'
import { type AuditHead, checkAudit, openForReading } from './services/store/read-audit.ts'

// The operator's command `npm run audit`, also while the bot runs. Exit codes: 0 fine, 1 the audit is broken, 64 wrong
// usage, 65 the database is missing or refused, 78 wrong settings (sysexits.h).

const USAGE = `Usage: npm run audit -- check [--head NUMBER:HASH]
       npm run audit -- export --format csv|json [--since 2026-01-01]

check   (or --check) finds rows of the audit that were changed, removed, added or put in another order. It prints the head:
        note it somewhere else, and give it back with --head to find out whether anything up to it was replaced since.
export  writes the entries to standard output, oldest first; --since is a day in UTC.`

const PAGE = 1000
const AFTER = 'select * from audit where seq > ? and at >= ? order by seq limit ?'

const Seq = z.looseObject({ seq: z.int() })

class UsageError extends Error {
  override readonly name = 'UsageError'
}

process.exitCode = await run(process.argv.slice(2))

async function run(args: string[]): Promise<number> {
  try {
    const task = readArguments(args)
    const path = loadDatabasePath(process.env)
    const db = openForReading(path)
    return task.do === 'check' ? check(db, path, task.head) : await exportAll(db, task)
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(USAGE)
      return EXIT.usage
    }
    return endedBy(error, console.error)
  }
}

function check(db: Database, path: string, given: AuditHead | null): number {
  const noted = readHead(headFile(path))
  const known = [given, noted ?? null].filter((head) => head !== null)
  const found = known.map((head) => checkAudit(db, [head]))
  const { rows, head, restores, problems } = found[0] ?? checkAudit(db)
  const all = new Set([...problems, ...found.flatMap((each) => each.problems)])
  if (noted === undefined) all.add(`The head noted in ${headFile(path)} can not be read.`)
  const notes = restores.map(noteOf)
  if (all.size > 0) {
    const broken = `The audit is broken (${counted(rows, 'entry', 'entries')}):`
    const lines = [broken, ...[...all].map((problem) => `- ${problem}`), ...notes]
    console.error(lines.join('\n'))
    return 1
  }
  const holds = `The audit holds: ${counted(rows, 'entry', 'entries')}. Head: ${writeHead(head).trim()}`
  console.log([holds, ...notes].join('\n'))
  if (noted === null) console.log('No head was noted beside the database, so a cut at the end would not be found.')
  return 0
}

/** An honest gap: whoever noted a head before it will not find it here. */
function noteOf({ seq, at }: { seq: number; at: number }): string {
  return `Entry ${seq}: a backup was restored at ${new Date(at).toISOString()}. What had been recorded after entry ${seq - 1} until then is not here; a head noted in that time is not either.`
}

async function exportAll(db: Database, { format, since }: { format: 'csv' | 'json'; since: number }): Promise<number> {
  const line = format === 'csv' ? csvLine : jsonLine
  const page = keep(db.prepare(AFTER))
  // Page by page, so that a slow reader keeps the bot's log from growing no longer than one page takes.
  function* lines(): Generator<string> {
    if (format === 'csv') yield `${CSV_HEADER}\r\n`
    for (let last = 0; ; ) {
      const rows = page.all(last, since, PAGE)
      for (const row of rows) yield `${line(readAuditRecord(row))}${format === 'csv' ? '\r\n' : '\n'}`
      if (rows.length < PAGE) return
      last = Seq.parse(rows.at(-1)).seq
    }
  }
  try {
    await pipeline(Readable.from(lines()), process.stdout)
    return 0
  } catch (error) {
    if (error instanceof z.ZodError) {
      console.error('An entry can not be read. Run "npm run audit -- check".')
      return 1
    }
    // Whoever read it has read enough.
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return 0
    throw error
  }
}

type Task = { do: 'check'; head: AuditHead | null } | { do: 'export'; format: 'csv' | 'json'; since: number }

function readArguments(args: string[]): Task {
  const { positionals, values } = parsed(args)
  const { head, format, since } = values
  const [verb, ...more] = values.check === true ? ['check', ...positionals] : positionals
  if (more.length > 0) throw new UsageError()
  if (verb === 'check' && format === undefined && since === undefined) {
    const given = head === undefined ? null : parseHead(head)
    if (head === undefined || given !== null) return { do: 'check', head: given }
  }
  if (verb === 'export' && head === undefined && (format === 'csv' || format === 'json')) {
    const day = since === undefined ? 0 : dayOf(since)
    if (day !== null) return { do: 'export', format, since: day }
  }
  throw new UsageError()
}

function parsed(args: string[]) {
  const string = { type: 'string' } as const
  try {
    const check = { type: 'boolean' } as const
    return parseArgs({ args, allowPositionals: true, options: { check, head: string, format: string, since: string } })
  } catch (error) {
    throw new UsageError('arguments', { cause: error })
  }
}

/** The first moment of a day as it is written, UTC ms; null when there is no such day. */
function dayOf(text: string): number | null {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? null : at
}
