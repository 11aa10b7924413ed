import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { BackupRefusedError, checksumFileOf, writeBackup } from './backup-file.ts'
import { DatabaseRefusedError, schemaVersions } from './migrate.ts'
import { stampOf } from './stamp.ts'

/** As many as are kept beside the database; each holds what the database held, sealed links too. */
const KEPT = 3

/**
 * Before an upgrade of the schema: a backup beside the database, named with the version and the time. The oldest go.
 * @returns its path; null when there is nothing to upgrade, or nothing yet to back up.
 * @throws DatabaseRefusedError when none can be made: then nothing is upgraded.
 */
export function backUpBeforeUpgrade(db: Database, path: string, now: number): string | null {
  const { current, latest } = schemaVersions(db)
  if (current === 0 || current >= latest) return null
  const file = `${path}.schema-${current}-${stampOf(now)}.bak`
  try {
    writeBackup(db, file)
  } catch (error) {
    if (!(error instanceof BackupRefusedError)) throw error
    throw new DatabaseRefusedError(
      `The database has to be upgraded from schema version ${current} to ${latest}, and no backup could be made before. ` +
        `Nothing was changed. ${error.message}`,
      { cause: error },
    )
  }
  for (const old of upgradeBackupsOf(path).slice(KEPT)) {
    rmSync(old)
    rmSync(checksumFileOf(old), { force: true })
  }
  return file
}

/** Newest first. */
export function upgradeBackupsOf(path: string): string[] {
  const name = basename(path)
  const stampIn = (file: string) =>
    file.startsWith(`${name}.schema-`)
      ? /^\d+-(\d{8}T\d{9}Z)\.bak$/.exec(file.slice(`${name}.schema-`.length))?.[1]
      : undefined
  return readdirSync(dirname(path))
    .flatMap((file) => {
      const stamp = stampIn(file)
      return stamp === undefined ? [] : [{ file: join(dirname(path), file), stamp }]
    })
    .toSorted((one, other) => other.stamp.localeCompare(one.stamp))
    .map(({ file }) => file)
}
