import type { Database } from 'better-sqlite3'
import { AuditRow, GENESIS, hashOf, markOf } from './audit-chain.ts'
import { keep, readOne } from './keep.ts'
import { DatabaseRefusedError } from './migrate.ts'
import { openReadOnly } from './open-read-only.ts'

/** The end of the audit: whoever knows it can tell that nothing before it was changed or cut off. */
export type AuditHead = { readonly seq: number; readonly hash: string }

export type AuditCheck = {
  readonly rows: number
  readonly head: AuditHead
  /** The rows that say that the database was put back: what an earlier one recorded after each is not in this one. */
  readonly restores: readonly { readonly seq: number; readonly at: number }[]
  /** What is wrong, row by row, in words of ours. Empty: the chain holds. */
  readonly problems: readonly string[]
}

const MOST_PROBLEMS = 50

/**
 * Opens the database for reading only, while the bot may be writing to it.
 * @throws DatabaseRefusedError when there is none of ours with an audit in it.
 */
export function openForReading(path: string): Database {
  const db = openReadOnly(path)
  if (readOne(db, "select count(*) from sqlite_schema where name = 'audit'") === 1) return db
  db.close()
  throw new DatabaseRefusedError(
    'The database at DATABASE_PATH has no audit: start the bot once, so that it makes one.',
  )
}

/**
 * Goes through the whole audit: every row, its place, its hash and its people. `known`: heads noted earlier, which must
 * still be there; only they can tell that the last rows, or the whole chain, were replaced.
 */
export function checkAudit(db: Database, known: readonly AuditHead[] = []): AuditCheck {
  const problems: string[] = []
  const restores: { seq: number; at: number }[] = []
  let head: AuditHead = { seq: 0, hash: GENESIS }
  let rows = 0
  let erased = 0
  let tombstones = 0
  const expected = new Map(known.map(({ seq, hash }) => [seq, hash]))
  for (const stored of keep(db.prepare('select * from audit order by seq')).iterate()) {
    rows += 1
    const read = AuditRow.safeParse(stored)
    if (!read.success) {
      problems.push(`Row ${rows} can not be read.`)
      continue
    }
    const row = read.data
    problems.push(...problemsOf(row, head))
    if (row.action === 'restore') restores.push({ seq: row.seq, at: row.at })
    const hash = expected.get(row.seq)
    if (hash !== undefined && hash !== row.hash) problems.push(`Row ${row.seq} is not the one that was noted.`)
    expected.delete(row.seq)
    erased += row.erased
    tombstones += Number(row.actor_mark !== null && row.actor_id === null)
    tombstones += Number(row.subject_mark !== null && row.subject_id === null)
    head = { seq: row.seq, hash: row.hash }
  }
  for (const [seq, hash] of expected) {
    const isStart = seq === 0 && hash === GENESIS
    if (!isStart) problems.push(`Row ${seq} was there once and is missing: the end of the audit was cut off.`)
  }
  if (erased !== tombstones) {
    problems.push(`Names missing from the entries: ${tombstones}; taken out on record: ${erased}.`)
  }
  return { rows, head, restores, problems: problems.slice(0, MOST_PROBLEMS) }
}

function problemsOf(row: AuditRow, before: AuditHead): string[] {
  const problems: string[] = []
  if (row.seq !== before.seq + 1)
    problems.push(`Row ${row.seq} follows row ${before.seq}: something is missing or added.`)
  if (row.previous_hash !== before.hash) problems.push(`Row ${row.seq} is not chained to the row before it.`)
  if (row.hash !== hashOf(row)) problems.push(`Row ${row.seq} was changed.`)
  if (!isKept(row.actor_mark, row.actor_salt, row.actor_id, null))
    problems.push(`Row ${row.seq}: the actor was changed.`)
  if (!isKept(row.subject_mark, row.subject_salt, row.subject_id, row.employee_number)) {
    problems.push(`Row ${row.seq}: the subject was changed.`)
  }
  return problems
}

/** Somebody is who the mark was made for, or was forgotten, or was never there. */
function isKept(
  mark: string | null,
  salt: string | null,
  userId: string | null,
  employeeNumber: number | null,
): boolean {
  if (userId === null) return salt === null && employeeNumber === null
  return salt !== null && mark !== null && markOf(salt, userId, employeeNumber) === mark
}
