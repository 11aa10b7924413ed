import { changed, noted, parked } from './next-revision.ts'
import { isLongOverdue, isOutcome, type Verification, type VerificationEvent, type Waiting } from './verification.ts'

/** Where a waiting verification is after an answer about its session. The same object if it says nothing new. */
export function fromReport(
  verification: Waiting,
  event: Extract<VerificationEvent, { type: 'reported' }>,
  now: number,
): Verification {
  const { session } = verification
  const settled = { ...changed(verification), status: 'settled', sessionId: session.sessionId, settledAt: now } as const
  if (isOutcome(event.status)) {
    const missingSteps = event.status === 'approved' ? event.missingSteps : []
    return { ...settled, outcome: event.status, reported: null, missingSteps }
  }
  const overdue = isLongOverdue(session, now)
  if (event.status === 'pending') {
    if (overdue) return parked(verification, 'overdue', session, now)
    return session.misses === 0 && session.reported === null
      ? verification
      : noted(verification, { misses: 0, reported: null })
  }
  if (overdue) return { ...settled, outcome: 'other', reported: event.status, missingSteps: [] }
  return session.reported === event.status && session.misses === 0
    ? verification
    : noted(verification, { misses: 0, reported: event.status })
}
