import type { Database } from 'better-sqlite3'
import type { Message } from '../message.ts'
import type { Verification } from '../verification.ts'
import { type GroupCommit, makeGroupCommit } from './group-commit.ts'
import { keep } from './keep.ts'
import { ledgerOfMessage, MESSAGE_BEFORE } from './ledger-entries.ts'
import { makeAppendLedger } from './ledger-store.ts'
import { MESSAGE_COLUMNS, readMessage, writeMessage } from './message-rows.ts'
import {
  columnsOf,
  type Due,
  duePart,
  isDue,
  type OnUnreadable,
  readClaimed,
  readNextDue,
  type Schedule,
} from './schedule.ts'
import { readVerification } from './verification-rows.ts'

export type DueMessage = Due<Message> & { readonly verification: Verification }

/** How far each message's delivery has come. The same promises as the verification store. */
export type MessageStore = {
  /** Commits an intent in the middle of a step; compare-and-swap from the version before. The claim stays. */
  begin(next: Message, fromVersion: number, now: number): Promise<boolean>
  /** Ends a step; compare-and-swap from the version before. `seenRevision`: the verification the step looked at. */
  save(next: Message, fromVersion: number, seenRevision: number, schedule: Schedule, now: number): Promise<boolean>
  /** Ends a step that changed nothing. */
  reschedule(message: Message, seenRevision: number, schedule: Schedule, now: number): Promise<boolean>
  /** Ends a step that broke: it comes back at `nextAt` and its attempts stay counted. */
  postpone(id: string, nextAt: number): Promise<void>
  claim(limit: number, now: number, leaseMs: number): Promise<DueMessage[]>
  nextDueAt(): Promise<number | null>
  releaseClaims(now: number): Promise<void>
  /** The messages of one verification, in the order they were called for. */
  of(verificationId: string): Promise<Message[]>
}

const SET = MESSAGE_COLUMNS.map((column) => `${column} = :${column}`).join(', ')

const BEGIN = `update messages set ${SET} where id = :id and version = :from_version`

// The verification may have changed while this step looked at an older revision of it: then the step comes again at once.
const END_STEP = `next_at = case
    when state in ('none', 'sent') and (select revision from verifications where id = verification_id) > :seen_revision
    then :now else :next_at end,
  late_at = :late_at, troubles = :troubles, claimed = 0, attempts = 0`

const SAVE = `update messages set ${SET}, ${END_STEP.replace('when state', 'when :state')}
  where id = :id and version = :from_version`

const RESCHEDULE = `update messages set ${END_STEP} where id = :id and version = :version`

const POSTPONE = 'update messages set next_at = :next_at, late_at = :next_at, claimed = 0 where id = :id'

// In the order of the index, so that it is as quick with a million waiting as with ten.
const CLAIM = `update messages set next_at = :lease_until, claimed = 1, attempts = attempts + 1
  where rowid in (select rowid from messages where next_at <= :now order by next_at, rowid limit :limit)
  returning *`

const SET_ASIDE = 'update messages set next_at = null, claimed = 0 where id = ?'
const RELEASE = 'update messages set next_at = :now, claimed = 0 where claimed = 1'
const NEXT_DUE = 'select min(next_at) from messages where next_at is not null'
const OF = 'select * from messages where verification_id = ? order by rowid'
const VERIFICATION = 'select * from verifications where id = ?'

export function makeMessageStore(
  db: Database,
  deps: { onUnreadable: OnUnreadable; group?: GroupCommit },
): MessageStore {
  const { onUnreadable, group = makeGroupCommit(db) } = deps
  const { together } = group
  const begin = keep(db.prepare(BEGIN))
  const save = keep(db.prepare(SAVE))
  const reschedule = keep(db.prepare(RESCHEDULE))
  const postpone = keep(db.prepare(POSTPONE))
  const claim = keep(db.prepare(CLAIM))
  const setAside = keep(db.prepare(SET_ASIDE))
  const release = keep(db.prepare(RELEASE))
  const nextDue = keep(db.prepare(NEXT_DUE).pluck())
  const of = keep(db.prepare(OF))
  const verification = keep(db.prepare(VERIFICATION))

  const before = keep(db.prepare(MESSAGE_BEFORE))
  const appendLedger = makeAppendLedger(db)

  /** Runs it, and says in the ledger what it changed, if it did. */
  const explained = db.transaction((next: Message, now: number, run: () => { changes: number }): boolean => {
    const was = before.get(next.id)
    if (run().changes !== 1) return false
    const entry = ledgerOfMessage(was, next)
    if (entry !== null) appendLedger(entry, now)
    return true
  })

  const claimOnce = db.transaction((limit: number, now: number, leaseMs: number): DueMessage[] =>
    readClaimed(claim.all({ limit, now, lease_until: now + leaseMs }), {
      read: (row) => {
        const item = readMessage(row)
        return { item, ...duePart(row), verification: readVerification(verification.get(item.verificationId)) }
      },
      setAside: (id) => {
        setAside.run(id)
        onUnreadable(id)
      },
    }),
  )

  return {
    begin: (next, fromVersion, now) =>
      together(() => explained(next, now, () => begin.run({ ...writeMessage(next), from_version: fromVersion }))),
    save: (next, fromVersion, seenRevision, schedule, now) =>
      together(() =>
        explained(next, now, () =>
          save.run({
            ...writeMessage(next),
            ...columnsOf(schedule),
            from_version: fromVersion,
            seen_revision: seenRevision,
            now,
          }),
        ),
      ),
    reschedule: ({ id, version }, seenRevision, schedule, now) =>
      together(() => {
        const times = { ...columnsOf(schedule), seen_revision: seenRevision, now }
        return reschedule.run({ id, version, ...times }).changes === 1
      }),
    postpone: (id, nextAt) => together(() => void postpone.run({ id, next_at: nextAt })),
    claim: async (limit, now, leaseMs) => (isDue(nextDue, now) ? together(() => claimOnce(limit, now, leaseMs)) : []),
    nextDueAt: async () => readNextDue(nextDue),
    releaseClaims: async (now) => void release.run({ now }),
    of: async (verificationId) => of.all(verificationId).map(readMessage),
  }
}
