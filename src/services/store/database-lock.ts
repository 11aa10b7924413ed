import { chmodSync, closeSync, existsSync, mkdirSync, openSync, realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { keep } from './keep.ts'

/** Another process works with this database. Its message says so and what to do. */
export class DatabaseInUseError extends Error {
  override readonly name = 'DatabaseInUseError'

  constructor(path: string, options?: ErrorOptions) {
    super(
      `Another process is using the database ${path}. ` +
        'Stop that one first, or give this one another database with DATABASE_PATH.',
      options,
    )
  }
}

export type DatabaseLock = { release(): void }

/**
 * Takes the database at `path` for this process, by an exclusive lock on `<path>.lock`, a second, empty SQLite file.
 * The operating system holds the lock (fcntl on POSIX: sqlite.org/lockingv3.html), so it ends with the process however
 * that ends, and what is left is only a file that locks nothing. Leave that file where it is.
 * @throws DatabaseInUseError at once, without waiting, when another process (or another call in this one) has it.
 */
export function lockDatabase(path: string): DatabaseLock {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const lockPath = `${canonical(path)}.lock`
  makeFile(lockPath)
  // Kept for another reason too: a connection that nobody refers to is closed, and its lock would go with it.
  const db = keep(new Database(lockPath, { timeout: 0 }))
  try {
    db.exec('pragma locking_mode = exclusive')
    // Nothing is ever written, so no journal is left behind that the next process would have to play back.
    db.exec('begin exclusive')
  } catch (error) {
    db.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new DatabaseInUseError(path, { cause: error })
    }
    throw error
  }
  return { release: () => void db.close() }
}

/** One name for one file, so that a link to the database or to its folder doesn't lead to a second lock. Its folder exists. */
export function canonical(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path))
}

/**
 * Made here only for its mode. An existing file is not opened: closing any descriptor of a file drops every POSIX lock
 * that the process has on it.
 */
function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600))
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    chmodSync(path, 0o600)
  }
}
