/**
 * How a verification moves. Pure: no I/O, no clock.
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
 *  unanswered       –                –                           parked when long overdue –                  –
 *  delivered        –                –                           noted (first time)      noted (first time)   –
 *  undeliverable       –                –                           parked                  –                    –
 *  link_broken         –                –                           parked                  –                    –
 *  opened, returned    –                –                           noted, once a minute    –                    –
 *  unexpected          –                –                           noted (first time)      noted (first time)   –
 *  poisoned            parked           parked                      parked                  –                    –
 *  link_lost           failed           failed                      –                       failed without a      –
 *                                                                                           session
 *  retried             –                –                           –                       waiting, requested   –
 *  given_up            –                –                           –                       failed               –
 *
 * "–" means: nothing happens, the same object comes back.
 */
import { fromReport } from './from-report.ts'
import { changed, lost, noted, parked } from './next-revision.ts'
import {
  type Base,
  isLongOverdue,
  type Parked,
  type Requested,
  type Session,
  type Starting,
  type Verification,
  type VerificationEvent,
  type Waiting,
} from './verification.ts'

const MISSES_TO_PARK = 5
const NEWS_AFTER_MS = 60_000

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
    case 'link_lost':
      return lost(verification, now)
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
        deliveredAt: null,
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
        ? { ...changed(verification), status: 'requested', unclearStarts: 1, hold: event.because }
        : parked(verification, `start_${event.because}`, null, now)
    case 'poisoned':
      return parked(verification, 'poisoned', null, now)
    case 'link_lost':
      return lost(verification, now)
    default:
      return verification
  }
}

function fromWaiting(verification: Waiting, event: VerificationEvent, now: number): Verification {
  const { session } = verification
  switch (event.type) {
    case 'reported':
      return event.sessionId === session.sessionId ? fromReport(verification, event, now) : verification
    case 'unanswered':
      return event.sessionId === session.sessionId && isLongOverdue(session, now)
        ? parked(verification, 'unanswered', session, now)
        : verification
    case 'session_missing':
      if (event.sessionId !== session.sessionId) return verification
      return session.misses + 1 < MISSES_TO_PARK
        ? noted(verification, { misses: session.misses + 1 })
        : parked(verification, 'session_missing', session, now)
    case 'session_denied':
      return event.sessionId === session.sessionId ? parked(verification, 'session_denied', session, now) : verification
    case 'delivered':
      return isFirstDelivery(verification, session, event.invitation)
        ? noted(verification, { deliveredAt: now })
        : verification
    case 'undeliverable':
    case 'link_broken':
      return event.invitation === verification.invitations
        ? parked(verification, event.type, session, now)
        : verification
    case 'opened':
      return isNews(session.openedAt, now) ? noted(verification, { openedAt: now }) : verification
    case 'returned':
      return isNews(session.returnedAt, now) ? noted(verification, { returnedAt: now }) : verification
    case 'unexpected':
      return verification.unexpectedAt === null ? { ...noted(verification, {}), unexpectedAt: now } : verification
    case 'poisoned':
      return parked(verification, 'poisoned', session, now)
    default:
      return verification
  }
}

function isFirstDelivery({ invitations }: Base, { deliveredAt }: Session, invitation: number): boolean {
  return invitation === invitations && deliveredAt === null
}

/** A sign of life is worth a write when the last one is a while ago. */
function isNews(lastAt: number | null, now: number): boolean {
  return lastAt === null || now - lastAt >= NEWS_AFTER_MS
}

function fromParked(verification: Parked, event: VerificationEvent, now: number): Verification {
  switch (event.type) {
    case 'retried': {
      const { session } = verification
      if (session === null) return { ...changed(verification), status: 'requested', unclearStarts: 0, hold: null }
      const invitations = verification.invitations + (wasNotInvited(verification) ? 1 : 0)
      // Another invitation is another delivery.
      const deliveredAt = invitations === verification.invitations ? session.deliveredAt : null
      return { ...changed(verification), invitations, status: 'waiting', session: { ...session, deliveredAt } }
    }
    case 'given_up':
      return { ...changed(verification), status: 'failed', reason: 'given_up', failedAt: now, closedBy: event.by }
    case 'link_lost':
      return verification.session === null ? lost(verification, now) : verification
    case 'delivered': {
      const { session } = verification
      if (session === null || !isFirstDelivery(verification, session, event.invitation)) return verification
      return { ...verification, revision: verification.revision + 1, session: { ...session, deliveredAt: now } }
    }
    case 'unexpected':
      return verification.unexpectedAt === null
        ? { ...verification, revision: verification.revision + 1, unexpectedAt: now }
        : verification
    default:
      return verification
  }
}

function wasNotInvited({ reason }: Parked): boolean {
  return reason === 'undeliverable' || reason === 'link_broken'
}

function assertNever(value: never): never {
  throw new Error(`unreachable: ${String(value)}`)
}
