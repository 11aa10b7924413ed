import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'

/** The rows of the bot's database, as far as a trial needs them. */
export type VerificationRow = {
  readonly id: string
  readonly view_id: string
  readonly manager_id: string
  readonly employee_id: string
  readonly employee_number: number
  readonly status: string
  readonly session_id: string | null
  readonly outcome: string | null
  readonly closed_by: string | null
  readonly parks: number
}
export type MessageRow = {
  readonly id: string
  readonly verification_id: string
  readonly kind: string
  readonly state: string
  readonly channel_id: string | null
  readonly reason: string | null
}
export type Rows = { readonly verifications: readonly VerificationRow[]; readonly messages: readonly MessageRow[] }

export function readRows(path: string): Rows {
  return withDatabase(path, (db) => ({
    verifications: db.prepare<[], VerificationRow>('select * from verifications order by created_at').all(),
    messages: db.prepare<[], MessageRow>('select * from messages order by rowid').all(),
  }))
}

const BUSY = `select exists (select 1 from verifications where claimed = 1 or next_at <= :now)
  or exists (select 1 from messages where claimed = 1 or next_at <= :now)`
const NEXT = `select min(next_at) from (
  select next_at from verifications union all select next_at from messages
) where next_at is not null`

/** Whether something is under way or due, and when something will be (UTC ms; null: never again). */
export function readAgenda(path: string, now: number): { isBusy: boolean; nextAt: number | null } {
  return withDatabase(path, (db) => ({
    isBusy: db.prepare(BUSY).pluck().get({ now }) === 1,
    nextAt: db.prepare<[], number | null>(NEXT).pluck().get() ?? null,
  }))
}

/** What SQLite says about the file as a killed process left it, in its own words; empty when all is well. */
export function checkIntegrity(path: string): string[] {
  return withCopy(path, (db) => {
    const said = db.prepare<[], string>('pragma integrity_check').pluck().all()
    const orphans = db.prepare('pragma foreign_key_check').all().length
    return [...said.filter((line) => line !== 'ok'), ...(orphans > 0 ? [`${orphans} rows refer to nothing`] : [])]
  })
}

/** How many rows each table holds. */
export function countRows(path: string): Record<string, number> {
  return withCopy(path, (db) => {
    const tables = db.prepare<[], string>("select name from sqlite_master where type = 'table'").pluck().all()
    const count = (table: string) => Number(db.prepare(`select count(*) from ${table}`).pluck().get())
    return Object.fromEntries(tables.map((table) => [table, count(table)]))
  })
}

/** Looks at a copy, so that the process whose file it is, or the next one, has to recover by itself. */
function withCopy<T>(path: string, look: (db: Database.Database) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'verify-trial-'))
  const copy = join(folder, 'copy.db')
  try {
    for (const end of ['', '-wal']) if (existsSync(path + end)) copyFileSync(path + end, copy + end)
    const db = new Database(copy)
    try {
      return look(db)
    } finally {
      db.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withDatabase<T>(path: string, look: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true, fileMustExist: true })
  try {
    return look(db)
  } finally {
    db.close()
  }
}
