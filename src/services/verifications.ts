import type { Refused, Unknown } from './easyfreelance.ts'
import type { Log } from './log.ts'
import type { Partner } from './partner.ts'
import { scheduleOf } from './poll-schedule.ts'
import { eventOfStart } from './start-answers.ts'
import type { Inserted } from './store/inserted.ts'
import type { Due } from './store/schedule.ts'
import type { VerificationStore } from './store/verification-store.ts'
import { transition } from './transition.ts'
import {
  type Base,
  isOutcome,
  type Requested,
  type Verification,
  type VerificationEvent,
  type Waiting,
} from './verification.ts'

/** What a manager asks for: everything that is frozen into the verification. */
export type VerificationRequest = Pick<
  Base,
  'teamId' | 'viewId' | 'managerId' | 'employeeId' | 'employeeNumber' | 'provider' | 'idType' | 'note' | 'cardChannelId'
>

/** The use cases. What people do is recorded here and carried out by the worker; `advance` is one step of that work. */
export type Verifications = Pick<VerificationStore, 'get' | 'endedFor' | 'openFor' | 'listFor'> & {
  request(request: VerificationRequest): Promise<Inserted>
  /** Something happened that a person (`by`) or Slack told us. Null when there is no such verification. */
  note(id: string, event: PersonEvent, by?: string): Promise<Verification | null>
  /** Somebody came back from EasyFreelance: look soon at the session it names, or else at those opened lately. */
  returned(hints: readonly string[]): Promise<void>
  /** One step: start, poll, or what to do about a start that was cut off. */
  advance(due: Due<Verification>, signal: AbortSignal): Promise<void>
}

export type PersonEvent = Extract<
  VerificationEvent,
  { type: 'opened' | 'unexpected' | 'retried' | 'given_up' | 'delivered' | 'undeliverable' }
>

/** A step that never comes to an end this often is taken out of the way and shown to a person. */
export const MOST_ATTEMPTS = 5

type Trouble = { readonly troubles: number; readonly notBefore: number }
const NO_TROUBLE: Trouble = { troubles: 0, notBefore: 0 }

const OPENED_LATELY_MS = 60 * 60_000
const MOST_HURRIED = 10
const HURRY_AGAIN_AFTER_MS = 10_000

export function makeVerifications(deps: {
  store: VerificationStore
  partner: Partner
  now: () => number
  random: () => number
  newId: () => string
  log: Log
  /** Called when something became due now. */
  onDue: () => void
}): Verifications {
  const { store, partner, now, random, newId, log, onDue } = deps
  let hurriedAt = 0

  /**
   * Applies an event, if there was one, to the newest state, whoever else is writing, and ends the step. `seen` is most
   * likely still the newest; where it isn't, nothing is saved and it is read again.
   */
  async function endStep(
    seen: Verification,
    event: VerificationEvent | null,
    trouble: Trouble = NO_TROUBLE,
  ): Promise<void> {
    for (let current: Verification | null = seen; current !== null; current = await store.get(seen.id)) {
      const at = now()
      const next = event === null ? current : transition(current, event, at)
      const schedule = scheduleOf(next, { now: at, chance: random(), ...trouble })
      if (next === current) {
        if (await store.reschedule(current.id, current.revision, schedule)) return
      } else if (await store.save(next, current.revision, schedule, at)) {
        return moved(next, event)
      }
    }
  }

  /** Applies what a person did. A step under way is not disturbed: it ends with the newest state. */
  async function note(id: string, event: VerificationEvent, by: string | null = null): Promise<Verification | null> {
    for (;;) {
      const current = await store.get(id)
      if (current === null) return null
      const at = now()
      const next = transition(current, event, at)
      if (next === current) return current
      const schedule = scheduleOf(next, { now: at, chance: random() })
      if (await store.note(next, current.revision, schedule, at, by)) {
        moved(next, event)
        return next
      }
    }
  }

  function moved(next: Verification, event: VerificationEvent | null): void {
    log.info('verification moved', {
      verificationId: next.id,
      status: next.status,
      action: event?.type,
      ...whyOf(next),
    })
    onDue()
  }

  async function start(verification: Requested, troubles: number, signal: AbortSignal): Promise<void> {
    const { id, revision, unclearStarts, employeeNumber, provider, idType } = verification
    const begun = transition(verification, { type: 'start_begun' }, now())
    if (!(await store.begin(begun, revision, now()))) return
    const answer = await partner.start({ employeeNumber, provider, idType }, signal)
    if (answer.is !== 'done') log.warn('start not done', { verificationId: id, reason: answer.because })
    await endStep(
      begun,
      eventOfStart(answer, unclearStarts),
      answer.is === 'refused' ? later(answer, troubles) : NO_TROUBLE,
    )
  }

  async function poll(verification: Waiting, troubles: number, signal: AbortSignal): Promise<void> {
    const { id, session } = verification
    const { sessionId } = session
    const answer = await partner.poll(sessionId, signal)
    if (answer.is === 'done') {
      const { status, missingSteps } = answer.report
      if (status !== 'pending' && !isOutcome(status) && status !== session.reported) {
        log.error('easyfreelance reports a status we do not know', { verificationId: id, status })
      }
      return endStep(verification, { type: 'reported', sessionId, status, missingSteps })
    }
    log.warn('poll not done', { verificationId: id, reason: answer.because })
    const trouble = later(answer, troubles)
    switch (answer.because) {
      case 'not_found':
        return endStep(verification, { type: 'session_missing', sessionId }, trouble)
      case 'not_allowed':
        return endStep(verification, { type: 'session_denied', sessionId })
      default:
        return endStep(verification, { type: 'unanswered', sessionId }, trouble)
    }
  }

  function later(answer: Refused | Unknown, troubles: number): Trouble {
    const retryAfterMs = answer.is === 'refused' ? answer.retryAfterMs : null
    return { troubles: troubles + 1, notBefore: retryAfterMs === null ? 0 : now() + retryAfterMs }
  }

  async function advance({ item, attempts, troubles }: Due<Verification>, signal: AbortSignal): Promise<void> {
    if (attempts > MOST_ATTEMPTS) {
      log.error('verification set aside: its step never came to an end', { verificationId: item.id, attempts })
      return endStep(item, { type: 'poisoned' })
    }
    switch (item.status) {
      case 'requested':
        return start(item, troubles, signal)
      case 'starting':
        // The process died between the intent and its result: whether a session was started is unknown.
        return endStep(item, { type: 'start_unclear', because: 'interrupted' })
      case 'waiting':
        return poll(item, troubles, signal)
      case 'parked':
      case 'settled':
      case 'failed':
        return endStep(item, null)
    }
  }

  return {
    get: store.get,
    endedFor: store.endedFor,
    openFor: store.openFor,
    listFor: store.listFor,
    request: async (request) => {
      const at = now()
      const verification: Requested = {
        ...request,
        id: newId(),
        createdAt: at,
        revision: 1,
        unexpectedAt: null,
        invitations: 0,
        parks: 0,
        status: 'requested',
        unclearStarts: 0,
        hold: null,
      }
      const inserted = await store.insert(verification, at)
      log.info('verification requested', {
        verificationId: 'verification' in inserted ? inserted.verification.id : undefined,
        status: inserted.is,
      })
      if (inserted.is === 'inserted') onDue()
      return inserted
    },
    note,
    returned: async (hints) => {
      const named = await Promise.all(hints.map((hint) => store.withSession(hint)))
      const found = named.filter((verification) => verification !== null)
      for (const { id } of found) await note(id, { type: 'returned' })
      // Anybody can load the page, so without a session's id it says nothing about anybody: it only makes us look.
      if (found.length === 0 && now() - hurriedAt >= HURRY_AGAIN_AFTER_MS) {
        hurriedAt = now()
        await store.hurry(now() - OPENED_LATELY_MS, MOST_HURRIED, now())
      }
      onDue()
    },
    advance,
  }
}

function whyOf(verification: Verification): { reason?: string; outcome?: string } {
  if (verification.status === 'settled') return { outcome: verification.outcome }
  return 'reason' in verification ? { reason: verification.reason } : {}
}
