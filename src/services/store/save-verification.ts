import type { Database, Statement } from 'better-sqlite3'
import type { Verification, Waiting } from '../verification.ts'
import { BEFORE, entriesOfChange } from './audited-changes.ts'
import { makeEraseTraces } from './erase-traces.ts'
import type { GroupCommit } from './group-commit.ts'
import { keep } from './keep.ts'
import { ledgerOfChange } from './ledger-entries.ts'
import type { Records } from './records.ts'
import { pacedColumnsOf, type Schedule } from './schedule.ts'
import { writeVerification } from './verification-columns.ts'
import * as sql from './verification-sql.ts'

type Save = (
  next: Verification,
  fromRevision: number,
  schedule: Schedule | null,
  now: number,
  by: string | null,
) => Promise<boolean>

/**
 * The three ways in which a verification changes. Each is a compare-and-swap from the revision before, with the messages that
 * the new state calls for and what the audit and the ledger say about it in the same transaction.
 */
export function makeSaves(
  db: Database,
  { records, together }: { records: Records } & Pick<GroupCommit, 'together'>,
): { readonly begin: Save; readonly note: Save; readonly save: Save } {
  const before = keep(db.prepare(BEFORE))
  const wakeMessages = keep(db.prepare(sql.WAKE_MESSAGES))
  const forgetNumber = keep(db.prepare(sql.FORGET_NUMBER))
  const remember = keep(db.prepare(sql.REMEMBER))
  const hasLink = keep(db.prepare(sql.HAS_LINK).pluck())
  const { appendAudit, appendLedger, callForMessages } = records
  const eraseTraces = makeEraseTraces(db)
  // A trace that could not be erased is tried again after the next save.
  let traces = false

  /** EasyFreelance took the number: it started a session for it. */
  function rememberNumber(verification: Waiting): void {
    const { teamId, employeeId, employeeNumber, session } = verification
    const person = { team_id: teamId, user_id: employeeId, employee_number: employeeNumber }
    forgetNumber.run(person)
    remember.run({ ...person, started_at: session.startedAt })
  }

  const saveBy = (statement: Statement) => {
    const once = db.transaction(
      (
        next: Verification,
        fromRevision: number,
        schedule: Schedule | null,
        now: number,
        by: string | null,
      ): boolean => {
        const was = before.get(next.id)
        const columns = schedule === null ? {} : pacedColumnsOf(schedule)
        const dropsLink = !('session' in next && next.session !== null) && hasLink.get(next.id) === 1
        const { changes } = statement.run({ ...writeVerification(next), ...columns, from_revision: fromRevision, now })
        if (changes === 0) return false
        for (const entry of entriesOfChange(was, next, by)) appendAudit(entry, now)
        for (const entry of ledgerOfChange(was, next)) appendLedger(entry, now)
        callForMessages(next, now)
        wakeMessages.run({ id: next.id, now })
        if (next.status === 'waiting') rememberNumber(next)
        traces ||= dropsLink
        return true
      },
    )
    return async (...args: Parameters<typeof once>): Promise<boolean> => {
      const isSaved = await together(() => once(...args))
      if (traces) traces = !eraseTraces()
      return isSaved
    }
  }

  return {
    begin: saveBy(keep(db.prepare(sql.BEGIN))),
    note: saveBy(keep(db.prepare(sql.NOTE))),
    save: saveBy(keep(db.prepare(sql.SAVE))),
  }
}
