import * as z from 'zod'
import { type Base, type Session, UNCLEAR, type Verification } from '../verification.ts'

/** SQL row → verification, checked on the way out: the file may be older than the code, or edited by hand. */
export function readVerification(row: unknown): Verification {
  return VerificationRow.parse(row)
}

/** The one row that was asked for, if it is there. */
export function readOne(row: unknown): Verification | null {
  return row === undefined ? null : readVerification(row)
}

const id = z.string().min(1)
const time = z.int()

const BaseRow = z.object({
  id,
  team_id: id,
  view_id: id,
  manager_id: id,
  employee_id: id,
  employee_number: z.int().positive(),
  provider: z.enum(['veriff', 'bankid']),
  id_type: z.enum(['local', 'international']).nullable(),
  note: z.string().nullable(),
  card_channel_id: id.nullable(),
  created_at: time,
  revision: z.int(),
  unexpected_at: time.nullable(),
  invitations: z.int(),
  parks: z.int(),
})

const SessionColumns = z.object({
  session_id: id,
  link: id,
  started_at: time,
  expires_at: time.nullable(),
  delivered_at: time.nullable(),
  opened_at: time.nullable(),
  returned_at: time.nullable(),
  reported: z.string().nullable(),
  misses: z.int(),
})

const START_UNCLEAR = UNCLEAR.map((why) => `start_${why}` as const)

const StartColumns = {
  unclear_starts: z.union([z.literal(0), z.literal(1)]),
  hold: z.enum(['unreachable', 'unauthorised', 'rate_limited', ...UNCLEAR]).nullable(),
}

const JsonWords = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string()))

const VerificationRow = z.discriminatedUnion('status', [
  BaseRow.extend({ status: z.literal('requested'), ...StartColumns }).transform((row) => ({
    ...base(row),
    status: row.status,
    unclearStarts: row.unclear_starts,
    hold: row.hold,
  })),
  BaseRow.extend({ status: z.literal('starting'), ...StartColumns }).transform((row) => ({
    ...base(row),
    status: row.status,
    unclearStarts: row.unclear_starts,
    hold: row.hold,
  })),
  BaseRow.extend({ status: z.literal('waiting'), ...SessionColumns.shape }).transform((row) => ({
    ...base(row),
    status: row.status,
    session: session(row),
  })),
  BaseRow.extend({
    status: z.literal('settled'),
    session_id: id,
    outcome: z.enum(['approved', 'declined', 'cancelled', 'expired', 'error', 'other']),
    reported: z.string().nullable(),
    ended_at: time,
    missing_steps: JsonWords,
  }).transform((row) => ({
    ...base(row),
    status: row.status,
    sessionId: row.session_id,
    outcome: row.outcome,
    reported: row.reported,
    settledAt: row.ended_at,
    missingSteps: row.missing_steps,
  })),
  BaseRow.extend({
    status: z.literal('failed'),
    reason: z.enum([
      'employee_unknown',
      'not_allowed',
      'return_url_not_approved',
      'invalid',
      'bad_request',
      'given_up',
      'restored',
    ]),
    ended_at: time,
    closed_by: id.nullable(),
  }).transform((row) => ({
    ...base(row),
    status: row.status,
    reason: row.reason,
    failedAt: row.ended_at,
    closedBy: row.closed_by,
  })),
  BaseRow.extend({
    status: z.literal('parked'),
    reason: z.enum([
      ...START_UNCLEAR,
      'unsafe_link',
      'session_missing',
      'session_denied',
      'overdue',
      'unanswered',
      'undeliverable',
      'link_broken',
      'poisoned',
    ]),
    ended_at: time,
    session_id: id.nullable(),
  })
    .loose()
    .transform((row) => ({
      ...base(row),
      status: row.status,
      reason: row.reason,
      parkedAt: row.ended_at,
      session: row.session_id === null ? null : session(SessionColumns.parse(row)),
    })),
])

function base(row: z.infer<typeof BaseRow>): Base {
  return {
    id: row.id,
    teamId: row.team_id,
    viewId: row.view_id,
    managerId: row.manager_id,
    employeeId: row.employee_id,
    employeeNumber: row.employee_number,
    provider: row.provider,
    idType: row.id_type,
    note: row.note,
    cardChannelId: row.card_channel_id,
    createdAt: row.created_at,
    revision: row.revision,
    unexpectedAt: row.unexpected_at,
    invitations: row.invitations,
    parks: row.parks,
  }
}

function session(row: z.infer<typeof SessionColumns>): Session {
  return {
    sessionId: row.session_id,
    link: { sealed: row.link },
    startedAt: row.started_at,
    expiresAt: row.expires_at,
    deliveredAt: row.delivered_at,
    openedAt: row.opened_at,
    returnedAt: row.returned_at,
    reported: row.reported,
    misses: row.misses,
  }
}
