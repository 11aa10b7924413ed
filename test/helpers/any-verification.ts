import fc from 'fast-check'
import {
  type Base,
  type FailureReason,
  type Hold,
  type ParkReason,
  type Session,
  type Settled,
  type Status,
  UNCLEAR,
  type Verification,
  type VerificationEvent,
} from '../../src/services/verification.ts'

/** Every word of a union, checked while compiling: a word that is added has to be added here. */
function wordsOf<Word extends string>(words: Record<Word, true>): fc.Arbitrary<Word> {
  return fc.constantFrom(...(Object.keys(words) as Word[]))
}

const id = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
const time = fc.integer({ min: 1, max: 4e12 })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null })
const text = fc.string({ unit: 'grapheme', maxLength: 300 })

const service = fc.oneof(
  fc.record({ provider: fc.constant('bankid' as const), idType: fc.constant(null) }),
  fc.record({
    provider: fc.constant('veriff' as const),
    idType: fc.constantFrom('local' as const, 'international' as const),
  }),
)

const base: fc.Arbitrary<Base> = fc
  .tuple(
    service,
    fc.record({
      id,
      teamId: id,
      viewId: id,
      managerId: id,
      employeeId: id,
      employeeNumber: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      note: maybe(text),
      cardChannelId: maybe(id),
      createdAt: time,
      revision: fc.integer({ min: 1, max: 1e6 }),
      unexpectedAt: maybe(time),
      invitations: fc.nat(9),
      parks: fc.nat(9),
    }),
  )
  .map(([chosen, rest]) => ({ ...rest, ...chosen }))

export const anySession: fc.Arbitrary<Session> = fc.record({
  sessionId: id,
  link: id.map((sealed) => ({ sealed: `v1.01234567.${sealed}` })),
  startedAt: time,
  expiresAt: maybe(time),
  deliveredAt: maybe(time),
  openedAt: maybe(time),
  returnedAt: maybe(time),
  reported: maybe(fc.constantFrom('manual_review', 'paused')),
  misses: fc.nat(4),
})

const hold = maybe(
  wordsOf<Hold>({
    unreachable: true,
    unauthorised: true,
    rate_limited: true,
    timeout: true,
    connection_lost: true,
    server_error: true,
    unreadable: true,
    interrupted: true,
  }),
)
const starts = { unclearStarts: fc.constantFrom(0 as const, 1 as const), hold }

export const anyFailureReason = wordsOf<FailureReason>({
  employee_unknown: true,
  not_allowed: true,
  return_url_not_approved: true,
  invalid: true,
  bad_request: true,
  given_up: true,
  restored: true,
})

const parkReason = wordsOf<ParkReason>({
  start_timeout: true,
  start_connection_lost: true,
  start_server_error: true,
  start_unreadable: true,
  start_interrupted: true,
  unsafe_link: true,
  session_missing: true,
  session_denied: true,
  overdue: true,
  unanswered: true,
  undeliverable: true,
  link_broken: true,
  poisoned: true,
})

const outcome = wordsOf<Settled['outcome']>({
  approved: true,
  declined: true,
  cancelled: true,
  expired: true,
  error: true,
  other: true,
})

function inState<S extends Status, Own extends object>(
  status: S,
  own: { [Name in keyof Own]: fc.Arbitrary<Own[Name]> },
) {
  return fc.tuple(base, fc.record(own)).map(([common, rest]) => ({ ...common, status, ...rest }))
}

/** Any verification of each status. */
export const ANY: { readonly [S in Status]: fc.Arbitrary<Extract<Verification, { status: S }>> } = {
  requested: inState('requested', starts),
  starting: inState('starting', starts),
  waiting: inState('waiting', { session: anySession }),
  settled: inState('settled', {
    sessionId: id,
    outcome,
    reported: maybe(id),
    settledAt: time,
    missingSteps: fc.array(text, { maxLength: 5 }),
  }),
  failed: inState('failed', { reason: anyFailureReason, failedAt: time, closedBy: maybe(id) }),
  parked: inState('parked', { reason: parkReason, parkedAt: time, session: maybe(anySession) }),
}

export const anyVerification: fc.Arbitrary<Verification> = fc.oneof(...Object.values(ANY))

const sessionId = fc.constantFrom('session-a', 'session-b')
const word = fc.constantFrom('pending', 'approved', 'declined', 'cancelled', 'expired', 'error', 'paused', 'APPROVED')

type EventOf<T> = Extract<VerificationEvent, { type: T }>
const event = <T extends VerificationEvent['type']>(
  type: T,
  own: { [Name in Exclude<keyof EventOf<T>, 'type'>]: fc.Arbitrary<EventOf<T>[Name]> },
) => fc.record({ ...own, type: fc.constant(type) }) as unknown as fc.Arbitrary<EventOf<T>>

/** Any event of each type; ids are few, so that they often meet. */
export const ANY_EVENT: { readonly [T in VerificationEvent['type']]: fc.Arbitrary<EventOf<T>> } = {
  start_begun: event('start_begun', {}),
  started: event('started', {
    sessionId,
    link: maybe(fc.constantFrom('a', 'b', 'c').map((sealed) => ({ sealed: `v1.01234567.${sealed}` }))),
    expiresAt: maybe(fc.integer({ min: 0, max: 1e9 })),
    unclearStarts: fc.constantFrom(0 as const, 1 as const),
  }),
  start_held: event('start_held', { hold: fc.constantFrom('unreachable', 'unauthorised', 'rate_limited') }),
  start_refused: event('start_refused', {
    reason: anyFailureReason.filter((reason) => reason !== 'given_up' && reason !== 'restored'),
  }),
  start_unclear: event('start_unclear', { because: fc.constantFrom(...UNCLEAR) }),
  reported: event('reported', { sessionId, status: word, missingSteps: fc.array(id, { maxLength: 2 }) }),
  unanswered: event('unanswered', { sessionId }),
  session_missing: event('session_missing', { sessionId }),
  session_denied: event('session_denied', { sessionId }),
  delivered: event('delivered', { invitation: fc.nat(2) }),
  undeliverable: event('undeliverable', { invitation: fc.nat(2) }),
  link_broken: event('link_broken', { invitation: fc.nat(2) }),
  opened: event('opened', {}),
  returned: event('returned', {}),
  unexpected: event('unexpected', {}),
  poisoned: event('poisoned', {}),
  retried: event('retried', {}),
  given_up: event('given_up', { by: id }),
  link_lost: event('link_lost', {}),
}

export const anyEvent: fc.Arbitrary<VerificationEvent> = fc.oneof(...Object.values(ANY_EVENT))
