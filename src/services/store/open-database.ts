import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { keep, readOne } from './keep.ts'
import { APPLICATION_ID, DatabaseRefusedError, migrate } from './migrate.ts'
import { refuseUnfinishedRestore } from './replace-database.ts'
import { backUpBeforeUpgrade } from './upgrade-backup.ts'

/** Older versions can corrupt a write-ahead log that several connections use (sqlite.org: WAL-reset bug, fixed in 3.51.3). */
const OLDEST_SQLITE = [3, 51, 3] as const

const SYNCHRONOUS_FULL = 2

export type OpenOptions = {
  /** Called with the backup that was made beside the database before its schema was upgraded. */
  readonly onUpgrade?: (backupFile: string) => void
  /** False: there is a backup of it already. */
  readonly backUp?: boolean
}

/**
 * Opens, creates or upgrades the database at `path` (`:memory:` for none on disk), readable by its owner only.
 * @throws DatabaseRefusedError when the file isn't ours, is newer than this build, or can't keep what it is told.
 */
export function openDatabase(path: string, { onUpgrade, backUp = true }: OpenOptions = {}): Database.Database {
  if (path !== ':memory:') {
    refuseUnfinishedRestore(path)
    makeFile(path)
  }
  const db = keep(new Database(path))
  try {
    refuseForeignFile(db)
    refuseOldSqlite(db)
    // Before every page is read. SQLite's own default; better-sqlite3's is eight times that, which made nothing quicker.
    db.exec('pragma cache_size = -2000')
    refuseDamage(db)
    db.exec('pragma journal_mode = wal')
    db.exec('pragma foreign_keys = on')
    db.exec('pragma busy_timeout = 5000')
    db.exec('pragma secure_delete = on')
    // What a statement needs in between stays out of files: faster, and nothing of it is left on the disk.
    db.exec('pragma temp_store = memory')
    db.exec('pragma synchronous = full')
    const backupFile = backUp && path !== ':memory:' ? backUpBeforeUpgrade(db, path, Date.now()) : null
    migrate(db)
    if (backupFile !== null) onUpgrade?.(backupFile)
    // better-sqlite3 is built with a weaker default for WAL, which takes hold at the first access: so ask again after it.
    db.exec('pragma synchronous = full')
    if (readOne(db, 'pragma synchronous') !== SYNCHRONOUS_FULL) {
      throw new DatabaseRefusedError('SQLite does not keep synchronous=FULL; a power cut could lose what was promised.')
    }
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** An existing file is not opened here: closing any descriptor of a file drops every POSIX lock the process has on it. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  // Before SQLite opens it: the files beside it get its mode.
  chmodSync(path, 0o600)
}

function refuseOldSqlite(db: Database.Database): void {
  const version = String(readOne(db, 'select sqlite_version()'))
  const parts = version.split('.').map(Number)
  for (const [index, oldest] of OLDEST_SQLITE.entries()) {
    const part = parts[index] ?? 0
    if (part > oldest) return
    if (part < oldest) {
      throw new DatabaseRefusedError(
        `SQLite ${version} is too old: versions before ${OLDEST_SQLITE.join('.')} can damage the database. ` +
          'Install better-sqlite3 as the lock file names it (npm ci).',
      )
    }
  }
}

/**
 * Every page and every column's type is looked at, though not every index entry. What a CHECK forbids is left to the reading of
 * the rows: asking that of every row takes four times as long as all the rest, and tells nothing of the file's soundness.
 */
function refuseDamage(db: Database.Database): void {
  db.exec('pragma ignore_check_constraints = on')
  try {
    if (readOne(db, 'pragma quick_check(1)') !== 'ok') throw damaged()
  } finally {
    db.exec('pragma ignore_check_constraints = off')
  }
}

function damaged(cause?: unknown): DatabaseRefusedError {
  return new DatabaseRefusedError(
    'The database at DATABASE_PATH is damaged. Keep the file for whoever can mend it, and restore a backup.',
    { cause },
  )
}

function refuseForeignFile(db: Database.Database): void {
  let tables: unknown
  try {
    tables = readOne(db, 'select count(*) from sqlite_schema')
  } catch (error) {
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT')) throw damaged(error)
    throw new DatabaseRefusedError(
      'The file at DATABASE_PATH is not a readable SQLite database. Move it away, or restore a backup.',
      { cause: error },
    )
  }
  const id = readOne(db, 'pragma application_id')
  if (id !== APPLICATION_ID && (id !== 0 || tables !== 0)) {
    throw new DatabaseRefusedError(
      "The file at DATABASE_PATH is another program's database. Point DATABASE_PATH at a file of the bot's own.",
    )
  }
}
