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
 * How it moves: `transition.ts`.
 */

export type Provider = 'veriff' | 'bankid'

/** Which documents Veriff takes: `local` = Norwegian, `international` = foreign. apidoc.easyfreelance.no: Start Veriff or BankID verification. */
export type IdType = 'local' | 'international'

/** apidoc.easyfreelance.no: Poll verification session status; British spelling of "cancelled". */
export const OUTCOMES = ['approved', 'declined', 'cancelled', 'expired', 'error'] as const
export type Outcome = (typeof OUTCOMES)[number]

/**
 * EasyFreelance's definite no to a start, the manager's own decision to stop, or `restored`: the database was put back to a
 * time before the link was sent, so nobody knows which session the employee's link belongs to.
 */
export type FailureReason =
  | 'employee_unknown'
  | 'not_allowed'
  | 'return_url_not_approved'
  | 'invalid'
  | 'bad_request'
  | 'given_up'
  | 'restored'

export type ParkReason =
  | `start_${Unclear}`
  | 'unsafe_link'
  | 'session_missing'
  | 'session_denied'
  | 'overdue'
  | 'unanswered'
  | 'undeliverable'
  | 'link_broken'
  | 'poisoned'

/** Why it is unknown whether a start was done; `interrupted`: our own process ended in the middle of it. */
export const UNCLEAR = ['timeout', 'connection_lost', 'server_error', 'unreadable', 'interrupted'] as const
export type Unclear = (typeof UNCLEAR)[number]

export type Hold = 'unreachable' | 'unauthorised' | 'rate_limited' | Unclear

/**
 * The link as it is kept: sealed, and bound to its verification. It is opened where the invitation is rendered and nowhere else,
 * so nothing that shows or logs texts takes it.
 */
export type SealedLink = { readonly sealed: string }

/** The way in and out of the seal. */
export type Links = {
  seal(link: string, verificationId: string): SealedLink
  /** Null when it was changed or moved, or was sealed with a key that is not given. */
  open(link: SealedLink, verificationId: string): string | null
}

export type Session = {
  readonly sessionId: string
  readonly link: SealedLink
  /** UTC ms when EasyFreelance answered the start. */
  readonly startedAt: number
  /** UTC ms; null when EasyFreelance gave no time we could read. */
  readonly expiresAt: number | null
  /** UTC ms when Slack had the invitation in force; null before. */
  readonly deliveredAt: number | null
  /** UTC ms of the employee's latest press on the link. */
  readonly openedAt: number | null
  /** UTC ms of the latest sign that the employee came back from EasyFreelance. Proves nothing about the outcome. */
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
      readonly link: SealedLink | null
      readonly expiresAt: number | null
      /** `unclearStarts` when this start began; an answer to an older start is not taken. */
      readonly unclearStarts: 0 | 1
    }
  | { readonly type: 'start_held'; readonly hold: Exclude<Hold, Unclear> }
  | { readonly type: 'start_refused'; readonly reason: Exclude<FailureReason, 'given_up' | 'restored'> }
  | { readonly type: 'start_unclear'; readonly because: Unclear }
  | {
      readonly type: 'reported'
      readonly sessionId: string
      readonly status: string
      readonly missingSteps: readonly string[]
    }
  /** Asked about the session, EasyFreelance gave no answer that means anything. */
  | { readonly type: 'unanswered'; readonly sessionId: string }
  | { readonly type: 'session_missing'; readonly sessionId: string }
  | { readonly type: 'session_denied'; readonly sessionId: string }
  | { readonly type: 'delivered'; readonly invitation: number }
  | { readonly type: 'undeliverable'; readonly invitation: number }
  /** The link that is kept does not open, so the invitation can't be sent. */
  | { readonly type: 'link_broken'; readonly invitation: number }
  | { readonly type: 'opened' }
  | { readonly type: 'returned' }
  | { readonly type: 'unexpected' }
  | { readonly type: 'poisoned' }
  /** After a restore: the employee got a link that is not known here any more. */
  | { readonly type: 'link_lost' }
  | { readonly type: 'retried' }
  | { readonly type: 'given_up'; readonly by: string }

const DAY_MS = 24 * 60 * 60_000
/** Our own longest wait when EasyFreelance gave no readable deadline. */
const UNKNOWN_LIFETIME_MS = 7 * DAY_MS
/** True while somebody, or we, still have something to do for it. */
export function isOpen(verification: Verification): boolean {
  return (OPEN_STATUSES as readonly Status[]).includes(verification.status)
}

/** Whether it is unknown if a start was done; such a start is tried once more. */
export function isUnclear(hold: Hold | null): hold is Unclear {
  return hold !== null && (UNCLEAR as readonly Hold[]).includes(hold)
}

export function isOutcome(word: string): word is Outcome {
  return (OUTCOMES as readonly string[]).includes(word)
}

/** When we stop expecting an unopened session to end by itself, UTC ms. */
export function deadlineOf(session: Session): number {
  return session.expiresAt ?? session.startedAt + UNKNOWN_LIFETIME_MS
}

/** How long past the deadline we wait for EasyFreelance's own word. */
const GRACE_MS = 24 * 60 * 60_000

/** The deadline is so long over that somebody should be told that no word has come. */
export function isLongOverdue(session: Session, now: number): boolean {
  return now > deadlineOf(session) + GRACE_MS
}
