import type { Database } from 'better-sqlite3'
import type { Verification } from '../verification.ts'
import { keep } from './keep.ts'
import { type Place, type Seal, SealBrokenError } from './sealing.ts'
import { writeVerification } from './verification-columns.ts'
import { readVerification } from './verification-rows.ts'

/** Verification ↔ row, where the row's link is sealed and the verification's is not. */
export type SealedRows = {
  read(row: unknown): Verification
  /** The one row that was asked for, if it is there. */
  readOne(row: unknown): Verification | null
  write(verification: Verification): ReturnType<typeof writeVerification>
}

const placeOf = (id: string): Place => ({ table: 'verifications', column: 'link', row: id })

export function makeSealedRows(seal: Seal): SealedRows {
  function read(row: unknown): Verification {
    const verification = readVerification(row)
    if (!('session' in verification) || verification.session === null) return verification
    const { id, session } = verification
    return { ...verification, session: { ...session, link: seal.open(session.link, placeOf(id)) } }
  }

  return {
    read,
    readOne: (row) => (row === undefined ? null : read(row)),
    write: (verification) => {
      const columns = writeVerification(verification)
      const { link } = columns
      return link === null ? columns : { ...columns, link: seal.seal(String(link), placeOf(verification.id)) }
    },
  }
}

export type SealedRow = { readonly id: string; readonly link: string }

function isSealed(row: unknown): row is SealedRow {
  if (typeof row !== 'object' || row === null || !('link' in row) || !('id' in row)) return false
  return typeof row.link === 'string' && typeof row.id === 'string'
}

const SEALED = 'select id, link from verifications where link is not null'
// By SQLite itself: a hundred thousand links are not read into memory at every start to find that nothing is to be done.
const SEALED_OTHERWISE = `${SEALED} and substr(link, 1, length(:current)) <> :current`
const RESEAL = 'update verifications set link = :link where id = :id'

export function hasSealedLinks(db: Database): boolean {
  return keep(db.prepare(`${SEALED} limit 1`)).get() !== undefined
}

/** Rows with a link, as it is stored. */
export function sealedLinks(db: Database): SealedRow[] {
  return keep(db.prepare(SEALED)).all().filter(isSealed)
}

/**
 * Boot: what an older key has sealed is sealed with the current one, so that the older one may leave.
 * A link that was changed stays as it is; its row is set aside when the worker comes to it.
 * @returns how many were sealed anew, and how many no given key has sealed (then nothing was changed).
 */
export function resealLinks(db: Database, seal: Seal): { resealed: number; strange: number } {
  const otherwise = keep(db.prepare(SEALED_OTHERWISE))
  const update = keep(db.prepare(RESEAL))
  const run = db.transaction(() => {
    const old = otherwise.all({ current: seal.current }).filter(isSealed)
    const strange = old.filter(({ link }) => !seal.isKnown(link)).length
    if (strange > 0) return { resealed: 0, strange }
    const resealed = old.filter(({ id, link }) => {
      const plain = openOrNull(seal, link, placeOf(id))
      return plain !== null && update.run({ id, link: seal.seal(plain, placeOf(id)) }).changes === 1
    })
    return { resealed: resealed.length, strange }
  })
  return run.immediate()
}

function openOrNull(seal: Seal, link: string, place: Place): string | null {
  try {
    return seal.open(link, place)
  } catch (error) {
    if (error instanceof SealBrokenError) return null
    throw error
  }
}
