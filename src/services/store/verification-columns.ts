import type { Verification } from '../verification.ts'

export const VERIFICATION_COLUMNS = [
  'id',
  'team_id',
  'view_id',
  'manager_id',
  'employee_id',
  'employee_number',
  'provider',
  'id_type',
  'note',
  'card_channel_id',
  'created_at',
  'revision',
  'unexpected_at',
  'invitations',
  'parks',
  'status',
  'unclear_starts',
  'hold',
  'session_id',
  'link',
  'started_at',
  'expires_at',
  'delivered_at',
  'opened_at',
  'returned_at',
  'reported',
  'misses',
  'outcome',
  'missing_steps',
  'reason',
  'ended_at',
  'closed_by',
] as const

/** With what the worker needs of a claim. */
export const CLAIMED_COLUMNS = [...VERIFICATION_COLUMNS, 'attempts', 'troubles'] as const

export type Columns<Name extends string> = Record<Name, string | number | null>

/** Verification → the columns it fills; every state column that the state doesn't have becomes null. */
export function writeVerification(verification: Verification): Columns<(typeof VERIFICATION_COLUMNS)[number]> {
  const { status } = verification
  const session = 'session' in verification ? verification.session : null
  return {
    id: verification.id,
    team_id: verification.teamId,
    view_id: verification.viewId,
    manager_id: verification.managerId,
    employee_id: verification.employeeId,
    employee_number: verification.employeeNumber,
    provider: verification.provider,
    id_type: verification.idType,
    note: verification.note,
    card_channel_id: verification.cardChannelId,
    created_at: verification.createdAt,
    revision: verification.revision,
    unexpected_at: verification.unexpectedAt,
    invitations: verification.invitations,
    parks: verification.parks,
    status,
    unclear_starts: 'unclearStarts' in verification ? verification.unclearStarts : null,
    hold: 'hold' in verification ? verification.hold : null,
    session_id: status === 'settled' ? verification.sessionId : (session?.sessionId ?? null),
    link: session?.link.sealed ?? null,
    started_at: session?.startedAt ?? null,
    expires_at: session?.expiresAt ?? null,
    delivered_at: session?.deliveredAt ?? null,
    opened_at: session?.openedAt ?? null,
    returned_at: session?.returnedAt ?? null,
    reported: status === 'settled' ? verification.reported : (session?.reported ?? null),
    misses: session?.misses ?? null,
    outcome: status === 'settled' ? verification.outcome : null,
    missing_steps: status === 'settled' ? JSON.stringify(verification.missingSteps) : null,
    reason: 'reason' in verification ? verification.reason : null,
    ended_at: endedAt(verification),
    closed_by: status === 'failed' ? verification.closedBy : null,
  }
}

function endedAt(verification: Verification): number | null {
  switch (verification.status) {
    case 'settled':
      return verification.settledAt
    case 'failed':
      return verification.failedAt
    case 'parked':
      return verification.parkedAt
    default:
      return null
  }
}
