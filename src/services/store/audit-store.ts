import { randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import type { Audit, AuditEntry, AuditRecord } from '../audit.ts'
import { AuditRow, GENESIS, hashOf, markOf } from './audit-chain.ts'
import { keep } from './keep.ts'

const HEAD = 'select seq, hash from audit order by seq desc limit 1'
const COLUMNS = Object.keys(AuditRow.shape)
const APPEND = `insert into audit (${COLUMNS.join(', ')}) values (${COLUMNS.map((column) => `:${column}`).join(', ')})`
const ABOUT = `select * from audit where team_id = ? and subject_id = ? and action not in ('history', 'look')
  order by seq desc limit ?`
const FORGET_ACTOR = 'update audit set actor_id = null, actor_salt = null where team_id = ? and actor_id = ?'
const FORGET_SUBJECT = `update audit set subject_id = null, subject_salt = null, employee_number = null
  where team_id = ? and subject_id = ?`

const REFUSED_SINCE = `select count(*) from audit
  where team_id = :team_id and actor_id = :actor_id and result <> 'done' and at > :since and at <= :now`

const HOUR_MS = 60 * 60_000
/** Whoever keeps trying must not fill the disk. */
const MOST_REFUSED_PER_HOUR = 30
/** Stands in the place of the last one that is recorded: what this person is refused from here on is not. */
const NO_MORE = 'more_not_recorded'

/**
 * Adds an entry, within the transaction that is under way or in one of its own. Of what one person was refused, an hour has
 * room for thirty; the last of them says that there was more.
 */
export type AppendAudit = (entry: AuditEntry, now: number, erased?: number) => void

export function makeAppendAudit(db: Database): AppendAudit {
  const head = keep(db.prepare<[], { seq: number; hash: string }>(HEAD))
  const append = keep(db.prepare(APPEND))
  const refusedSince = keep(db.prepare(REFUSED_SINCE).pluck())

  /** What is recorded of an entry, and why; null when it is one too many. */
  function reasonOf(
    { teamId, actorId, result, reason = null }: AuditEntry,
    now: number,
  ): { reason: string | null } | null {
    if (result === 'done' || actorId === null) return { reason }
    const before = Number(refusedSince.get({ team_id: teamId, actor_id: actorId, since: now - HOUR_MS, now }))
    if (before >= MOST_REFUSED_PER_HOUR) return null
    return { reason: before === MOST_REFUSED_PER_HOUR - 1 ? NO_MORE : reason }
  }

  const appendOnce = db.transaction((entry: AuditEntry, now: number, erased: number): void => {
    const recorded = reasonOf(entry, now)
    if (recorded === null) return
    const last = head.get()
    const actor = committed(entry.actorId, null)
    const subject = committed(entry.subjectId, entry.employeeNumber ?? null)
    const row: Omit<AuditRow, 'hash'> = {
      seq: (last?.seq ?? 0) + 1,
      at: now,
      team_id: entry.teamId,
      action: entry.action,
      result: entry.result,
      reason: recorded.reason,
      verification_id: entry.verificationId ?? null,
      erased,
      actor_mark: actor.mark,
      subject_mark: subject.mark,
      previous_hash: last?.hash ?? GENESIS,
      actor_id: actor.id,
      actor_salt: actor.salt,
      subject_id: subject.id,
      subject_salt: subject.salt,
      employee_number: subject.employeeNumber,
    }
    append.run({ ...row, hash: hashOf(row) })
  })
  return (entry, now, erased = 0) => (db.inTransaction ? appendOnce : appendOnce.immediate)(entry, now, erased)
}

/** Takes a person's names out, within the transaction that is under way or in one of its own; gives how many entries named them. */
export type ForgetInAudit = (teamId: string, userId: string, now: number) => number

export function makeForgetInAudit(db: Database): ForgetInAudit {
  const append = makeAppendAudit(db)
  const forgetActor = keep(db.prepare(FORGET_ACTOR))
  const forgetSubject = keep(db.prepare(FORGET_SUBJECT))
  const forgetOnce = db.transaction((teamId: string, userId: string, now: number): number => {
    const erased = forgetActor.run(teamId, userId).changes + forgetSubject.run(teamId, userId).changes
    if (erased > 0) append({ teamId, actorId: null, action: 'erase', subjectId: null, result: 'done' }, now, erased)
    return erased
  })
  return (teamId, userId, now) => (db.inTransaction ? forgetOnce : forgetOnce.immediate)(teamId, userId, now)
}

export function makeAuditStore(db: Database, { now }: { now: () => number }): Audit {
  const append = makeAppendAudit(db)
  const about = keep(db.prepare(ABOUT))
  const forget = makeForgetInAudit(db)

  return {
    record: async (entry) => append(entry, now()),
    historyOf: async (teamId, userId, limit) => about.all(teamId, userId, limit).map(readAuditRecord),
    forget: async (teamId, userId) => forget(teamId, userId, now()),
  }
}

export function readAuditRecord(stored: unknown): AuditRecord {
  const row = AuditRow.parse(stored)
  return {
    seq: row.seq,
    at: row.at,
    teamId: row.team_id,
    actorId: row.actor_id,
    actorForgotten: row.actor_id === null && row.actor_mark !== null,
    action: row.action,
    subjectId: row.subject_id,
    subjectForgotten: row.subject_id === null && row.subject_mark !== null,
    employeeNumber: row.employee_number,
    verificationId: row.verification_id,
    result: row.result,
    reason: row.reason,
  }
}

function committed(userId: string | null, employeeNumber: number | null) {
  if (userId === null) return { id: null, salt: null, mark: null, employeeNumber: null }
  const salt = randomBytes(32).toString('base64url')
  return { id: userId, salt, mark: markOf(salt, userId, employeeNumber), employeeNumber }
}
