import type {
  Base,
  Failed,
  Parked,
  Requested,
  Session,
  Settled,
  Starting,
  Waiting,
} from '../../src/services/verification.ts'
import { LINKS } from '../helpers/links.ts'

export const LINK = 'https://app.easyfreelance.no/verification/canary-4f1d'
export const NOW = Date.UTC(2026, 10, 23, 9, 30)

const BASE: Base = {
  id: '0190c5a2-0000-7000-8000-00000000f00d',
  teamId: 'T0TEAM',
  viewId: 'V0VIEW',
  managerId: 'U0MARIA',
  employeeId: 'W0OLA',
  employeeNumber: 47114711,
  provider: 'bankid',
  idType: null,
  note: null,
  cardChannelId: null,
  createdAt: NOW - 60_000,
  revision: 3,
  unexpectedAt: null,
  invitations: 0,
  parks: 0,
}

const SEALED = LINKS.seal(LINK, BASE.id)

export function buildSession(news: Partial<Session> = {}): Session {
  return {
    sessionId: 'canary-session',
    link: SEALED,
    startedAt: NOW - 30_000,
    expiresAt: NOW + 3_600_000,
    deliveredAt: null,
    openedAt: null,
    returnedAt: null,
    reported: null,
    misses: 0,
    ...news,
  }
}

export function buildRequested(news: Partial<Requested> = {}): Requested {
  return { ...BASE, status: 'requested', unclearStarts: 0, hold: null, ...news }
}
export function buildStarting(news: Partial<Starting> = {}): Starting {
  return { ...BASE, status: 'starting', unclearStarts: 0, hold: null, ...news }
}
export function buildWaiting(news: Partial<Waiting> = {}): Waiting {
  return { ...BASE, status: 'waiting', session: buildSession(), ...news }
}
export function buildSettled(news: Partial<Settled> = {}): Settled {
  const settled = { sessionId: 'canary-session', outcome: 'approved', reported: null, missingSteps: [] } as const
  return { ...BASE, status: 'settled', settledAt: NOW, ...settled, ...news }
}
export function buildFailed(news: Partial<Failed> = {}): Failed {
  return { ...BASE, status: 'failed', reason: 'invalid', failedAt: NOW, closedBy: null, ...news }
}
export function buildParked(news: Partial<Parked> = {}): Parked {
  return { ...BASE, status: 'parked', reason: 'start_timeout', parkedAt: NOW, session: null, parks: 1, ...news }
}
