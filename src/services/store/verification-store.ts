import type { Database } from 'better-sqlite3'
import { z } from 'zod'
import { messagesFor } from '../message.ts'
import type { Requested, Verification, Waiting } from '../verification.ts'
import { keep } from './keep.ts'
import { columnsOf, type Due, duePart, type Schedule } from './schedule.ts'
import { VERIFICATION_COLUMNS, writeVerification } from './verification-columns.ts'
import { readVerification } from './verification-rows.ts'

export type Inserted =
  | { readonly is: 'inserted' | 'repeated'; readonly verification: Verification }
  | { readonly is: 'already_open'; readonly verification: Verification }
  | { readonly is: 'number_taken'; readonly employeeId: string }

/**
 * What is true, kept in one place. Every method is one atomic operation and gives a promise, so that another engine can
 * stand behind the same type. A lost race is `false`, never an error.
 */
export type VerificationStore = {
  /** Adds a verification and its card, unless this submission is known, the employee has an open one, or the number is somebody else's. */
  insert(verification: Requested, now: number): Promise<Inserted>
  get(id: string): Promise<Verification | null>
  withSession(sessionId: string): Promise<Verification | null>
  /** The employee's latest verification that is over. */
  endedFor(teamId: string, employeeId: string): Promise<Verification | null>
  openFor(teamId: string, employeeId: string): Promise<Verification | null>
  /** All open ones of a manager and their last `others` that are over, newest first. */
  listFor(teamId: string, managerId: string, others: number): Promise<Verification[]>
  /** Waiting verifications whose link was opened since `openedAfter`, the latest first. */
  openedSince(openedAfter: number, limit: number): Promise<Verification[]>
  /** Commits an intent in the middle of a step; compare-and-swap from the revision before. The claim stays. */
  begin(next: Verification, fromRevision: number, now: number): Promise<boolean>
  /** Ends a step, or takes in what a person did; compare-and-swap from the revision before. Adds the messages the new state calls for and wakes the others. */
  save(next: Verification, fromRevision: number, schedule: Schedule, now: number): Promise<boolean>
  /** Ends a step that changed nothing. False if the verification has changed meanwhile. */
  reschedule(id: string, revision: number, schedule: Schedule): Promise<boolean>
  /** Ends a step that broke: it comes back at `nextAt` and its attempts stay counted. */
  postpone(id: string, nextAt: number): Promise<void>
  claim(limit: number, now: number, leaseMs: number): Promise<Due<Verification>[]>
  nextDueAt(): Promise<number | null>
  /** Boot: whatever a killed process had claimed is due again. */
  releaseClaims(now: number): Promise<void>
  /** The number remembered for a Slack user from the last session that started. */
  employeeNumber(teamId: string, employeeId: string): Promise<number | null>
  /** The Slack user a number is remembered for. */
  employeeWith(teamId: string, employeeNumber: number): Promise<string | null>
}

const INSERT = `insert into verifications (${VERIFICATION_COLUMNS.join(', ')}, next_at, late_at)
  values (${VERIFICATION_COLUMNS.map((column) => `:${column}`).join(', ')}, :next_at, :late_at)`

const SET = VERIFICATION_COLUMNS.map((column) => `${column} = :${column}`).join(', ')

const BEGIN = `update verifications set ${SET} where id = :id and revision = :from_revision`

const SAVE = `update verifications set ${SET},
  next_at = :next_at, late_at = :late_at, troubles = :troubles, claimed = 0, attempts = 0
  where id = :id and revision = :from_revision`

const RESCHEDULE = `update verifications
  set next_at = :next_at, late_at = :late_at, troubles = :troubles, claimed = 0, attempts = 0
  where id = :id and revision = :revision`

const POSTPONE = 'update verifications set next_at = :next_at, late_at = :next_at, claimed = 0 where id = :id'

const CLAIM = `update verifications set next_at = :lease_until, claimed = 1, attempts = attempts + 1
  where id in (select id from verifications where next_at <= :now order by late_at, id limit :limit)
  returning *`

const RELEASE = 'update verifications set next_at = :now, claimed = 0 where claimed = 1'
const NEXT_DUE = 'select min(next_at) from verifications where next_at is not null'

const BY_ID = 'select * from verifications where id = ?'
const BY_VIEW = 'select * from verifications where team_id = ? and view_id = ?'
const BY_SESSION = 'select * from verifications where session_id = ?'
const IS_OPEN = `status in ('requested', 'starting', 'waiting', 'parked')`
const OPEN_FOR = `select * from verifications where team_id = ? and employee_id = ? and ${IS_OPEN}`
const ENDED_FOR = `select * from verifications where team_id = ? and employee_id = ? and not ${IS_OPEN}
  order by created_at desc, rowid desc limit 1`
const LIST_FOR = `select * from (
    select *, rowid as nth from verifications where team_id = :team_id and manager_id = :manager_id and ${IS_OPEN}
    union all
    select * from (
      select *, rowid as nth from verifications
      where team_id = :team_id and manager_id = :manager_id and not ${IS_OPEN}
      order by created_at desc, rowid desc limit :others
    )
  ) order by created_at desc, nth desc`
const OPENED_SINCE = `select * from verifications where status = 'waiting' and opened_at >= ?
  order by opened_at desc limit ?`

const ADD_MESSAGE = `insert or ignore into messages
  (id, verification_id, kind, occasion, created_at, version, user_id, channel_id, sends, state, next_at, late_at)
  values (:id, :verification_id, :kind, :occasion, :now, 1, :user_id, :channel_id, 0, 'none', :now, :now)`
// A message in doubt keeps its own rhythm: its readings of the history must not come faster because something changed.
const WAKE_MESSAGES = `update messages set next_at = :now, late_at = :now
  where verification_id = :id and state in ('none', 'sent') and claimed = 0`

const NUMBER_OF = 'select employee_number from employees where team_id = ? and user_id = ?'
const WITH_NUMBER = 'select user_id from employees where team_id = ? and employee_number = ?'
// A number that is remembered for somebody else stays theirs.
const REMEMBER = `insert into employees (team_id, user_id, employee_number, remembered_at)
  select :team_id, :user_id, :employee_number, :started_at
  where not exists (
    select 1 from employees
    where team_id = :team_id and employee_number = :employee_number and user_id <> :user_id
  )
  on conflict (team_id, user_id) do update set employee_number = :employee_number, remembered_at = :started_at`

export function makeVerificationStore(db: Database, newId: () => string): VerificationStore {
  const insert = keep(db.prepare(INSERT))
  const begin = keep(db.prepare(BEGIN))
  const save = keep(db.prepare(SAVE))
  const reschedule = keep(db.prepare(RESCHEDULE))
  const postpone = keep(db.prepare(POSTPONE))
  const claim = keep(db.prepare(CLAIM))
  const release = keep(db.prepare(RELEASE))
  const nextDue = keep(db.prepare(NEXT_DUE).pluck())
  const byId = keep(db.prepare(BY_ID))
  const byView = keep(db.prepare(BY_VIEW))
  const bySession = keep(db.prepare(BY_SESSION))
  const openFor = keep(db.prepare(OPEN_FOR))
  const endedFor = keep(db.prepare(ENDED_FOR))
  const listFor = keep(db.prepare(LIST_FOR))
  const openedSince = keep(db.prepare(OPENED_SINCE))
  const addMessage = keep(db.prepare(ADD_MESSAGE))
  const wakeMessages = keep(db.prepare(WAKE_MESSAGES))
  const numberOf = keep(db.prepare(NUMBER_OF).pluck())
  const withNumber = keep(db.prepare(WITH_NUMBER).pluck())
  const remember = keep(db.prepare(REMEMBER))

  const one = (row: unknown) => (row === undefined ? null : readVerification(row))

  function addMessages(verification: Verification, now: number): void {
    for (const { kind, occasion, recipient } of messagesFor(verification)) {
      addMessage.run({
        id: newId(),
        verification_id: verification.id,
        kind,
        occasion,
        now,
        user_id: 'userId' in recipient ? recipient.userId : null,
        channel_id: 'channelId' in recipient ? recipient.channelId : null,
      })
    }
  }

  /** EasyFreelance took the number: it started a session for it. */
  function rememberNumber(verification: Waiting): void {
    remember.run({
      team_id: verification.teamId,
      user_id: verification.employeeId,
      employee_number: verification.employeeNumber,
      started_at: verification.session.startedAt,
    })
  }

  const insertOnce = db.transaction((verification: Requested, now: number): Inserted => {
    const { teamId, viewId, employeeId, employeeNumber } = verification
    const repeated = one(byView.get(teamId, viewId))
    if (repeated !== null) return { is: 'repeated', verification: repeated }
    const open = one(openFor.get(teamId, employeeId))
    if (open !== null) return { is: 'already_open', verification: open }
    const owner = withNumber.get(teamId, employeeNumber)
    if (typeof owner === 'string' && owner !== employeeId) return { is: 'number_taken', employeeId: owner }
    insert.run({ ...writeVerification(verification), next_at: now, late_at: now })
    addMessages(verification, now)
    return { is: 'inserted', verification }
  })

  const saveOnce = db.transaction(
    (next: Verification, fromRevision: number, schedule: Schedule | null, now: number): boolean => {
      const columns = { ...writeVerification(next), from_revision: fromRevision }
      const { changes } = schedule === null ? begin.run(columns) : save.run({ ...columns, ...columnsOf(schedule) })
      if (changes === 0) return false
      addMessages(next, now)
      wakeMessages.run({ id: next.id, now })
      if (next.status === 'waiting') rememberNumber(next)
      return true
    },
  )

  return {
    insert: async (verification, now) => insertOnce.immediate(verification, now),
    get: async (id) => one(byId.get(id)),
    withSession: async (sessionId) => one(bySession.get(sessionId)),
    endedFor: async (teamId, employeeId) => one(endedFor.get(teamId, employeeId)),
    openFor: async (teamId, employeeId) => one(openFor.get(teamId, employeeId)),
    listFor: async (teamId, managerId, others) =>
      listFor.all({ team_id: teamId, manager_id: managerId, others }).map(readVerification),
    openedSince: async (openedAfter, limit) => openedSince.all(openedAfter, limit).map(readVerification),
    begin: async (next, fromRevision, now) => saveOnce.immediate(next, fromRevision, null, now),
    save: async (next, fromRevision, schedule, now) => saveOnce.immediate(next, fromRevision, schedule, now),
    reschedule: async (id, revision, schedule) =>
      reschedule.run({ id, revision, ...columnsOf(schedule) }).changes === 1,
    postpone: async (id, nextAt) => void postpone.run({ id, next_at: nextAt }),
    claim: async (limit, now, leaseMs) =>
      claim.all({ limit, now, lease_until: now + leaseMs }).map((row) => ({
        item: readVerification(row),
        ...duePart(row),
      })),
    nextDueAt: async () => z.int().nullable().parse(nextDue.get()),
    releaseClaims: async (now) => void release.run({ now }),
    employeeNumber: async (teamId, employeeId) => z.int().optional().parse(numberOf.get(teamId, employeeId)) ?? null,
    employeeWith: async (teamId, employeeNumber) =>
      z.string().optional().parse(withNumber.get(teamId, employeeNumber)) ?? null,
  }
}
