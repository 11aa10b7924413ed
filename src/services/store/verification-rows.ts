import {
  type Base,
  type FailureReason,
  type Hold,
  OUTCOMES,
  type ParkReason,
  type Session,
  type Status,
  UNCLEAR,
  type Verification,
} from '../verification.ts'
import {
  absentOr,
  maybeTextOf,
  numberOf,
  type Row,
  rowOf,
  textOf,
  textsOf,
  UnreadableRowError,
  wordOf,
} from './cells.ts'

/**
 * SQL row → verification, checked on the way out: the file may be older than the code, or edited by hand. By plain functions, for
 * every look at every session begins with it, and a schema takes twice as long.
 * @throws UnreadableRowError
 */
export function readVerification(stored: unknown): Verification {
  const row = rowOf(stored)
  const base = baseOf(row)
  const status = statusOf(row.status)
  switch (status) {
    case 'requested':
    case 'starting':
      return { ...base, status, unclearStarts: startsOf(row.unclear_starts), hold: absentOr(row.hold, holdOf) }
    case 'waiting':
      return { ...base, status, session: sessionOf(row) }
    case 'settled':
      return {
        ...base,
        status,
        sessionId: textOf(row.session_id),
        outcome: outcomeOf(row.outcome),
        reported: maybeTextOf(row.reported),
        settledAt: numberOf(row.ended_at),
        missingSteps: textsOf(row.missing_steps),
      }
    case 'failed':
      return {
        ...base,
        status,
        reason: failureOf(row.reason),
        failedAt: numberOf(row.ended_at),
        closedBy: absentOr(row.closed_by, textOf),
      }
    case 'parked':
      return {
        ...base,
        status,
        reason: parkOf(row.reason),
        parkedAt: numberOf(row.ended_at),
        session: row.session_id === null ? null : sessionOf(row),
      }
  }
}

/** The one row that was asked for, if it is there. */
export function readOne(row: unknown): Verification | null {
  return row === undefined ? null : readVerification(row)
}

const statusOf = wordOf<Status>('requested', 'starting', 'waiting', 'settled', 'failed', 'parked')
const providerOf = wordOf('veriff', 'bankid')
const idTypeOf = wordOf('local', 'international')
const startsOf = wordOf<0 | 1>(0, 1)
const holdOf = wordOf<Hold>('unreachable', 'unauthorised', 'rate_limited', ...UNCLEAR)
const outcomeOf = wordOf(...OUTCOMES, 'other')
const failureOf = wordOf<FailureReason>(
  'employee_unknown',
  'not_allowed',
  'return_url_not_approved',
  'invalid',
  'bad_request',
  'given_up',
  'restored',
)
const parkOf = wordOf<ParkReason>(
  ...UNCLEAR.map((why) => `start_${why}` as const),
  'unsafe_link',
  'session_missing',
  'session_denied',
  'overdue',
  'unanswered',
  'undeliverable',
  'link_broken',
  'poisoned',
)

function baseOf(row: Row): Base {
  const employeeNumber = numberOf(row.employee_number)
  if (employeeNumber <= 0) throw new UnreadableRowError('an employee number is expected')
  return {
    id: textOf(row.id),
    teamId: textOf(row.team_id),
    viewId: textOf(row.view_id),
    managerId: textOf(row.manager_id),
    employeeId: textOf(row.employee_id),
    employeeNumber,
    provider: providerOf(row.provider),
    idType: absentOr(row.id_type, idTypeOf),
    note: maybeTextOf(row.note),
    cardChannelId: absentOr(row.card_channel_id, textOf),
    createdAt: numberOf(row.created_at),
    revision: numberOf(row.revision),
    unexpectedAt: absentOr(row.unexpected_at, numberOf),
    invitations: numberOf(row.invitations),
    parks: numberOf(row.parks),
  }
}

function sessionOf(row: Row): Session {
  return {
    sessionId: textOf(row.session_id),
    link: { sealed: textOf(row.link) },
    startedAt: numberOf(row.started_at),
    expiresAt: absentOr(row.expires_at, numberOf),
    deliveredAt: absentOr(row.delivered_at, numberOf),
    openedAt: absentOr(row.opened_at, numberOf),
    returnedAt: absentOr(row.returned_at, numberOf),
    reported: maybeTextOf(row.reported),
    misses: numberOf(row.misses),
  }
}
