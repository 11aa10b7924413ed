import { readdirSync, readFileSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { readOne } from './keep.ts'

const FOLDER = new URL('./migrations/', import.meta.url)

/** "VfS1": tells our files from other SQLite databases. */
export const APPLICATION_ID = 0x56665331

/** A database this build must not touch; the message says what to do. */
export class DatabaseRefusedError extends Error {
  override readonly name = 'DatabaseRefusedError' as const
}

/**
 * Brings the schema up to this build's version: all in one transaction, forward only. It marks the file as ours in the same
 * transaction, so that a process killed right after it doesn't leave a file that the next one takes for somebody else's.
 * @throws DatabaseRefusedError when the file was made by a newer build.
 */
export function migrate(db: Database): void {
  const migrations = readMigrations()
  const run = db.transaction(() => {
    const { current } = schemaVersions(db)
    for (const [index, sql] of migrations.entries()) if (index >= current) db.exec(sql)
    if (current < migrations.length) db.exec(`pragma user_version = ${migrations.length}`)
    db.exec(`pragma application_id = ${APPLICATION_ID}`)
  })
  run.immediate()
}

/**
 * The schema version of this database, and the one of this build.
 * @throws DatabaseRefusedError when the file was made by a newer build.
 */
export function schemaVersions(db: Database): { current: number; latest: number } {
  const current = Number(readOne(db, 'pragma user_version'))
  const latest = readMigrations().length
  if (current <= latest) return { current, latest }
  throw new DatabaseRefusedError(
    `The database has schema version ${current}, this build knows ${latest}. ` +
      'It was used by a newer build: start that one, or restore a backup made before the upgrade.',
  )
}

/** `NNNN_verb_noun.sql`, in order; the number of a file is the version it brings. */
function readMigrations(): string[] {
  const files = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .sort()
  return files.map((file, index) => {
    if (Number(file.slice(0, 4)) !== index + 1) throw new Error(`migration out of order: ${file}`)
    return readFileSync(new URL(file, FOLDER), 'utf8')
  })
}
