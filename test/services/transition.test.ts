import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeVerification } from '../../src/services/store/verification-columns.ts'
import { readVerification } from '../../src/services/store/verification-rows.ts'
import { transition } from '../../src/services/transition.ts'
import { OUTCOMES, type Status, type Verification, type VerificationEvent } from '../../src/services/verification.ts'
import { anyEvent } from '../helpers/any-verification.ts'
import {
  buildFailed,
  buildParked,
  buildRequested,
  buildSession,
  buildSettled,
  buildStarting,
  buildWaiting,
  NOW,
} from '../views/build-verification.ts'

const SESSION_ID = buildSession().sessionId
const DAY_MS = 86_400_000
const NEW_LINK = { sealed: 'v1.01234567.new' }

const STATES: { readonly [S in Status]: Extract<Verification, { status: S }> } = {
  requested: buildRequested(),
  starting: buildStarting(),
  waiting: buildWaiting(),
  parked: buildParked(),
  settled: buildSettled(),
  failed: buildFailed(),
}

const EVENTS: { readonly [T in VerificationEvent['type']]: Extract<VerificationEvent, { type: T }> } = {
  start_begun: { type: 'start_begun' },
  started: { type: 'started', sessionId: 'new', link: NEW_LINK, expiresAt: null, unclearStarts: 0 },
  start_held: { type: 'start_held', hold: 'unreachable' },
  start_refused: { type: 'start_refused', reason: 'employee_unknown' },
  start_unclear: { type: 'start_unclear', because: 'timeout' },
  reported: { type: 'reported', sessionId: SESSION_ID, status: 'approved', missingSteps: ['bank'] },
  unanswered: { type: 'unanswered', sessionId: SESSION_ID },
  session_missing: { type: 'session_missing', sessionId: SESSION_ID },
  session_denied: { type: 'session_denied', sessionId: SESSION_ID },
  delivered: { type: 'delivered', invitation: 0 },
  undeliverable: { type: 'undeliverable', invitation: 0 },
  link_broken: { type: 'link_broken', invitation: 0 },
  opened: { type: 'opened' },
  returned: { type: 'returned' },
  unexpected: { type: 'unexpected' },
  poisoned: { type: 'poisoned' },
  retried: { type: 'retried' },
  given_up: { type: 'given_up', by: 'U0MARIA' },
  link_lost: { type: 'link_lost' },
}

// "–": nothing happens. The state's own name: something is noted.
const TABLE = `
                 requested  starting   waiting  parked     settled  failed
start_begun      starting   –          –        –          –        –
started          –          waiting    –        –          –        –
start_held       –          requested  –        –          –        –
start_refused    –          failed     –        –          –        –
start_unclear    –          requested  –        –          –        –
reported         –          –          settled  –          –        –
unanswered       –          –          –        –          –        –
session_missing  –          –          waiting  –          –        –
session_denied   –          –          parked   –          –        –
delivered        –          –          waiting  –          –        –
undeliverable    –          –          parked   –          –        –
link_broken      –          –          parked   –          –        –
opened           –          –          waiting  –          –        –
returned         –          –          waiting  –          –        –
unexpected       –          –          waiting  parked     –        –
poisoned         parked     parked     parked   –          –        –
retried          –          –          –        requested  –        –
given_up         –          –          –        failed     –        –
link_lost        failed     failed     –        failed     –        –`

const [statuses = [], ...rows] = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/ {2,}/))
const answers = new Map(rows.map(([type = '', ...to]) => [type, to]))

const pairs = Object.values(EVENTS).flatMap((event) =>
  Object.values(STATES).map((state) => ({ state, event, from: state.status, type: event.type })),
)

function waitingAfter(event: VerificationEvent, from = buildWaiting(), now = NOW) {
  const next = transition(from, event, now)
  if (next.status !== 'waiting') throw new Error(`it is ${next.status}`)
  return next
}

describe('the table', () => {
  it('names every state and every event', () => {
    expect(statuses.toSorted()).toEqual(Object.keys(STATES).toSorted())
    expect([...answers.keys()].toSorted()).toEqual(Object.keys(EVENTS).toSorted())
  })

  it.each(pairs)('$from, $type', ({ state, event, from, type }) => {
    const before = structuredClone(state)
    const next = transition(state, event, NOW)
    const expected = answers.get(type)?.[statuses.indexOf(from)]
    expect(state).toEqual(before)
    if (expected === '–') {
      expect(next).toBe(state)
      return
    }
    expect(next.status).toBe(expected)
    expect(next).not.toBe(state)
    expect(next.revision).toBe(state.revision + 1)
  })
})

describe('a link that was lost with a restore', () => {
  it('ends what would start again, for the employee would get a second link', () => {
    for (const from of [buildRequested(), buildStarting(), buildParked({ session: null })]) {
      expect(transition(from, { type: 'link_lost' }, NOW)).toMatchObject({ status: 'failed', reason: 'restored' })
    }
  })

  it('changes nothing where the session is known', () => {
    for (const from of [buildWaiting(), buildParked({ session: buildSession() })]) {
      expect(transition(from, { type: 'link_lost' }, NOW)).toBe(from)
    }
  })
})

describe('a start', () => {
  it('becomes a session with its link', () => {
    const next = transition(buildStarting(), EVENTS.started, NOW)
    expect(next).toMatchObject({ status: 'waiting', session: { sessionId: 'new', link: NEW_LINK, startedAt: NOW } })
  })

  it('whose link is not safe is parked without a session', () => {
    const next = transition(buildStarting(), { ...EVENTS.started, link: null }, NOW)
    expect(next).toMatchObject({ status: 'parked', reason: 'unsafe_link', session: null, parks: 1 })
  })

  it('may be unclear twice in all', () => {
    const again = transition(buildStarting(), EVENTS.start_unclear, NOW)
    expect(again).toMatchObject({ status: 'requested', unclearStarts: 1, hold: 'timeout' })
    const second = transition(again, EVENTS.start_begun, NOW)
    expect(second).toMatchObject({ status: 'starting', unclearStarts: 1 })
    expect(transition(second, EVENTS.start_unclear, NOW)).toMatchObject({ status: 'parked', reason: 'start_timeout' })
  })

  it('held in between still counts what was unclear', () => {
    const held = transition(buildStarting({ unclearStarts: 1 }), EVENTS.start_held, NOW)
    expect(held).toMatchObject({ status: 'requested', unclearStarts: 1, hold: 'unreachable' })
  })

  it('does not take the answer to an older start', () => {
    const second = buildStarting({ unclearStarts: 1 })
    expect(transition(second, EVENTS.started, NOW)).toBe(second)
  })

  it('has two starts again when the manager tries again', () => {
    const parked = buildParked({ reason: 'start_timeout' })
    expect(transition(parked, EVENTS.retried, NOW)).toMatchObject({ status: 'requested', unclearStarts: 0, hold: null })
  })
})

describe('a report', () => {
  it.each(OUTCOMES)('of exactly %s settles as that', (outcome) => {
    const next = transition(buildWaiting(), { ...EVENTS.reported, status: outcome }, NOW)
    const missingSteps = outcome === 'approved' ? ['bank'] : []
    expect(next).toMatchObject({ status: 'settled', outcome, sessionId: SESSION_ID, settledAt: NOW, missingSteps })
  })

  it.each(OUTCOMES)('of %s about another session changes nothing', (outcome) => {
    const waiting = buildWaiting()
    expect(transition(waiting, { ...EVENTS.reported, status: outcome, sessionId: 'other' }, NOW)).toBe(waiting)
  })

  it.each(['APPROVED', 'approved ', ' approved', 'approvedd', 'canceled', 'toString', '__proto__', '', 'ok'])(
    'of %j is no outcome',
    (status) => {
      expect(waitingAfter({ ...EVENTS.reported, status }).session.reported).toBe(status)
    },
  )

  it('of pending forgets what stood in its way', () => {
    const from = buildWaiting({ session: buildSession({ misses: 4, reported: 'paused' }) })
    expect(waitingAfter({ ...EVENTS.reported, status: 'pending' }, from).session).toMatchObject({
      misses: 0,
      reported: null,
    })
  })

  it('that says the same as before changes nothing', () => {
    const paused = buildWaiting({ session: buildSession({ reported: 'paused' }) })
    expect(transition(paused, { ...EVENTS.reported, status: 'paused' }, NOW)).toBe(paused)
    const pending = buildWaiting()
    expect(transition(pending, { ...EVENTS.reported, status: 'pending' }, NOW)).toBe(pending)
  })
})

describe('a delivery', () => {
  it('is noted once, for the invitation in force, also while a decision is awaited', () => {
    const delivered = transition(buildWaiting(), EVENTS.delivered, NOW)
    expect(delivered).toMatchObject({ session: { deliveredAt: NOW } })
    expect(transition(delivered, EVENTS.delivered, NOW + 1)).toBe(delivered)
    expect(transition(buildWaiting({ invitations: 1 }), EVENTS.delivered, NOW)).toMatchObject({
      session: { deliveredAt: null },
    })
    const parked = buildParked({ reason: 'session_denied', session: buildSession() })
    expect(transition(parked, EVENTS.delivered, NOW)).toMatchObject({ status: 'parked', session: { deliveredAt: NOW } })
  })

  it('is awaited again when the manager sends another invitation', () => {
    const parked = buildParked({ reason: 'undeliverable', session: buildSession({ deliveredAt: NOW }) })
    expect(transition(parked, EVENTS.retried, NOW)).toMatchObject({ invitations: 1, session: { deliveredAt: null } })
  })
})

describe('a session that is overdue', () => {
  const expiresAt = NOW
  const waiting = buildWaiting({ session: buildSession({ expiresAt, misses: 3 }) })
  const report = (status: string, now: number) => transition(waiting, { ...EVENTS.reported, status }, now)

  it('is waited for until a day after its deadline', () => {
    expect(report('pending', expiresAt + DAY_MS).status).toBe('waiting')
    expect(report('paused', expiresAt + DAY_MS).status).toBe('waiting')
  })

  it('is parked when it is pending after that, and keeps its session', () => {
    expect(report('pending', expiresAt + DAY_MS + 1)).toMatchObject({
      status: 'parked',
      reason: 'overdue',
      session: { sessionId: SESSION_ID, misses: 0 },
    })
  })

  it('is parked when EasyFreelance gives no answer after that, and not before', () => {
    expect(transition(waiting, EVENTS.unanswered, expiresAt + DAY_MS)).toBe(waiting)
    const late = transition(waiting, EVENTS.unanswered, expiresAt + DAY_MS + 1)
    expect(late).toMatchObject({ status: 'parked', reason: 'unanswered', session: { sessionId: SESSION_ID } })
    const other = { ...EVENTS.unanswered, sessionId: 'another' }
    expect(transition(waiting, other, expiresAt + DAY_MS + 1)).toBe(waiting)
  })

  it('settles as reported when EasyFreelance uses a word of its own after that', () => {
    expect(report('paused', expiresAt + DAY_MS + 1)).toMatchObject({
      status: 'settled',
      outcome: 'other',
      reported: 'paused',
    })
  })

  it('settles as the outcome, however late that comes', () => {
    expect(report('approved', expiresAt + 400 * DAY_MS)).toMatchObject({ status: 'settled', outcome: 'approved' })
  })

  it('has a week when EasyFreelance gave no deadline', () => {
    const session = buildSession({ expiresAt: null, startedAt: NOW })
    const pending = { ...EVENTS.reported, status: 'pending' }
    expect(transition(buildWaiting({ session }), pending, NOW + 8 * DAY_MS).status).toBe('waiting')
    expect(transition(buildWaiting({ session }), pending, NOW + 8 * DAY_MS + 1).status).toBe('parked')
  })
})

describe('signs and refusals', () => {
  it('park a session at the fifth miss in a row', () => {
    let at = buildWaiting()
    for (let miss = 1; miss <= 4; miss += 1) at = waitingAfter(EVENTS.session_missing, at)
    expect(transition(at, EVENTS.session_missing, NOW)).toMatchObject({ status: 'parked', reason: 'session_missing' })
  })

  it.each(['session_missing', 'session_denied'] as const)('of another session do nothing: %s', (type) => {
    const waiting = buildWaiting()
    expect(transition(waiting, { type, sessionId: 'other' }, NOW)).toBe(waiting)
  })

  it('note an opening and a return once a minute', () => {
    for (const type of ['opened', 'returned'] as const) {
      const first = waitingAfter({ type })
      expect(transition(first, { type }, NOW + 59_999)).toBe(first)
      expect(waitingAfter({ type }, first, NOW + 60_000).session[`${type}At`]).toBe(NOW + 60_000)
    }
  })

  it('of an invitation that is no longer in force do nothing', () => {
    const waiting = buildWaiting({ invitations: 1 })
    expect(transition(waiting, EVENTS.undeliverable, NOW)).toBe(waiting)
  })

  it('keep the first time that the employee did not expect it', () => {
    const noted = waitingAfter(EVENTS.unexpected)
    expect(noted.unexpectedAt).toBe(NOW)
    expect(transition(noted, EVENTS.unexpected, NOW + 1)).toBe(noted)
  })

  it('send a new invitation only when the last one was not sent', () => {
    const session = buildSession()
    const retry = (reason: 'undeliverable' | 'link_broken' | 'session_denied') =>
      transition(buildParked({ reason, session }), EVENTS.retried, NOW)
    expect(retry('undeliverable')).toMatchObject({ status: 'waiting', session, invitations: 1 })
    expect(retry('link_broken')).toMatchObject({ status: 'waiting', session, invitations: 1 })
    expect(retry('session_denied')).toMatchObject({ status: 'waiting', session, invitations: 0 })
  })
})

describe('whatever happens, in whatever order', () => {
  const steps = fc.array(fc.tuple(anyEvent, fc.nat(3 * DAY_MS)), { maxLength: 30 })

  it('there is one link, no outcome without its report, and a legal state', () => {
    const reached = new Set<Status>()
    fc.assert(
      fc.property(steps, (events) => {
        let at: Verification = buildRequested({ createdAt: 0 })
        let now = 0
        const links = new Set<string>()
        for (const [event, later] of events) {
          now += later
          const next = transition(at, event, now)
          expect(next === at || next.revision === at.revision + 1).toBe(true)
          if (next.status === 'settled' && next !== at) expectReported(at, event, next)
          if (next.status === 'waiting') links.add(next.session.link.sealed)
          at = next
        }
        reached.add(at.status)
        expect(links.size).toBeLessThanOrEqual(1)
        expect(readVerification(writeVerification(at))).toEqual(at)
      }),
      { numRuns: 10_000 },
    )
    expect([...reached].toSorted()).toEqual(Object.keys(STATES).toSorted())
  })

  function expectReported(from: Verification, event: VerificationEvent, to: Verification): void {
    if (from.status !== 'waiting' || to.status !== 'settled' || event.type !== 'reported') {
      throw new Error(`settled from ${from.status} by ${event.type}`)
    }
    expect(event.sessionId).toBe(from.session.sessionId)
    expect(to.sessionId).toBe(from.session.sessionId)
    expect(to.outcome === 'other' ? to.reported : to.outcome).toBe(event.status)
  }
})
