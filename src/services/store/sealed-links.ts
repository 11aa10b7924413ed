import type { Database } from 'better-sqlite3'
import type { Links } from '../verification.ts'
import { keep } from './keep.ts'
import { type Place, type Seal, SealBrokenError } from './sealing.ts'

const placeOf = (id: string): Place => ({ table: 'verifications', column: 'link', row: id })

export function makeLinks(seal: Seal): Links {
  return {
    seal: (link, verificationId) => ({ sealed: seal.seal(link, placeOf(verificationId)) }),
    open: ({ sealed }, verificationId) => openOrNull(seal, sealed, placeOf(verificationId)),
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
 * A link that was changed stays as it is; its manager is told when an invitation needs it.
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
