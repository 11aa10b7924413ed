import type { Log } from './log.ts'
import type { Partner } from './partner.ts'
import { scheduleOf } from './poll-schedule.ts'
import type { Inserted } from './store/inserted.ts'
import type { VerificationStore } from './store/verification-store.ts'
import { transition } from './transition.ts'
import type { Base, Links, Requested, Verification, VerificationEvent } from './verification.ts'
import { type Advance, makeVerificationSteps, NO_TROUBLE, type Trouble } from './verification-steps.ts'

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
  advance: Advance
}

export type PersonEvent = Extract<
  VerificationEvent,
  {
    type: 'opened' | 'unexpected' | 'retried' | 'given_up' | 'delivered' | 'undeliverable' | 'link_broken' | 'link_lost'
  }
>

const OPENED_LATELY_MS = 60 * 60_000
const MOST_HURRIED = 10
const HURRY_AGAIN_AFTER_MS = 10_000

export function makeVerifications(deps: {
  store: VerificationStore
  partner: Pick<Partner, 'start' | 'poll'>
  links: Pick<Links, 'seal'>
  now: () => number
  random: () => number
  newId: () => string
  log: Log
  /** Called when something became due now. */
  onDue: () => void
  /** Whether the clock may say that a deadline is long over; always, when left out. */
  isClockSure?: () => boolean
}): Verifications {
  const { store, partner, links, now, random, newId, log, onDue, isClockSure = () => true } = deps
  let hurriedAt = 0

  /** Applies an event, if there was one, to the newest state, whoever else is writing, and ends the step of what was claimed. */
  async function endStep(
    claimed: Verification,
    event: VerificationEvent | null,
    trouble: Trouble = NO_TROUBLE,
  ): Promise<void> {
    const { id } = claimed
    const after = (current: Verification, at: number): Verification => {
      const moved = event === null ? current : transition(current, event, at)
      return endsByOurClock(moved) && !isClockSure() ? current : moved
    }
    const endAsItIs = (current: Verification, at: number) =>
      store.reschedule(id, current.revision, scheduleOf(current, { now: at, chance: random(), ...trouble }), at)

    // Most looks bring nothing new, and nobody else has changed it: then it need not be read again.
    const endedAt = now()
    if (after(claimed, endedAt) === claimed && (await endAsItIs(claimed, endedAt))) return
    for (;;) {
      // The clock first: when it was set, reading it moves what is stored.
      const at = now()
      const current = await store.get(id)
      if (current === null) return
      const next = after(current, at)
      if (next === current) {
        if (await endAsItIs(current, at)) return
      } else if (
        await store.save(next, current.revision, scheduleOf(next, { now: at, chance: random(), ...trouble }), at)
      ) {
        return tellMove(next, event)
      }
    }
  }

  /** Applies what a person did. A step under way is not disturbed: it ends with the newest state. */
  async function note(id: string, event: VerificationEvent, by: string | null = null): Promise<Verification | null> {
    for (;;) {
      const at = now()
      const current = await store.get(id)
      if (current === null) return null
      const next = transition(current, event, at)
      if (next === current) return current
      const schedule = scheduleOf(next, { now: at, chance: random(), isSign: true })
      if (await store.note(next, current.revision, schedule, at, by)) {
        tellMove(next, event)
        return next
      }
    }
  }

  function tellMove(next: Verification, event: VerificationEvent | null): void {
    log.info('verification moved', {
      verificationId: next.id,
      status: next.status,
      action: event?.type,
      ...whyOf(next),
    })
    onDue()
  }

  const advance = makeVerificationSteps({ store, partner, links, now, log, endStep })

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
      if (found.length === 0 && Math.abs(now() - hurriedAt) >= HURRY_AGAIN_AFTER_MS) {
        hurriedAt = now()
        await store.hurry(now() - OPENED_LATELY_MS, MOST_HURRIED, now())
      }
      onDue()
    },
    advance,
  }
}

/** What rests on a deadline that is long over by our clock, which may have been set. */
function endsByOurClock(next: Verification): boolean {
  if (next.status === 'settled') return next.outcome === 'other'
  return next.status === 'parked' && (next.reason === 'overdue' || next.reason === 'unanswered')
}

function whyOf(verification: Verification): { reason?: string; outcome?: string } {
  if (verification.status === 'settled') return { outcome: verification.outcome }
  return 'reason' in verification ? { reason: verification.reason } : {}
}
