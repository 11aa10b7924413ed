import type { Database } from 'better-sqlite3'
import type { Requested, Verification } from '../verification.ts'
import { makeClaim } from './claim-verifications.ts'
import { type GroupCommit, makeGroupCommit } from './group-commit.ts'
import { makeInsert } from './insert-verification.ts'
import type { Inserted } from './inserted.ts'
import { keep } from './keep.ts'
import { makeRecords } from './records.ts'
import type { RequestLimits } from './request-limits.ts'
import { makeSaves } from './save-verification.ts'
import {
  type Due,
  duePart,
  isDue,
  type OnUnreadable,
  pacedColumnsOf,
  readClaimed,
  readNextDue,
  type Schedule,
} from './schedule.ts'
import { readOne, readVerification } from './verification-rows.ts'
import * as sql from './verification-sql.ts'

/**
 * What is true, kept in one place. Every method is one atomic operation and gives a promise, so that another engine can
 * stand behind the same type. A lost race is `false`, never an error. What the audit and the ledger say about a change is
 * written in the same transaction, so that one is never there without the others.
 */
export type VerificationStore = {
  /**
   * Adds a verification and its card, unless this submission is known,
   * the employee has an open one or is linked to another number, the number is somebody else's, or a limit is reached.
   */
  insert(verification: Requested, now: number): Promise<Inserted>
  get(id: string): Promise<Verification | null>
  withSession(sessionId: string): Promise<Verification | null>
  /** The employee's latest verification that is over. */
  endedFor(teamId: string, employeeId: string): Promise<Verification | null>
  openFor(teamId: string, employeeId: string): Promise<Verification | null>
  /** All open ones of a manager and their last `others` that are over, newest first. */
  listFor(teamId: string, managerId: string, others: number): Promise<Verification[]>
  /** Looks now at waiting verifications whose link was opened since `openedAfter`, the latest first. They don't change. */
  hurry(openedAfter: number, limit: number, now: number): Promise<void>
  /** Commits an intent in the middle of a step; compare-and-swap from the revision before. The claim stays. */
  begin(next: Verification, fromRevision: number, now: number): Promise<boolean>
  /** Takes in what a person did; compare-and-swap from the revision before. A step under way keeps its claim. */
  note(next: Verification, fromRevision: number, schedule: Schedule, now: number, by?: string | null): Promise<boolean>
  /** Ends a step; compare-and-swap from the revision before. Adds the messages the new state calls for and wakes the others. */
  save(next: Verification, fromRevision: number, schedule: Schedule, now: number): Promise<boolean>
  /** Ends a step that changed nothing. False if the verification has changed meanwhile. */
  reschedule(id: string, revision: number, schedule: Schedule, now: number): Promise<boolean>
  /** Ends a step that broke: it comes back at `nextAt` and its attempts stay counted. */
  postpone(id: string, nextAt: number): Promise<void>
  claim(limit: number, now: number, leaseMs: number): Promise<Due<Verification>[]>
  nextDueAt(): Promise<number | null>
  /** Boot: whatever a killed process had claimed is due again. */
  releaseClaims(now: number): Promise<void>
}

export function makeVerificationStore(
  db: Database,
  deps: { onUnreadable: OnUnreadable; limits: RequestLimits; group?: GroupCommit },
): VerificationStore {
  const { onUnreadable, limits, group = makeGroupCommit(db) } = deps
  const { together } = group
  const setAside = keep(db.prepare(sql.SET_ASIDE))
  const reschedule = keep(db.prepare(sql.RESCHEDULE).pluck())
  const postpone = keep(db.prepare(sql.POSTPONE))
  const release = keep(db.prepare(sql.RELEASE))
  const nextDue = keep(db.prepare(sql.NEXT_DUE).pluck())
  const byId = keep(db.prepare(sql.BY_ID))
  const bySession = keep(db.prepare(sql.BY_SESSION))
  const openFor = keep(db.prepare(sql.OPEN_FOR))
  const endedFor = keep(db.prepare(sql.ENDED_FOR))
  const listFor = keep(db.prepare(sql.LIST_FOR))
  const hurry = keep(db.prepare(sql.HURRY))

  const claim = makeClaim(db)
  const records = makeRecords(db)
  const insert = makeInsert(db, { records, limits })
  const saves = makeSaves(db, { records, together })

  const rescheduleOnce = db.transaction((id: string, revision: number, schedule: Schedule, now: number): boolean => {
    const status = reschedule.get({ id, revision, ...pacedColumnsOf(schedule) })
    if (status === undefined) return false
    // Only a waiting one was asked about.
    if (status === 'waiting') {
      records.appendLedger({ verificationId: id, what: schedule.troubles > 0 ? 'unanswered' : 'polled' }, now)
    }
    return true
  })

  const claimOnce = db.transaction((limit: number, now: number, leaseMs: number) => {
    const { rows: found, onCommitted } = claim(limit, now, leaseMs)
    const claimed = readClaimed(found, {
      read: (row) => ({ item: readVerification(row), ...duePart(row) }),
      setAside: (id) => {
        setAside.run(id)
        onUnreadable(id)
      },
    })
    for (const { item } of claimed) {
      // Every look at a waiting one is a claim too: how it went is said at its end.
      if (item.status === 'requested' || item.status === 'starting') {
        records.appendLedger({ verificationId: item.id, what: 'claimed', was: item.status, became: item.status }, now)
      }
    }
    return { claimed, onCommitted }
  })

  async function claimDue(limit: number, now: number, leaseMs: number): Promise<Due<Verification>[]> {
    if (!isDue(nextDue, now)) return []
    const { claimed, onCommitted } = await together(() => claimOnce(limit, now, leaseMs))
    onCommitted()
    return claimed
  }

  return {
    insert: (verification, now) => together(() => insert(verification, now)),
    get: async (id) => readOne(byId.get(id)),
    withSession: async (sessionId) => readOne(bySession.get(sessionId)),
    endedFor: async (teamId, employeeId) => readOne(endedFor.get(teamId, employeeId)),
    openFor: async (teamId, employeeId) => readOne(openFor.get(teamId, employeeId)),
    listFor: async (teamId, managerId, others) =>
      listFor.all({ team_id: teamId, manager_id: managerId, others }).map(readVerification),
    hurry: (openedAfter, limit, now) => together(() => void hurry.run({ opened_after: openedAfter, limit, now })),
    begin: (next, fromRevision, now) => saves.begin(next, fromRevision, null, now, null),
    note: (next, fromRevision, schedule, now, by = null) => saves.note(next, fromRevision, schedule, now, by),
    save: (next, fromRevision, schedule, now) => saves.save(next, fromRevision, schedule, now, null),
    reschedule: (id, revision, schedule, now) => together(() => rescheduleOnce(id, revision, schedule, now)),
    postpone: (id, nextAt) => together(() => void postpone.run({ id, next_at: nextAt })),
    claim: claimDue,
    nextDueAt: async () => readNextDue(nextDue),
    releaseClaims: async (now) => void release.run({ now }),
  }
}
