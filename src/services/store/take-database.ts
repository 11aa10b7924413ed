import type { Database } from 'better-sqlite3'
import { lockDatabase } from './database-lock.ts'
import { DatabaseRefusedError } from './migrate.ts'
import { type OpenOptions, openDatabase } from './open-database.ts'

/** The database at `path` for this process alone, and the way to let it go. */
export type TakenDatabase = { readonly db: Database; close(): void }

const SENTENCES: Readonly<Record<string, string>> = {
  EACCES: "can't be written. Let this user write to its folder, or choose another path.",
  EPERM: "can't be written. Let this user write to its folder, or choose another path.",
  EROFS: 'is on a read-only file system. Choose another path.',
  ENOTDIR: 'lies below something that is no folder. Choose another path.',
  EEXIST: 'lies below something that is no folder. Choose another path.',
  EISDIR: 'is a folder. Name a file in it, such as verify.db.',
  ENOSPC: 'is on a full disk. Make room and start again.',
  SQLITE_CANTOPEN: "can't be opened. It may be a folder, or this user may not read and write it.",
  SQLITE_READONLY: "can't be written. Let this user write to it and to its folder.",
  SQLITE_FULL: 'is on a full disk. Make room and start again.',
  SQLITE_IOERR: "can't be read or written: the disk is full or reports an error. Look at the disk, then start again.",
}

/**
 * Locks it, opens it, and brings it up to date.
 * @throws DatabaseInUseError when another process has it; DatabaseRefusedError, in a sentence, when it can't be used.
 */
export function takeDatabase(path: string, options: OpenOptions = {}): TakenDatabase {
  return inASentence(() => {
    const lock = lockDatabase(path)
    try {
      const db = openDatabase(path, options)
      return {
        db,
        close: () => {
          db.close()
          lock.release()
        },
      }
    } catch (error) {
      lock.release()
      throw error
    }
  })
}

/** What the operating system or SQLite says about the database's place, as something to do. */
export function inASentence<T>(take: () => T): T {
  try {
    return take()
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    const sentence = Object.entries(SENTENCES).find(([known]) => code === known || code.startsWith(`${known}_`))?.[1]
    if (sentence === undefined) throw error
    throw new DatabaseRefusedError(`The database at DATABASE_PATH ${sentence}`, { cause: error })
  }
}
