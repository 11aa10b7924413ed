import type { Base, Failed, Parked, ParkReason, Session, Verification, Waiting } from './verification.ts'

/** What every state has, one revision on. Written out, so that no field of the old state is carried along. */
export function changed(verification: Verification): Base {
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

/** Taken out of the way until a person decides. */
export function parked(verification: Verification, reason: ParkReason, session: Session | null, now: number): Parked {
  const base = changed(verification)
  return {
    ...base,
    parks: base.parks + 1,
    status: 'parked',
    reason,
    parkedAt: now,
    session: session && { ...session, misses: 0 },
  }
}

/** Another start would give the employee a second link for the same verification. */
export function lost(verification: Verification, now: number): Failed {
  return { ...changed(verification), status: 'failed', reason: 'restored', failedAt: now, closedBy: null }
}

/** Something was learnt about the session. */
export function noted(verification: Waiting, news: Partial<Session>): Waiting {
  return { ...changed(verification), status: 'waiting', session: { ...verification.session, ...news } }
}
