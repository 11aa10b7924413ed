import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { closeSync, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { KEY_BYTES } from './sealing.ts'

/** The encryption key can't be used as it is. Says what to do, never the key. */
export class KeyRefusedError extends Error {
  override readonly name = 'KeyRefusedError' as const
}

/** What a text of keys, with commas between, holds; null when one of them isn't 32 bytes in base64. */
export function readKeys(text: string): KeyObject[] | null {
  const keys = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map(readKey)
  const good = keys.filter((key) => key !== null)
  return good.length === 0 || good.length < keys.length ? null : good
}

/** Both alphabets of base64, with padding or without; what Node would only skip over is refused. */
function readKey(entry: string): KeyObject | null {
  const bytes = Buffer.from(entry, 'base64')
  const written = entry.replaceAll('-', '+').replaceAll('_', '/').replace(/=$/, '')
  if (bytes.length !== KEY_BYTES || written !== bytes.toString('base64').replace(/=$/, '')) return null
  // A key somebody typed, such as 32 zeros. Random bytes are this alike less than once in 2^100 keys.
  return new Set(bytes).size < 8 ? null : createSecretKey(bytes)
}

/** Where the key is kept when the operator gives none. */
export function keyFileOf(databasePath: string): string {
  return `${databasePath}.key`
}

/**
 * Reads the key file.
 * @throws KeyRefusedError when others may read it, or it holds no key.
 */
export function readKeyFile(path: string): KeyObject[] {
  const file = openSync(path, 'r')
  try {
    const { mode } = fstatSync(file)
    if ((mode & 0o077) !== 0) {
      throw new KeyRefusedError(
        `Others than its owner may read the key file ${path}. Run: chmod 600 '${path}'. ` +
          'If somebody may have read it, put a new key in front of it: see ENCRYPTION_KEY in the README.',
      )
    }
    const keys = readKeys(readFileSync(file, 'utf8'))
    if (keys !== null) return keys
    throw new KeyRefusedError(
      `The key file ${path} holds no key: 32 bytes in base64 are expected. Restore it from a backup, ` +
        'or move it away to have a new one made; links that wait for employees are then lost.',
    )
  } finally {
    closeSync(file)
  }
}

/** Makes a key and waits until it is on the disk: what it seals must not outlive it. */
export function makeKeyFile(path: string): KeyObject[] {
  const bytes = randomBytes(KEY_BYTES)
  const file = openSync(path, 'wx', 0o600)
  writeSync(file, `${bytes.toString('base64')}\n`)
  fsyncSync(file)
  closeSync(file)
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return [createSecretKey(bytes)]
}
