import type { Verification } from '../../src/services/verification.ts'
import { checkMessages } from './check-messages.ts'
import { REFUSED, type RequestFault } from './easyfreelance-faults.ts'
import type { EasyFreelanceSide } from './easyfreelance-side.ts'
import type { Accepted } from './people.ts'
import type { Move, Rows, VerificationRow } from './rows.ts'
import type { SlackSide } from './slack-side.ts'

/** Everything there is to know when a run is over. */
export type Ending = {
  readonly rows: Rows
  readonly verifications: ReadonlyMap<string, Verification>
  readonly slack: SlackSide
  readonly easyfreelance: EasyFreelanceSide
  readonly accepted: readonly Accepted[]
  /** Every form that was sent, accepted or not. */
  readonly sent: ReadonlySet<string>
  readonly closings: ReadonlySet<string>
  readonly sends: ReadonlyMap<string, number>
  readonly perMinute: number
}

/** What was promised and not kept, in sentences. Empty: all is well. */
export function checkAll(ending: Ending): string[] {
  const { rows } = ending
  return [
    ...lost(ending),
    ...rows.verifications.flatMap((row) => wrongEnd(row, ending)),
    ...rows.verifications.flatMap((row) => tooManyStarts(row, ending)),
    ...rows.moves.flatMap(impossibleMove),
    ...unaudited(rows),
    ...overBudget(ending.easyfreelance.callTimes, ending.perMinute),
    ...checkMessages(ending),
  ]
}

function lost({ rows, accepted, sent }: Ending): string[] {
  const views = rows.verifications.map(({ view_id }) => view_id)
  return [
    ...accepted
      .filter(({ viewId }) => !views.includes(viewId))
      .map(({ viewId }) => `${viewId} was accepted and is lost`),
    ...views.filter((view) => !sent.has(view)).map((view) => `${view} was asked for by nobody`),
    ...views.filter((view, index) => views.indexOf(view) !== index).map((view) => `${view} was taken twice`),
  ]
}

/** The definite noes of a start, as the bot calls them. */
const FAILURES: Readonly<Record<string, RequestFault>> = {
  employee_unknown: 'unknown_employee',
  not_allowed: 'denied',
  return_url_not_approved: 'bad_return_url',
  bad_request: 'bad_request',
}

function wrongEnd(row: VerificationRow, { easyfreelance, closings }: Ending): string[] {
  if (row.next_at !== null || row.claimed === 1) return [`${row.id} is stuck: ${row.status}, and still at work`]
  switch (row.status) {
    case 'settled': {
      const session = easyfreelance.sessions.all.get(row.session_id ?? '')
      if (session === undefined) return [`${row.id} settled on a session that does not exist`]
      if (session.employeeNumber !== row.employee_number) return [`${row.id} settled on somebody else's session`]
      const outcome = easyfreelance.sessions.statusOf(session)
      if (row.outcome !== outcome) return [`${row.id} says ${row.outcome}, EasyFreelance says ${outcome}`]
      return easyfreelance.hasSaid(session.id, outcome) ? [] : [`${row.id} says ${outcome} before EasyFreelance did`]
    }
    case 'failed': {
      if (row.reason === 'given_up') return closings.has(row.id) ? [] : [`${row.id} was closed by nobody`]
      const fault = FAILURES[row.reason ?? '']
      const isTrue = easyfreelance.starts.some(
        (start) => start.employeeNumber === row.employee_number && start.fault === fault && start.at >= row.created_at,
      )
      return isTrue ? [] : [`${row.id} failed (${row.reason}), and EasyFreelance never said so`]
    }
    default:
      return [`${row.id} is stuck: ${row.status} ${row.reason ?? ''}`]
  }
}

/** A start that may have had an effect is repeated once, and then only when a person says so. */
function tooManyStarts(row: VerificationRow, { rows, easyfreelance }: Ending): string[] {
  const later = rows.verifications.find(
    (other) => other.employee_id === row.employee_id && other.created_at > row.created_at,
  )
  const starts = easyfreelance.starts.filter(
    ({ employeeNumber, at, fault }) =>
      employeeNumber === row.employee_number &&
      at >= row.created_at &&
      at < (later?.created_at ?? Number.POSITIVE_INFINITY) &&
      (fault === null || !REFUSED.has(fault)),
  )
  const tries = 1 + rows.moves.filter((move) => isOf(row, move) && isNewTry(move)).length
  return starts.length <= 2 * tries ? [] : [`${row.id} was started ${starts.length} times in ${tries} tries`]
}

const isOf = (row: VerificationRow, move: Move) => move.verification_id === row.id
const isNewTry = ({ from_status, status }: Move) => from_status === 'parked' && status === 'requested'

function impossibleMove(move: Move): string[] {
  const said = `${move.verification_id} went from ${move.from_status} ${move.from_revision} to ${move.status} ${move.revision}`
  if (move.revision !== move.from_revision + 1) return [`${said}: a change was written over`]
  if (['settled', 'failed'].includes(move.from_status)) return [`${said}, although it was over`]
  return []
}

const AUDITED: Readonly<Record<string, readonly string[]>> = {
  settled: ['settled'],
  failed: ['failed', 'close'],
  parked: ['parked'],
}

function unaudited({ verifications, moves, audited }: Rows): string[] {
  return verifications.flatMap((row) =>
    Object.entries(AUDITED).flatMap(([status, actions]) => {
      const moved = moves.filter((move) => isOf(row, move) && move.status === status && move.from_status !== status)
      const written = audited.filter(({ id, action }) => id === row.id && actions.includes(action))
      return moved.length === written.length
        ? []
        : [`the audit has ${written.length} of ${moved.length} ${status} of ${row.id}`]
    }),
  )
}

const MINUTE_MS = 60_000

function overBudget(times: readonly number[], perMinute: number): string[] {
  for (const [index, time] of times.entries()) {
    const first = times[index - perMinute]
    if (first !== undefined && time - first < MINUTE_MS) return [`more than ${perMinute} calls within a minute`]
  }
  return []
}
