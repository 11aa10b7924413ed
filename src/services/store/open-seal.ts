import type { KeyObject } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import type { Log } from '../log.ts'
import { KeyRefusedError, keyFileOf, makeKeyFile, readKeyFile } from './encryption-keys.ts'
import { makeEraseTraces } from './erase-traces.ts'
import { hasSealedLinks, resealLinks } from './sealed-links.ts'
import { makeSeal, type Seal } from './sealing.ts'

/**
 * The seal for this database: with the keys of ENCRYPTION_KEY, else with those of the key file, which is made on the first
 * start. What an older key has sealed is sealed anew.
 * @throws KeyRefusedError when links in the database were sealed with a key that isn't given.
 */
export function openSeal(
  db: Database,
  deps: { databasePath: string; encryptionKeys: readonly KeyObject[]; log: Log },
): { seal: Seal; keys: readonly KeyObject[] } {
  const { log } = deps
  const keyFile = keyFileOf(deps.databasePath)
  const keys = deps.encryptionKeys.length > 0 ? deps.encryptionKeys : keysOfFile(db, keyFile, log)
  const seal = makeSeal(keys)
  const { resealed, strange } = resealLinks(db, seal)
  if (strange > 0) throw strangeLinks(keyFile)
  if (resealed > 0) log.info('links sealed with the new encryption key', { count: resealed })
  // A process that was killed right after it had erased something left its traces here.
  makeEraseTraces(db)()
  return { seal, keys }
}

function keysOfFile(db: Database, keyFile: string, log: Log): readonly KeyObject[] {
  if (existsSync(keyFile)) return readKeyFile(keyFile)
  if (hasSealedLinks(db)) throw strangeLinks(keyFile)
  const keys = makeKeyFile(keyFile)
  log.warn('made an encryption key: back it up, apart from the database', { keyFile })
  return keys
}

function strangeLinks(keyFile: string): KeyRefusedError {
  return new KeyRefusedError(
    'The database holds links that were sealed with an encryption key that is not given. ' +
      `Add the old key to ENCRYPTION_KEY, after a comma, or restore the key file ${keyFile}.`,
  )
}
