import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { makeAppendAudit } from './audit-store.ts'
import { makeEraseTraces } from './erase-traces.ts'
import { keep } from './keep.ts'
import { NO_NUMBER, type Pseudonyms, TOMBSTONE } from './pseudonyms.ts'
import { type Due, duePart } from './schedule.ts'

/** What is over long enough keeps its course and its outcome, and loses its people. */
export type RetentionStore = {
  /** Verifications that ended at `cutoff` or before and still name people; those that gave trouble last. */
  claim(limit: number, cutoff: number): Promise<Due<{ readonly id: string }>[]>
  /** UTC ms when the first of those that still name people ended. */
  firstEndedAt(): Promise<number | null>
  /** False: there is nothing (more) to do for it. */
  pseudonymise(id: string, now: number): Promise<boolean>
  /** Where messages of forgotten people stood in Slack, once nothing is left to do there. Says how many. */
  dropForgottenMessages(): Promise<number>
}

const STILL_NAMED = `status in ('settled', 'failed') and pseudonymised_at is null`

/** Else SQLite goes by the status, and reads all that ever ended each time the worker looks around. */
const OVER = 'verifications indexed by verifications_over'

const CLAIM = `update verifications set attempts = attempts + 1
  where id in (
    select id from ${OVER} where ${STILL_NAMED} and ended_at <= :cutoff order by attempts, ended_at limit :limit
  )
  returning id, attempts, troubles`

const FIRST_ENDED = `select min(ended_at) from ${OVER} where ${STILL_NAMED}`

const PEOPLE = `select team_id, view_id, manager_id, employee_id, closed_by, session_id
  from verifications where id = ? and ${STILL_NAMED}`

const PSEUDONYMISE = `update verifications set
    view_id = :view_id, manager_id = :manager_id, employee_id = :employee_id, closed_by = :closed_by,
    session_id = :session_id, employee_number = :no_number, note = null, card_channel_id = null, reported = null,
    missing_steps = case when missing_steps is null then null else '[]' end,
    next_at = null, claimed = 0, attempts = 0, pseudonymised_at = :now
  where id = :id`

const DROP_LEDGER = 'delete from ledger where verification_id = ?'
const DROP_MESSAGES = 'delete from messages where verification_id = ?'
const DROP_FORGOTTEN = `delete from messages where user_id glob '${TOMBSTONE}*' and next_at is null`

// A number that came from a verification goes with the last one that names the person; a link was made on purpose.
const DROP_NUMBER = `delete from employees where team_id = :team_id and user_id = :employee_id and source = 'remembered'
  and not exists (select 1 from verifications where team_id = :team_id and employee_id = :employee_id)`

const FORGET_ACTORS = `update audit set actor_id = null, actor_salt = null
  where verification_id = ? and actor_id is not null`
const FORGET_SUBJECTS = `update audit set subject_id = null, subject_salt = null, employee_number = null
  where verification_id = ? and subject_id is not null`

const id = z.string()
const People = z.object({
  team_id: id,
  view_id: id,
  manager_id: id,
  employee_id: id,
  closed_by: id.nullable(),
  session_id: id.nullable(),
})

export function makeRetentionStore(db: Database, { pseudonyms }: { pseudonyms: Pseudonyms }): RetentionStore {
  const claim = keep(db.prepare(CLAIM))
  const firstEnded = keep(db.prepare(FIRST_ENDED).pluck())
  const people = keep(db.prepare(PEOPLE))
  const update = keep(db.prepare(PSEUDONYMISE))
  const dropMessages = keep(db.prepare(DROP_MESSAGES))
  const dropLedger = keep(db.prepare(DROP_LEDGER))
  const dropForgotten = keep(db.prepare(DROP_FORGOTTEN))
  const dropNumber = keep(db.prepare(DROP_NUMBER))
  const forgetActors = keep(db.prepare(FORGET_ACTORS))
  const forgetSubjects = keep(db.prepare(FORGET_SUBJECTS))
  const append = makeAppendAudit(db)
  const eraseTraces = makeEraseTraces(db)

  const pseudonymiseOnce = db.transaction((verificationId: string, now: number): boolean => {
    const row = people.get(verificationId)
    if (row === undefined) return false
    const { team_id, ...named } = People.parse(row)
    const hidden = Object.entries(named).map(([column, value]) => [
      column,
      value === null ? null : pseudonyms.of(team_id, value),
    ])
    update.run({ ...Object.fromEntries(hidden), id: verificationId, no_number: NO_NUMBER, now })
    dropMessages.run(verificationId)
    dropLedger.run(verificationId)
    dropNumber.run({ team_id, employee_id: named.employee_id })
    const erased = forgetActors.run(verificationId).changes + forgetSubjects.run(verificationId).changes
    if (erased > 0) {
      append(
        { teamId: team_id, actorId: null, action: 'erase', subjectId: null, verificationId, result: 'done' },
        now,
        erased,
      )
    }
    return true
  })

  return {
    claim: async (limit, cutoff) =>
      claim.all({ limit, cutoff }).map((row) => ({ item: z.looseObject({ id }).parse(row), ...duePart(row) })),
    firstEndedAt: async () => z.int().nullable().parse(firstEnded.get()),
    pseudonymise: async (verificationId, now) => {
      const isDone = pseudonymiseOnce.immediate(verificationId, now)
      if (isDone) eraseTraces()
      return isDone
    },
    dropForgottenMessages: async () => {
      const { changes } = dropForgotten.run()
      if (changes > 0) eraseTraces()
      return changes
    },
  }
}
