import type { Database } from 'better-sqlite3'
import { makeLedgerReader } from '../../src/services/store/ledger-store.ts'

/** How often each message was handed to Slack, by what the ledger said before it was done. */
export function sendsOnRecord(db: Database): ReadonlyMap<string, number> {
  return makeLedgerReader(db).intents()
}
