import type { KeyObject } from 'node:crypto'
import { existsSync, renameSync, rmSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import { counted } from '../counted.ts'
import { setHeadAside } from './audit-heads.ts'
import { BackupRefusedError, readBackup } from './backup-file.ts'
import { damageIn } from './check-database.ts'
import { canonical, lockDatabase } from './database-lock.ts'
import { KeyRefusedError, keyFileOf, readKeyFile } from './encryption-keys.ts'
import { keep, readOne } from './keep.ts'
import { DatabaseRefusedError, schemaVersions } from './migrate.ts'
import { openDatabase } from './open-database.ts'
import { openReadOnly } from './open-read-only.ts'
import { readyFileOf, replaceDatabase } from './replace-database.ts'
import { makeRestoreStore } from './restore-store.ts'
import { hasSealedLinks, sealedLinks } from './sealed-links.ts'
import { makeSeal } from './sealing.ts'
import { stampOf } from './stamp.ts'
import { inASentence } from './take-database.ts'

export type Restored = {
  /** UTC ms of the newest thing that the backup knows; 0: it is empty. */
  readonly asOf: number
  /** Where the database is that was there before; null: there was none. */
  readonly aside: string | null
  /** How often somebody was forgotten since the backup was made; null when that can't be read. */
  readonly forgottenSince: number | null
}

type Options = {
  readonly databasePath: string
  readonly encryptionKeys: readonly KeyObject[]
  readonly checksum: boolean
  readonly now: number
}

/**
 * Puts a backup in the place of the database: only one that is sound in every respect, upgraded to this build's schema and
 * marked as restored. Until the very last step nothing of the database before is touched, and then it is set aside.
 * @throws DatabaseInUseError, BackupRefusedError, DatabaseRefusedError, KeyRefusedError
 */
export function restoreDatabase(file: string, options: Options): Restored {
  const { databasePath, now } = options
  const lock = inASentence(() => lockDatabase(databasePath))
  const path = canonical(databasePath)
  const candidate = `${path}.restoring`
  try {
    for (const left of [candidate, readyFileOf(path)]) remove(left)
    const { asOf, head } = inASentence(() => {
      readBackup(file, candidate, options)
      inspect(candidate, options)
      return prepare(candidate, now)
    })
    const forgottenSince = existsSync(path) ? forgottenAfter(path, head) : 0
    renameSync(candidate, readyFileOf(path))
    const aside = `${path}.before-restore-${stampOf(now)}`
    const hadOne = replaceDatabase(path, aside)
    setHeadAside(databasePath, now)
    return { asOf, aside: hadOne ? aside : null, forgottenSince }
  } finally {
    remove(candidate)
    lock.release()
  }
}

function remove(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true })
}

/** Whether it is ours, whole, of a schema we know, and sealed with a key we have. */
function inspect(candidate: string, options: Options): void {
  const db = openCandidate(candidate)
  try {
    const damage = damageIn(db)
    if (damage.length > 0) {
      throw new BackupRefusedError('unsound', `The backup is damaged (${damage.join('; ')}). Use another backup.`)
    }
    newerRefused(db)
    refuseStrangeLinks(db, options)
  } finally {
    db.close()
  }
}

function openCandidate(candidate: string): Database {
  try {
    return openReadOnly(candidate)
  } catch (error) {
    if (!(error instanceof DatabaseRefusedError)) throw error
    throw new BackupRefusedError('unsound', "The file is not a backup of the bot's database.", { cause: error })
  }
}

function newerRefused(db: Database): void {
  try {
    schemaVersions(db)
  } catch (error) {
    if (!(error instanceof DatabaseRefusedError)) throw error
    throw new BackupRefusedError('unsound', error.message.replace('The database', 'The backup'), { cause: error })
  }
}

function refuseStrangeLinks(db: Database, { databasePath, encryptionKeys }: Options): void {
  if (!hasSealedLinks(db)) return
  const keyFile = keyFileOf(databasePath)
  const keys = encryptionKeys.length > 0 || !existsSync(keyFile) ? encryptionKeys : readKeyFile(keyFile)
  const seal = keys.length === 0 ? null : makeSeal(keys)
  const strange = sealedLinks(db).filter(({ link }) => seal?.isKnown(link) !== true).length
  if (strange === 0) return
  throw new KeyRefusedError(
    `The backup holds ${counted(strange, 'link')} sealed with an encryption key that is not given. ` +
      `Restore the key file ${keyFile}, or add the key of that time to ENCRYPTION_KEY, after a comma.`,
  )
}

/** Upgraded, marked as restored, and folded into one file. */
function prepare(candidate: string, now: number): { asOf: number; head: Head } {
  const db = openDatabase(candidate, { backUp: false })
  try {
    const head = headOf(db)
    const store = makeRestoreStore(db)
    store.markRestored(now)
    return { asOf: store.pending()?.asOf ?? 0, head }
  } finally {
    db.close()
  }
}

type Head = { readonly seq: number; readonly hash: string | null }

function headOf(db: Database): Head {
  const seq = Number(readOne(db, 'select coalesce(max(seq), 0) from audit'))
  return { seq, hash: hashAt(db, seq) }
}

function hashAt(db: Database, seq: number): string | null {
  const hash = keep(db.prepare('select hash from audit where seq = ?').pluck()).get(seq)
  return typeof hash === 'string' ? hash : null
}

// Retention names the verification; the operator's command doesn't.
const FORGOTTEN = `select count(*) from audit where action = 'erase' and verification_id is null and seq > ?`

/** Null: the database there now can't be read, or is not of the same audit. */
function forgottenAfter(databasePath: string, { seq, hash }: Head): number | null {
  try {
    const db = openReadOnly(databasePath)
    try {
      if (hash !== hashAt(db, seq)) return null
      return Number(keep(db.prepare(FORGOTTEN).pluck()).get(seq))
    } finally {
      db.close()
    }
  } catch {
    return null
  }
}
