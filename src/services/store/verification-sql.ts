import { PACES, paceOf } from './schedule.ts'
import { CLAIMED_COLUMNS, VERIFICATION_COLUMNS } from './verification-columns.ts'

// Every statement about verifications and the remembered numbers.

export const INSERT = `insert into verifications (${VERIFICATION_COLUMNS.join(', ')}, next_at)
  values (${VERIFICATION_COLUMNS.map((column) => `:${column}`).join(', ')}, :next_at)`

const SET = VERIFICATION_COLUMNS.map((column) => `${column} = :${column}`).join(', ')

export const BEGIN = `update verifications set ${SET} where id = :id and revision = :from_revision`

/**
 * A row that is due stays due: the share of its patience that it has waited stays the same when that gets shorter, or it would go
 * last of the urgent, or before them all. Each pace less halves the patience, and so the time.
 */
const DUE_STILL = ':now - ((:now - next_at) >> max(pace - :pace, 0))'

export const NOTE = `update verifications set ${SET},
  next_at = case
    when claimed = 1 then next_at
    when :next_at is null then null
    when next_at <= :now then ${DUE_STILL}
    else min(coalesce(next_at, :next_at), :next_at) end,
  pace = case when claimed = 1 then pace else :pace end
  where id = :id and revision = :from_revision`

export const SAVE = `update verifications set ${SET},
  next_at = :next_at, pace = :pace, troubles = :troubles, claimed = 0, attempts = 0
  where id = :id and revision = :from_revision`

export const RESCHEDULE = `update verifications
  set next_at = :next_at, pace = :pace, troubles = :troubles, claimed = 0, attempts = 0
  where id = :id and revision = :revision returning status`

export const POSTPONE = 'update verifications set next_at = :next_at, claimed = 0 where id = :id'

/** The paces of which something is due. */
export const LINES_DUE = PACES.map(
  (pace) => `select ${pace} where exists (select 1 from verifications where pace = ${pace} and next_at <= :now)`,
).join(' union all ')
/** Those of one pace that have been due longest, from the index alone: as quick with a million waiting as with ten. */
export const DUE_OF_PACE = `select rowid, pace, next_at from verifications
  where pace = :pace and next_at <= :now order by next_at limit :limit`
export const CLAIM = `update verifications set next_at = :lease_until, claimed = 1, attempts = attempts + 1
  where rowid in (select value from json_each(:nths)) returning rowid, ${CLAIMED_COLUMNS.join(', ')}`
/**
 * Those whose deadline has passed since the last claim while they stood in the line of a slow pace. SQLite has no statistics
 * here, and would by itself look through everything that waits, at every claim.
 */
export const HURRY_EXPIRED = `update verifications indexed by verifications_deadline
  set pace = :pace, next_at = ${DUE_STILL}
  where status = 'waiting' and expires_at > :since and expires_at <= :until
    and pace > :pace and next_at <= :now and claimed = 0`

// A row nobody can read must not come again by itself; nothing else of it is touched.
export const SET_ASIDE = 'update verifications set next_at = null, claimed = 0 where id = ?'
export const RELEASE = 'update verifications set next_at = :now, claimed = 0 where claimed = 1'
export const NEXT_DUE = `select min(next_at) from (${PACES.map(
  (pace) => `select min(next_at) as next_at from verifications where pace = ${pace} and next_at is not null`,
).join(' union all ')})`

export const BY_ID = 'select * from verifications where id = ?'
export const HAS_LINK = 'select link is not null from verifications where id = ?'
export const BY_VIEW = 'select * from verifications where team_id = ? and view_id = ?'
export const BY_SESSION = 'select * from verifications where session_id = ?'
export const IS_OPEN = `status in ('requested', 'starting', 'waiting', 'parked')`
export const OPEN_FOR = `select * from verifications where team_id = ? and employee_id = ? and ${IS_OPEN}`
export const ENDED_FOR = `select * from verifications where team_id = ? and employee_id = ? and not ${IS_OPEN}
  order by created_at desc, rowid desc limit 1`
export const LIST_FOR = `select * from (
    select *, rowid as nth from verifications where team_id = :team_id and manager_id = :manager_id and ${IS_OPEN}
    union all
    select * from (
      select *, rowid as nth from verifications
      where team_id = :team_id and manager_id = :manager_id and not ${IS_OPEN}
      order by created_at desc, rowid desc limit :others
    )
  ) order by created_at desc, nth desc`
export const HURRY = `update verifications set next_at = :now, pace = ${paceOf(1)} where claimed = 0 and id in (
  select id from verifications indexed by verifications_opened
  where status = 'waiting' and opened_at >= :opened_after and next_at > :now
  order by opened_at desc limit :limit
)`

export const ADD_MESSAGE = `insert or ignore into messages
  (id, verification_id, kind, occasion, created_at, version, user_id, channel_id, sends, state, next_at, late_at)
  values (:id, :verification_id, :kind, :occasion, :now, 1, :user_id, :channel_id, 0, 'none', :now, :now)`
// A message in doubt keeps its own rhythm: its readings of the history must not come faster because something changed.
export const WAKE_MESSAGES = `update messages set next_at = :now, late_at = :now
  where verification_id = :id and state in ('none', 'sent') and claimed = 0`

// What a manager or the operator has said, against which a form can't say anything else.
export const LINKED_NUMBER = `select employee_number from employees
  where team_id = :team_id and user_id = :user_id and source <> 'remembered'`
/** Somebody else whom this number stands for, or who is being verified with it: it can't be linked to another person. */
export const NUMBER_OWNER = `select user_id from employees
    where team_id = :team_id and employee_number = :employee_number and user_id <> :user_id
  union all
  select employee_id from verifications
    where team_id = :team_id and employee_number = :employee_number and employee_id <> :user_id and ${IS_OPEN}
  limit 1`
/**
 * Somebody else for whom a form can't use this number: linked to it, being verified with it, or approved with it, unless a
 * manager has since linked it to this person. A number that was merely tried proves nothing.
 */
export const NUMBER_HOLDER = `select user_id from employees
    where team_id = :team_id and employee_number = :employee_number and user_id <> :user_id and source <> 'remembered'
  union all
  select employee_id from verifications
    where team_id = :team_id and employee_number = :employee_number and employee_id <> :user_id
      and (${IS_OPEN} or (outcome = 'approved' and not exists (
        select 1 from employees
        where team_id = :team_id and employee_number = :employee_number and user_id = :user_id and source <> 'remembered'
      )))
  limit 1`
/** A remembered number stands for one person: the one it was used for last. */
export const FORGET_NUMBER = `delete from employees
  where team_id = :team_id and employee_number = :employee_number and user_id <> :user_id and source = 'remembered'`
// A link stays as it is.
export const REMEMBER = `insert into employees (team_id, user_id, employee_number, remembered_at)
  select :team_id, :user_id, :employee_number, :started_at
  where not exists (
    select 1 from employees
    where team_id = :team_id and employee_number = :employee_number and user_id <> :user_id
  )
  on conflict (team_id, user_id) do update set employee_number = :employee_number, remembered_at = :started_at
    where source = 'remembered'`
