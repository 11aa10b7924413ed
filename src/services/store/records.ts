import type { Database } from 'better-sqlite3'
import { type AppendAudit, makeAppendAudit } from './audit-store.ts'
import { type CallForMessages, makeCallForMessages } from './call-for-messages.ts'
import { type AppendLedger, makeAppendLedger } from './ledger-store.ts'

/** What every change of a verification leaves besides, within its own transaction. */
export type Records = {
  readonly appendAudit: AppendAudit
  readonly appendLedger: AppendLedger
  readonly callForMessages: CallForMessages
}

export function makeRecords(db: Database): Records {
  const appendLedger = makeAppendLedger(db)
  return { appendAudit: makeAppendAudit(db), appendLedger, callForMessages: makeCallForMessages(db, appendLedger) }
}
