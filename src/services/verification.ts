/**
 * The domain: what a verification is and how it moves. Pure; no I/O, no clock, no Slack.
 *
 * Words (the same in files, columns, log fields and messages)
 * - verification: our record that one manager asked that one employee be verified, once.
 * - session: EasyFreelance's verification session; its `sessionId` is their `verification_id`.
 * - link: the session's `verification_url`. A secret of the employee: only ever a button in their direct message.
 * - employee number: the employee's id at EasyFreelance, an integer. `employeeId` is their Slack user id.
 * - outcome: what EasyFreelance says a session ended as. Only EasyFreelance settles a session; our clock never does.
 * - hold: why a verification has not been started yet although it should have been.
 * - parked: a person must decide. The manager is told and gets two buttons, [Try again] and [Close].
 * - revision: grows with every change; a message records which revision Slack shows.
 *
 *  event ↓ in state →  requested        starting                    waiting                 parked               settled, failed
 *  start_begun         starting         –                           –                       –                    –
 *  started             –                waiting, or parked without  –                       –                    –
 *                                       a safe link
 *  start_held          –                requested with the hold     –                       –                    –
 *  start_refused       –                failed                      –                       –                    –
 *  start_unclear       –                requested once, then parked –                       –                    –
 *  reported            –                –                           settled, parked when    –                    –
 *                                                                   long overdue, or as is
 *  session_missing     –                –                           parked at the fifth     –                    –
 *  session_denied      –                –                           parked                  –                    –
 *  undeliverable       –                –                           parked                  –                    –
 *  opened, returned    –                –                           noted (first time)      –                    –
 *  unexpected          –                –                           noted (first time)      noted (first time)   –
 *  poisoned            parked           parked                      parked                  –                    –
 *  retried             –                –                           –                       waiting, requested   –
 *  given_up            –                –                           –                       failed               –
 *
 * "–" means: nothing happens, the same object comes back.
 */

export type Provider = 'veriff' | 'bankid'

/** Which documents Veriff takes: `local` = Norwegian, `international` = foreign. apidoc.easyfreelance.no: Start Veriff or BankID verification. */
export type IdType = 'local' | 'international'

/** apidoc.easyfreelance.no: Poll verification session status; British spelling of "cancelled". */
export const OUTCOMES = ['approved', 'declined', 'cancelled', 'expired', 'error'] as const
export type Outcome = (typeof OUTCOMES)[number]

/** EasyFreelance's definite no to a start, or the manager's own decision to stop. */
export type FailureReason =
  | 'employee_unknown'
  | 'not_allowed'
  | 'return_url_not_approved'
  | 'invalid'
  | 'bad_request'
  | 'given_up'

export type ParkReason =
  | 'start_unclear'
  | 'unsafe_link'
  | 'session_missing'
  | 'session_denied'
  | 'overdue'
  | 'undeliverable'
  | 'poisoned'

export type Hold = 'unreachable' | 'unauthorised' | 'rate_limited' | 'unclear'

export type Session = {
  readonly sessionId: string
  readonly link: string
  /** UTC ms when EasyFreelance answered the start. */
  readonly startedAt: number
  /** UTC ms; null when EasyFreelance gave no time we could read. */
  readonly expiresAt: number | null
  /** UTC ms of the employee's first press on the link. */
  readonly openedAt: number | null
  /** UTC ms of the first sign that the employee came back from EasyFreelance. Proves nothing about the outcome. */
  readonly returnedAt: number | null
  /** A status word EasyFreelance used that its documentation doesn't list, as it stands. */
  readonly reported: string | null
  /** How many times in a row EasyFreelance said it doesn't know the session. */
  readonly misses: number
}

export type Base = {
  readonly id: string
  readonly teamId: string
  /** Slack's id of the submitted modal: one row per submission. */
  readonly viewId: string
  readonly managerId: string
  readonly employeeId: string
  readonly employeeNumber: number
  readonly provider: Provider
  /** Null exactly when the provider is BankID. */
  readonly idType: IdType | null
  readonly note: string | null
  /** The channel the manager chose for the card; null means their direct messages. */
  readonly cardChannelId: string | null
  readonly createdAt: number
  readonly revision: number
  /** UTC ms when the employee said that they did not expect this. */
  readonly unexpectedAt: number | null
  /** Which invitation is in force; grows when an undeliverable one is tried again. */
  readonly invitations: number
  /** How often this verification was parked; tells one request for a decision from the next. */
  readonly parks: number
}

export type Requested = Base & {
  readonly status: 'requested'
  readonly unclearStarts: 0 | 1
  readonly hold: Hold | null
}
export type Starting = Base & { readonly status: 'starting'; readonly unclearStarts: 0 | 1; readonly hold: Hold | null }
export type Waiting = Base & { readonly status: 'waiting'; readonly session: Session }
export type Settled = Base & {
  readonly status: 'settled'
  readonly sessionId: string
  /** `other`: EasyFreelance used a word of its own, and long after the deadline still does. */
  readonly outcome: Outcome | 'other'
  /** The word itself when the outcome is `other`. */
  readonly reported: string | null
  readonly settledAt: number
  /** Onboarding steps EasyFreelance still misses; only ever non-empty after `approved`. */
  readonly missingSteps: readonly string[]
}
export type Failed = Base & {
  readonly status: 'failed'
  readonly reason: FailureReason
  readonly failedAt: number
  /** Who closed it; null when EasyFreelance refused. */
  readonly closedBy: string | null
}
export type Parked = Base & {
  readonly status: 'parked'
  readonly reason: ParkReason
  readonly parkedAt: number
  /** The session to go on with; null when there is none, or none whose link may be shown. */
  readonly session: Session | null
}

export type Verification = Requested | Starting | Waiting | Settled | Failed | Parked
export type Status = Verification['status']

/** Statuses in which an employee has no room for another verification. */
export const OPEN_STATUSES = ['requested', 'starting', 'waiting', 'parked'] as const satisfies readonly Status[]

export type VerificationEvent =
  | { readonly type: 'start_begun' }
  | {
      readonly type: 'started'
      readonly sessionId: string
      /** Null: the link is not on the expected origin and must never be shown. */
      readonly link: string | null
      readonly expiresAt: number | null
      /** `unclearStarts` when this start began; an answer to an older start is not taken. */
      readonly unclearStarts: 0 | 1
    }
  | { readonly type: 'start_held'; readonly hold: Exclude<Hold, 'unclear'> }
  | { readonly type: 'start_refused'; readonly reason: Exclude<FailureReason, 'given_up'> }
  | { readonly type: 'start_unclear' }
  | {
      readonly type: 'reported'
      readonly sessionId: string
      readonly status: string
      readonly missingSteps: readonly string[]
    }
  | { readonly type: 'session_missing'; readonly sessionId: string }
  | { readonly type: 'session_denied'; readonly sessionId: string }
  | { readonly type: 'undeliverable'; readonly invitation: number }
  | { readonly type: 'opened' }
  | { readonly type: 'returned' }
  | { readonly type: 'unexpected' }
  | { readonly type: 'poisoned' }
  | { readonly type: 'retried' }
  | { readonly type: 'given_up'; readonly by: string }

const DAY_MS = 24 * 60 * 60_000
/** Our own longest wait when EasyFreelance gave no readable deadline. */
const UNKNOWN_LIFETIME_MS = 7 * DAY_MS
/** How long past the deadline we wait for EasyFreelance's own word. */
const GRACE_MS = DAY_MS
const MISSES_TO_PARK = 5

/** Where we are + what happened + when → where we are now. The same object if nothing changed; never throws. */
export function transition(verification: Verification, event: VerificationEvent, now: number): Verification {
  switch (verification.status) {
    case 'requested':
      return fromRequested(verification, event, now)
    case 'starting':
      return fromStarting(verification, event, now)
    case 'waiting':
      return fromWaiting(verification, event, now)
    case 'parked':
      return fromParked(verification, event, now)
    case 'settled':
    case 'failed':
      return verification
    default:
      return assertNever(verification)
  }
}

/** True while somebody, or we, still have something to do for it. */
export function isOpen(verification: Verification): boolean {
  return (OPEN_STATUSES as readonly Status[]).includes(verification.status)
}

export function isOutcome(word: string): word is Outcome {
  return (OUTCOMES as readonly string[]).includes(word)
}

/** When we stop expecting an unopened session to end by itself, UTC ms. */
export function deadlineOf(session: Session): number {
  return session.expiresAt ?? session.startedAt + UNKNOWN_LIFETIME_MS
}

function fromRequested(verification: Requested, event: VerificationEvent, now: number): Verification {
  switch (event.type) {
    case 'start_begun':
      return {
        ...changed(verification),
        status: 'starting',
        unclearStarts: verification.unclearStarts,
        hold: verification.hold,
      }
    case 'poisoned':
      return parked(verification, 'poisoned', null, now)
    default:
      return verification
  }
}

function fromStarting(verification: Starting, event: VerificationEvent, now: number): Verification {
  switch (event.type) {
    case 'started': {
      if (event.unclearStarts !== verification.unclearStarts) return verification
      if (event.link === null) return parked(verification, 'unsafe_link', null, now)
      const session: Session = {
        sessionId: event.sessionId,
        link: event.link,
        startedAt: now,
        expiresAt: event.expiresAt,
        openedAt: null,
        returnedAt: null,
        reported: null,
        misses: 0,
      }
      return { ...changed(verification), status: 'waiting', session }
    }
    case 'start_held':
      return {
        ...changed(verification),
        status: 'requested',
        unclearStarts: verification.unclearStarts,
        hold: event.hold,
      }
    case 'start_refused':
      return { ...changed(verification), status: 'failed', reason: event.reason, failedAt: now, closedBy: null }
    case 'start_unclear':
      return verification.unclearStarts === 0
        ? { ...changed(verification), status: 'requested', unclearStarts: 1, hold: 'unclear' }
        : parked(verification, 'start_unclear', null, now)
    case 'poisoned':
      return parked(verification, 'poisoned', null, now)
    default:
      return verification
  }
}

function fromWaiting(verification: Waiting, event: VerificationEvent, now: number): Verification {
  const { session } = verification
  const noted = (news: Partial<Session>): Waiting => ({
    ...changed(verification),
    status: 'waiting',
    session: { ...session, ...news },
  })
  switch (event.type) {
    case 'reported':
      return event.sessionId === session.sessionId ? fromReport(verification, event, noted, now) : verification
    case 'session_missing':
      if (event.sessionId !== session.sessionId) return verification
      return session.misses + 1 < MISSES_TO_PARK
        ? noted({ misses: session.misses + 1 })
        : parked(verification, 'session_missing', { ...session, misses: 0 }, now)
    case 'session_denied':
      return event.sessionId === session.sessionId ? parked(verification, 'session_denied', session, now) : verification
    case 'undeliverable':
      return event.invitation === verification.invitations
        ? parked(verification, 'undeliverable', session, now)
        : verification
    case 'opened':
      return session.openedAt === null ? noted({ openedAt: now }) : verification
    case 'returned':
      return session.returnedAt === null ? noted({ returnedAt: now }) : verification
    case 'unexpected':
      return verification.unexpectedAt === null ? { ...noted({}), unexpectedAt: now } : verification
    case 'poisoned':
      return parked(verification, 'poisoned', session, now)
    default:
      return verification
  }
}

function fromReport(
  verification: Waiting,
  event: Extract<VerificationEvent, { type: 'reported' }>,
  noted: (news: Partial<Session>) => Waiting,
  now: number,
): Verification {
  const { session } = verification
  const settled = { ...changed(verification), status: 'settled', sessionId: session.sessionId, settledAt: now } as const
  if (isOutcome(event.status)) {
    const missingSteps = event.status === 'approved' ? event.missingSteps : []
    return { ...settled, outcome: event.status, reported: null, missingSteps }
  }
  const overdue = now > deadlineOf(session) + GRACE_MS
  if (event.status === 'pending') {
    if (overdue) return parked(verification, 'overdue', { ...session, misses: 0 }, now)
    return session.misses === 0 && session.reported === null ? verification : noted({ misses: 0, reported: null })
  }
  if (overdue) return { ...settled, outcome: 'other', reported: event.status, missingSteps: [] }
  return session.reported === event.status && session.misses === 0
    ? verification
    : noted({ misses: 0, reported: event.status })
}

function fromParked(verification: Parked, event: VerificationEvent, now: number): Verification {
  switch (event.type) {
    case 'retried': {
      const { session } = verification
      if (session === null) return { ...changed(verification), status: 'requested', unclearStarts: 0, hold: null }
      const invitations = verification.invitations + (verification.reason === 'undeliverable' ? 1 : 0)
      return { ...changed(verification), invitations, status: 'waiting', session }
    }
    case 'given_up':
      return { ...changed(verification), status: 'failed', reason: 'given_up', failedAt: now, closedBy: event.by }
    case 'unexpected':
      return verification.unexpectedAt === null
        ? { ...verification, revision: verification.revision + 1, unexpectedAt: now }
        : verification
    default:
      return verification
  }
}

function parked(verification: Verification, reason: ParkReason, session: Session | null, now: number): Parked {
  const base = changed(verification)
  return { ...base, parks: base.parks + 1, status: 'parked', reason, parkedAt: now, session }
}

/** What every state has, one revision on. Written out, so that no field of the old state is carried along. */
function changed(verification: Verification): Base {
  return {
    id: verification.id,
    teamId: verification.teamId,
    viewId: verification.viewId,
    managerId: verification.managerId,
    employeeId: verification.employeeId,
    employeeNumber: verification.employeeNumber,
    provider: verification.provider,
    idType: verification.idType,
    note: verification.note,
    cardChannelId: verification.cardChannelId,
    createdAt: verification.createdAt,
    revision: verification.revision + 1,
    unexpectedAt: verification.unexpectedAt,
    invitations: verification.invitations,
    parks: verification.parks,
  }
}

function assertNever(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
