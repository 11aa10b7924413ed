import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import type { LedgerEntry, LedgerEvent, NewEntry } from '../ledger.ts'
import { keep } from './keep.ts'

/** Adds an entry, within the transaction of the change it tells of. */
export type AppendLedger = (entry: NewEntry, now: number) => void

/** What comes again and again without anything in between is one row with a count. */
const REPEATS: ReadonlySet<LedgerEvent> = new Set(['polled', 'unanswered', 'not_seen'])

const APPEND = `insert into ledger (verification_id, message_id, at, what, was, became, revision, reason, last_at)
  values (:verification_id, :message_id, :now, :what, :was, :became, :revision, :reason, :now)`
// A poll that failed between two that did not is another row; what a message does in between is not.
const AGAIN = `update ledger set count = count + 1, last_at = :now
  where what = :what and seq = (
    select max(seq) from ledger where verification_id = :verification_id and message_id is :message_id
  )`

const OF = 'select * from ledger where verification_id = ? order by seq'
const INTENTS = `select message_id, count(*) as intents from ledger where what = 'posting' group by message_id`

export function makeAppendLedger(db: Database): AppendLedger {
  const append = keep(db.prepare(APPEND))
  const again = keep(db.prepare(AGAIN))

  return (
    { verificationId, messageId = null, what, was = null, became = null, revision = null, reason = null },
    now,
  ) => {
    const row = { verification_id: verificationId, message_id: messageId, what, now }
    if (REPEATS.has(what) && again.run(row).changes === 1) return
    append.run({ ...row, was, became, revision, reason: reason === null ? null : wordOf(reason) })
  }
}

/** A word of Slack's or EasyFreelance's that isn't one must not keep the change itself from being saved. */
function wordOf(reason: string): string {
  return /^[a-z0-9_]{1,64}$/.test(reason) ? reason : 'other'
}

/** What the ledger has to say; for `npm run explain`, and for checks that it explains everything. */
export type LedgerReader = {
  /** In the order it happened. */
  of(verificationId: string): LedgerEntry[]
  /** How many sends were announced of each message: Slack must never have been asked to post it more often. */
  intents(): ReadonlyMap<string, number>
}

export function makeLedgerReader(db: Database): LedgerReader {
  const of = keep(db.prepare(OF))
  const intents = keep(db.prepare(INTENTS))
  return {
    of: (verificationId) => of.all(verificationId).map(readEntry),
    intents: () =>
      new Map(
        z
          .array(IntentsRow)
          .parse(intents.all())
          .map((row) => [row.message_id, row.intents]),
      ),
  }
}

const IntentsRow = z.object({ message_id: z.string(), intents: z.int() })

const LedgerRow = z.object({
  seq: z.int(),
  verification_id: z.string(),
  message_id: z.string().nullable(),
  at: z.int(),
  what: z.string(),
  was: z.string().nullable(),
  became: z.string().nullable(),
  revision: z.int().nullable(),
  reason: z.string().nullable(),
  count: z.int(),
  last_at: z.int(),
})

function readEntry(stored: unknown): LedgerEntry {
  const row = LedgerRow.parse(stored)
  return {
    seq: row.seq,
    verificationId: row.verification_id,
    messageId: row.message_id,
    at: row.at,
    // Written by us alone; a word of an older build is shown as it stands.
    what: row.what as LedgerEvent,
    was: row.was,
    became: row.became,
    revision: row.revision,
    reason: row.reason,
    count: row.count,
    lastAt: row.last_at,
  }
}
