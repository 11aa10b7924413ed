import type { Refused, Unknown } from './easyfreelance.ts'
import type { Log } from './log.ts'
import type { Partner } from './partner.ts'
import { eventOfStart } from './start-answers.ts'
import type { Due } from './store/schedule.ts'
import type { VerificationStore } from './store/verification-store.ts'
import { transition } from './transition.ts'
import {
  isOutcome,
  type Links,
  type Requested,
  type Verification,
  type VerificationEvent,
  type Waiting,
} from './verification.ts'

/** A step that never comes to an end this often is taken out of the way and shown to a person. */
export const MOST_ATTEMPTS = 5

/** What a step ran into that will pass: how often in a row, and until when the other side asked not to be called (UTC ms). */
export type Trouble = { readonly troubles: number; readonly notBefore: number }
export const NO_TROUBLE: Trouble = { troubles: 0, notBefore: 0 }

/**
 * One step of the worker with a verification: start, poll, or what to do about a start that was cut off. `ending` is called
 * when nothing is left but to save how it went.
 */
export type Advance = (due: Due<Verification>, signal: AbortSignal, ending: () => void) => Promise<void>

/** How a step went: with what it began, what happened, if anything did, and what stood in its way. */
type End = readonly [from: Verification, event: VerificationEvent | null, trouble?: Trouble]

export function makeVerificationSteps(deps: {
  store: VerificationStore
  partner: Pick<Partner, 'start' | 'poll'>
  links: Pick<Links, 'seal'>
  now: () => number
  log: Log
  /** Applies an event, if there was one, to the newest state, and ends the step of what was claimed. */
  endStep: (...end: End) => Promise<void>
}): Advance {
  const { store, partner, links, now, log, endStep } = deps

  /** Null when somebody else has moved it on. */
  async function start(verification: Requested, troubles: number, signal: AbortSignal): Promise<End | null> {
    const { id, revision, unclearStarts, employeeNumber, provider, idType } = verification
    const begun = transition(verification, { type: 'start_begun' }, now())
    if (!(await store.begin(begun, revision, now()))) return null
    const answer = await partner.start({ employeeNumber, provider, idType }, signal)
    if (answer.is !== 'done') log.warn('start not done', { verificationId: id, reason: answer.because })
    const event = eventOfStart(answer, { unclearStarts, seal: (link) => links.seal(link, id) })
    return [begun, event, answer.is === 'refused' ? later(answer, troubles) : NO_TROUBLE]
  }

  async function poll(verification: Waiting, troubles: number, signal: AbortSignal): Promise<End> {
    const { id, session } = verification
    const { sessionId } = session
    const answer = await partner.poll(sessionId, signal)
    if (answer.is === 'done') {
      const { status, missingSteps } = answer.report
      if (status !== 'pending' && !isOutcome(status) && status !== session.reported) {
        log.error('easyfreelance reports a status we do not know', { verificationId: id, status })
      }
      return [verification, { type: 'reported', sessionId, status, missingSteps }]
    }
    log.warn('poll not done', { verificationId: id, reason: answer.because })
    const trouble = later(answer, troubles)
    switch (answer.because) {
      case 'not_found':
        return [verification, { type: 'session_missing', sessionId }, trouble]
      case 'not_allowed':
        return [verification, { type: 'session_denied', sessionId }]
      default:
        return [verification, { type: 'unanswered', sessionId }, trouble]
    }
  }

  function later(answer: Refused | Unknown, troubles: number): Trouble {
    const retryAfterMs = answer.is === 'refused' ? answer.retryAfterMs : null
    return { troubles: troubles + 1, notBefore: retryAfterMs === null ? 0 : now() + retryAfterMs }
  }

  async function carryOut({ item, attempts, troubles }: Due<Verification>, signal: AbortSignal): Promise<End | null> {
    if (attempts > MOST_ATTEMPTS) {
      log.error('verification set aside: its step never came to an end', { verificationId: item.id, attempts })
      return [item, { type: 'poisoned' }]
    }
    switch (item.status) {
      case 'requested':
        return start(item, troubles, signal)
      case 'starting':
        // The process died between the intent and its result: whether a session was started is unknown.
        return [item, { type: 'start_unclear', because: 'interrupted' }]
      case 'waiting':
        return poll(item, troubles, signal)
      case 'parked':
      case 'settled':
      case 'failed':
        return [item, null]
    }
  }

  return async (due, signal, ending) => {
    const end = await carryOut(due, signal)
    if (end === null) return
    ending()
    await endStep(...end)
  }
}
