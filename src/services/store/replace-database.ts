import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { syncFolder } from './backup-file.ts'
import { canonical } from './database-lock.ts'
import { keep } from './keep.ts'
import { DatabaseRefusedError } from './migrate.ts'

/** Where a restored database stands, complete and checked, until it takes the place of the one before. */
export const readyFileOf = (path: string): string => `${path}.restore-ready`

/**
 * Puts the database at `readyFileOf(path)` in the place of the one at `path`, which is set aside under `aside` with all that
 * belongs to it. Both paths are canonical, and the lock is held. A kill in the middle leaves the file that says so.
 * @returns whether there was one before.
 */
export function replaceDatabase(path: string, aside: string): boolean {
  const hadOne = existsSync(path)
  if (hadOne) {
    foldIn(path)
    for (const suffix of ['', '-wal'])
      if (existsSync(`${path}${suffix}`)) copyAs(`${path}${suffix}`, `${aside}${suffix}`)
    syncFolder(dirname(path))
  }
  // A log left beside another database would be played back into it.
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  renameSync(readyFileOf(path), path)
  syncFolder(dirname(path))
  return hadOne
}

/** @throws DatabaseRefusedError when a restore was cut off at the one moment at which the database at `path` may lack its end. */
export function refuseUnfinishedRestore(path: string): void {
  if (!existsSync(dirname(path)) || !existsSync(readyFileOf(canonical(path)))) return
  throw new DatabaseRefusedError(
    'A restore was cut off before it was done. Run "npm run restore -- FILE" again with the same file.',
  )
}

/** What the write-ahead log holds goes into the file. One that is damaged is set aside as it stands, with its log. */
function foldIn(path: string): void {
  try {
    const db = keep(new Database(path, { fileMustExist: true }))
    try {
      db.exec('pragma journal_mode = delete')
    } finally {
      db.close()
    }
  } catch {
    // Why it is being replaced, perhaps.
  }
}

function copyAs(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch {
    copyFileSync(from, to)
  }
}
