import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { makeForgetInAudit } from './audit-store.ts'
import { makeEraseTraces } from './erase-traces.ts'
import { keep } from './keep.ts'
import { makeTombstone, NO_NUMBER, type Pseudonyms } from './pseudonyms.ts'
import { IS_OPEN } from './verification-sql.ts'

/** What was found of a person, in numbers only. */
export type Forgotten = {
  readonly verifications: number
  /** Of these: still open, and closed because nobody may be told about them any more. */
  readonly closed: number
  readonly messages: number
  /** Remembered or linked employee numbers, and links that the person made. */
  readonly employees: number
  readonly audit: number
}

const TEAMS = `select team_id from verifications where :user in (manager_id, employee_id, closed_by)
  union select team_id from employees where :user in (user_id, linked_by)
  union select team_id from audit where :user in (actor_id, subject_id)`
const ALL_TEAMS = 'select distinct team_id from verifications'

const THEIRS = `team_id = :team and :user in (manager_id, employee_id, closed_by)`

const CLOSE = `update verifications set status = 'failed', reason = 'given_up', ended_at = :now, closed_by = null,
    unclear_starts = null, hold = null, session_id = null, link = null, started_at = null, expires_at = null,
    delivered_at = null, opened_at = null, returned_at = null, reported = null, misses = null, next_at = null, claimed = 0,
    attempts = 0, troubles = 0
  where ${THEIRS} and ${IS_OPEN}`

// Slack's copies are edited by the worker at its next start, until nobody is named in them.
const SHOW_AGAIN = `update messages set next_at = :now, late_at = :now
  where state = 'sent' and verification_id in (select id from verifications where ${THEIRS})`
const DROP_UNSENT = `delete from messages where user_id = :user and state in ('none', 'undeliverable')
  and verification_id in (select id from verifications where ${THEIRS})`
const HIDE_RECIPIENT = `update messages set user_id = :tombstone where user_id = :user
  and verification_id in (select id from verifications where ${THEIRS})`

const DROP_LEDGER = `delete from ledger where verification_id in (select id from verifications where ${THEIRS})`

// A new random id for every row: what Slack and EasyFreelance call this submission and this session leads to the person.
const NEW_ID = `'gone-' || lower(hex(randomblob(12)))`
const HIDE = `update verifications set
    revision = revision + 1,
    manager_id = iif(manager_id = :user, :tombstone, manager_id),
    closed_by = iif(closed_by = :user, :tombstone, closed_by),
    view_id = ${NEW_ID},
    note = null,
    session_id = iif(employee_id = :user and session_id is not null, ${NEW_ID}, session_id),
    employee_number = iif(employee_id = :user, ${NO_NUMBER}, employee_number),
    reported = iif(employee_id = :user, null, reported),
    missing_steps = iif(employee_id = :user and missing_steps is not null, '[]', missing_steps),
    employee_id = iif(employee_id = :user, :tombstone, employee_id)
  where ${THEIRS}`

const DROP_NUMBER = 'delete from employees where team_id = :team and user_id = :user'
const HIDE_LINKER = 'update employees set linked_by = null where team_id = :team and linked_by = :user'

/** Undoes what a dry run did. */
class DryRun extends Error {}

/**
 * Removes a person from everything that is kept: all or nothing, for a stopped bot. The pseudonyms that retention gave them
 * are replaced too, so that not even the key leads back. `dryRun`: counts, and changes nothing.
 */
export function forgetPerson(
  db: Database,
  deps: { userId: string; pseudonyms: Pseudonyms; now: number; dryRun: boolean },
): Forgotten {
  const { userId, pseudonyms, now } = deps
  const statement = (sql: string) => keep(db.prepare(sql))
  const change = (sql: string, values: Record<string, unknown>) => statement(sql).run(used(sql, values)).changes
  const forgetInAudit = makeForgetInAudit(db)
  const tombstone = makeTombstone()
  let forgotten: Forgotten = { verifications: 0, closed: 0, messages: 0, employees: 0, audit: 0 }

  const run = db.transaction(() => {
    const named = statement(TEAMS).pluck().all({ user: userId })
    for (const team of z.array(z.string()).parse([...new Set([...named, ...statement(ALL_TEAMS).pluck().all()])])) {
      for (const user of [userId, ...pseudonyms.allOf(team, userId)]) add(forgetIn(team, user))
    }
    if (deps.dryRun) throw new DryRun()
  })

  function forgetIn(team: string, user: string): Forgotten {
    const values = { team, user, now, tombstone }
    const closed = change(CLOSE, values)
    const messages = change(DROP_UNSENT, values) + change(SHOW_AGAIN, values)
    change(HIDE_RECIPIENT, values)
    change(DROP_LEDGER, values)
    const verifications = change(HIDE, values)
    const employees = change(DROP_NUMBER, values) + change(HIDE_LINKER, values)
    const audit = forgetInAudit(team, user, now)
    return { verifications, closed, messages, employees, audit }
  }

  function add(more: Forgotten): void {
    forgotten = {
      verifications: forgotten.verifications + more.verifications,
      closed: forgotten.closed + more.closed,
      messages: forgotten.messages + more.messages,
      employees: forgotten.employees + more.employees,
      audit: forgotten.audit + more.audit,
    }
  }

  try {
    run.immediate()
    makeEraseTraces(db)()
  } catch (error) {
    if (!(error instanceof DryRun)) throw error
  }
  return forgotten
}

/** SQLite takes no value that the statement doesn't name. */
function used(sql: string, values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => new RegExp(`:${name}\\b`).test(sql)))
}
