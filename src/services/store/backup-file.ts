import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, dirname } from 'node:path'
import Database from 'better-sqlite3'
import { damageIn } from './check-database.ts'
import { keep } from './keep.ts'

/** A backup that can't be made or must not be used; the message says why and what to do. */
export class BackupRefusedError extends Error {
  override readonly name = 'BackupRefusedError' as const
  readonly kind: 'there_already' | 'missing' | 'unsound' | 'not_written'

  constructor(kind: BackupRefusedError['kind'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

const CHUNK_BYTES = 1024 * 1024

/** Beside every backup, in the form that `sha256sum --check` reads. */
export const checksumFileOf = (file: string): string => `${file}.sha256`

/**
 * Copies the whole database, as it is at one moment, into a new file, while others may be writing to it. When this returns,
 * the copy has been checked and is on the disk; when it is killed, there is no such file, or a complete one.
 * `vacuum into` is SQLite's own way to copy a live database (sqlite.org/lang_vacuum.html): a single snapshot that never has
 * to begin again, and that leaves out the pages of what was erased.
 * @throws BackupRefusedError
 */
export function writeBackup(db: Database.Database, file: string): void {
  if (existsSync(file)) throw thereAlready(file)
  const part = `${file}.part`
  try {
    removePart(part)
    closeSync(openSync(part, 'wx', 0o600))
    keep(db.prepare('vacuum into ?')).run(part)
    refuseUnsound(part)
    writeChecksum(file, hashAndSync(part))
    publish(part, file)
    syncFolder(dirname(file))
  } catch (error) {
    const refused = notWritten(file, error)
    try {
      removePart(part)
    } catch {
      // Why it could not be written says more.
    }
    throw refused
  }
}

/**
 * Copies a backup to `target`, which must not be there, and makes sure that it is the one that was written.
 * `checksum: false`: takes a file that has none, such as one that another program restored.
 * @throws BackupRefusedError
 */
export function readBackup(file: string, target: string, { checksum }: { checksum: boolean }): void {
  if (!existsSync(file)) throw new BackupRefusedError('missing', `There is no file ${file}.`)
  const from = openBackup(file)
  try {
    copyBackup(file, from, target, checksum ? readChecksum(file) : null)
  } finally {
    closeSync(from)
  }
}

function copyBackup(file: string, from: number, target: string, expected: string | null): void {
  const hash = createHash('sha256')
  const to = openSync(target, 'wx', 0o600)
  try {
    for (const chunk of chunksOf(from)) {
      hash.update(chunk)
      for (let written = 0; written < chunk.length; ) written += writeSync(to, chunk, written)
    }
    fsyncSync(to)
  } finally {
    closeSync(to)
  }
  if (expected !== null && hash.digest('hex') !== expected) {
    throw new BackupRefusedError(
      'unsound',
      `${file} is not what was backed up: its checksum differs. Use another backup.`,
    )
  }
}

function openBackup(file: string): number {
  try {
    if (statSync(file).isFile()) return openSync(file, 'r')
  } catch (error) {
    throw new BackupRefusedError('missing', `${file} can't be read by this user.`, { cause: error })
  }
  throw new BackupRefusedError('missing', `${file} is not a file. Name the backup itself.`)
}

function removePart(part: string): void {
  for (const path of [part, `${part}-journal`]) rmSync(path, { force: true })
}

function notWritten(file: string, error: unknown): unknown {
  if (error instanceof BackupRefusedError || !(error instanceof Error && 'code' in error)) return error
  return new BackupRefusedError('not_written', `${file} can't be written (${String(error.code)}).`, { cause: error })
}

/** Renames, links and removals of files in it are on the disk. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  fsyncSync(folder)
  closeSync(folder)
}

function refuseUnsound(part: string): void {
  const copy = keep(new Database(part, { readonly: true }))
  const damage = damageIn(copy)
  copy.close()
  if (damage.length > 0) {
    throw new BackupRefusedError('unsound', `The database is damaged (${damage.join('; ')}). No backup was made.`)
  }
}

function* chunksOf(file: number): Generator<Buffer> {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  for (;;) {
    const read = readSync(file, buffer, 0, CHUNK_BYTES, null)
    if (read === 0) return
    yield buffer.subarray(0, read)
  }
}

function hashAndSync(path: string): string {
  const hash = createHash('sha256')
  const file = openSync(path, 'r+')
  for (const chunk of chunksOf(file)) hash.update(chunk)
  fsyncSync(file)
  closeSync(file)
  return hash.digest('hex')
}

/** Before the backup itself has its name: a backup without a checksum is one that was never finished. */
function writeChecksum(file: string, sum: string): void {
  const part = `${checksumFileOf(file)}.part`
  writeFileSync(part, `${sum}  ${basename(file)}\n`, { mode: 0o600, flush: true })
  renameSync(part, checksumFileOf(file))
}

function readChecksum(file: string): string {
  const path = checksumFileOf(file)
  const sum = /^([0-9a-f]{64}) /.exec(textOf(path))?.[1]
  if (sum !== undefined) return sum
  throw new BackupRefusedError(
    'unsound',
    `${path}, which says what the backup must be like, is missing or can not be read. Put it beside the backup. ` +
      'For a file that never had one, add --no-checksum.',
  )
}

/** Empty when there is none, or none that can be read. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** A link, unlike a rename, fails when somebody has made the file meanwhile; not every file system has links. */
function publish(part: string, file: string): void {
  try {
    linkSync(part, file)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw thereAlready(file)
    if (existsSync(file)) throw thereAlready(file)
    renameSync(part, file)
  }
  rmSync(part, { force: true })
}

function thereAlready(file: string): BackupRefusedError {
  return new BackupRefusedError('there_already', `${file} is there already. Choose another name; nothing was written.`)
}
