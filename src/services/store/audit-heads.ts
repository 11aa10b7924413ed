import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import type { Log } from '../log.ts'
import { keep } from './keep.ts'
import type { AuditHead } from './read-audit.ts'
import { stampOf } from './stamp.ts'

const HEAD = 'select seq, hash from audit order by seq desc limit 1'
const HASH_OF = 'select hash from audit where seq = ?'
const HeadRow = z.object({ seq: z.int(), hash: z.string() }).optional()
const EVERY_MS = 5000

/** The head of the audit is noted beside the database, so that rows cut off at its end are missed. */
export const headFile = (databasePath: string): string => `${databasePath}.audit-head`

/** After a restore: the note is of another audit, and is kept beside the one that comes. */
export function setHeadAside(databasePath: string, now: number): void {
  const path = headFile(databasePath)
  if (existsSync(path)) renameSync(path, `${path}.before-restore-${stampOf(now)}`)
}

export type AuditHeads = { start(): void; stop(): void }

/**
 * Notes the head every few seconds and at the stop. A note that the audit no longer bears out is never overwritten: it is
 * the evidence. What was added in the last seconds before a kill is not noted, nor can it be known who can write both files.
 */
export function makeAuditHeads(db: Database, { databasePath, log }: { databasePath: string; log: Log }): AuditHeads {
  const path = headFile(databasePath)
  const head = keep(db.prepare(HEAD))
  const hashOf = keep(db.prepare(HASH_OF).pluck())
  let noted: AuditHead | null | undefined
  let isBroken = false
  let timer: NodeJS.Timeout | undefined

  function note(): void {
    if (isBroken) return
    noted ??= readHead(path)
    if (noted === undefined || (noted !== null && hashOf.get(noted.seq) !== noted.hash)) {
      isBroken = true
      log.error('the audit is not the one that was noted: run "npm run audit -- check"', { reason: 'audit_head' })
      return
    }
    const current = HeadRow.parse(head.get())
    if (current === undefined || current.seq === noted?.seq) return
    writeFileSync(`${path}.new`, writeHead(current), { mode: 0o600 })
    chmodSync(`${path}.new`, 0o600)
    renameSync(`${path}.new`, path)
    noted = current
  }

  function tryToNote(): void {
    try {
      note()
    } catch (error) {
      log.error('the head of the audit could not be noted', { error })
    }
  }

  function again(): void {
    tryToNote()
    timer = setTimeout(again, EVERY_MS).unref()
  }

  return {
    start: again,
    stop: () => {
      clearTimeout(timer)
      tryToNote()
    },
  }
}

export function writeHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}\n`
}

/** `SEQ:HASH`, as it is noted and as the check prints it. Null for anything else. */
export function parseHead(text: string): AuditHead | null {
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? []
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash }
}

/** Null: nothing was noted yet. Undefined: what was noted can not be read. */
export function readHead(path: string): AuditHead | null | undefined {
  return existsSync(path) ? (parseHead(readFileSync(path, 'utf8')) ?? undefined) : null
}
