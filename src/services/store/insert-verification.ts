import type { Database } from 'better-sqlite3'
import type { Requested } from '../verification.ts'
import { entriesOfRequest } from './audited-changes.ts'
import type { Inserted } from './inserted.ts'
import { keep } from './keep.ts'
import type { Records } from './records.ts'
import { makeRequestLimits, type RequestLimits } from './request-limits.ts'
import { writeVerification } from './verification-columns.ts'
import { readOne } from './verification-rows.ts'
import * as sql from './verification-sql.ts'

/** Adds a verification, its card and what is on record about it, in one transaction; or says why not. */
export function makeInsert(
  db: Database,
  { records, limits }: { records: Records; limits: RequestLimits },
): (verification: Requested, now: number) => Inserted {
  const insert = keep(db.prepare(sql.INSERT))
  const byView = keep(db.prepare(sql.BY_VIEW))
  const openFor = keep(db.prepare(sql.OPEN_FOR))
  const linkedNumber = keep(db.prepare(sql.LINKED_NUMBER).pluck())
  const numberHolder = keep(db.prepare(sql.NUMBER_HOLDER).pluck())
  const { appendAudit, appendLedger, callForMessages } = records
  const reachedLimit = makeRequestLimits(db, limits)

  function tryInsert(verification: Requested, now: number): Inserted {
    const { teamId, viewId, employeeId, employeeNumber } = verification
    const repeated = readOne(byView.get(teamId, viewId))
    if (repeated !== null) return { is: 'repeated', verification: repeated }
    const open = readOne(openFor.get(teamId, employeeId))
    if (open !== null) return { is: 'already_open', verification: open }
    const linked = linkedNumber.get({ team_id: teamId, user_id: employeeId })
    if (typeof linked === 'number' && linked !== employeeNumber) {
      return { is: 'linked_otherwise', employeeNumber: linked }
    }
    const holder = numberHolder.get({ team_id: teamId, employee_number: employeeNumber, user_id: employeeId })
    if (typeof holder === 'string') return { is: 'number_taken', employeeId: holder }
    const reached = reachedLimit(verification, now)
    if (reached !== null) return { is: 'limited', reached }
    insert.run({ ...writeVerification(verification), next_at: now })
    appendLedger({ verificationId: verification.id, what: 'requested', became: 'requested', revision: 1 }, now)
    callForMessages(verification, now)
    return { is: 'inserted', verification }
  }

  return db.transaction((verification: Requested, now: number): Inserted => {
    const inserted = tryInsert(verification, now)
    for (const entry of entriesOfRequest(verification, inserted)) appendAudit(entry, now)
    return inserted
  })
}
