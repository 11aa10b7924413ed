import { transition } from '../../src/services/transition.ts'
import type { Requested, Verification, VerificationEvent } from '../../src/services/verification.ts'
import type { Life, Sign, Workload } from './workload.ts'

/** The run begins on a Monday at midnight. */
export const EPOCH = Date.UTC(2026, 0, 5)

export type Happening = { readonly at: number; readonly nth: number; readonly what: 'invited' | Sign['what'] }

/** A workload as the bot meets it. */
export type Story = {
  life(nth: number): Life
  request(nth: number): Omit<Requested, 'id' | 'status'>
  /** What EasyFreelance answers to the start. */
  session(nth: number): { sessionId: string; link: string; expiresAt: number }
  started(nth: number): VerificationEvent
  /** What EasyFreelance says when it is asked then. */
  status(nth: number, at: number): string
  /** Those that waited already when the run began, as the bot would have them then. */
  waiting(nameOf: (nth: number) => string): { nth: number; requested: Requested; now: Verification }[]
  /** What happens during the run, in its order. */
  readonly happenings: readonly Happening[]
}

export function makeStory({ lives }: Workload, { signs }: { signs: boolean }): Story {
  const life = (nth: number): Life => {
    const found = lives[nth]
    if (found === undefined) throw new Error(`nobody: ${nth}`)
    return found
  }
  const heard = (nth: number): readonly Sign[] => (signs ? life(nth).signs : [])

  const request = (nth: number): Omit<Requested, 'id' | 'status'> => ({
    teamId: 'T1',
    viewId: `view-${nth}`,
    managerId: 'U1',
    employeeId: `W${nth}`,
    employeeNumber: nth + 1,
    provider: life(nth).provider,
    idType: life(nth).provider === 'veriff' ? 'local' : null,
    note: null,
    cardChannelId: null,
    createdAt: EPOCH + life(nth).invitedAt,
    revision: 1,
    unexpectedAt: null,
    invitations: 0,
    parks: 0,
    unclearStarts: 0,
    hold: null,
  })
  const session = (nth: number) => ({
    sessionId: `session-${nth}`,
    link: `https://easyfreelance.example/${nth}`,
    expiresAt: EPOCH + life(nth).expiresAt,
  })

  // Nobody opens it here.
  const started = (nth: number): VerificationEvent => {
    const link = { sealed: `v1.00000000.${nth}` }
    return { type: 'started', ...session(nth), link, unclearStarts: 0 }
  }

  function waitingNow(nth: number, requested: Requested): Verification {
    const { invitedAt } = life(nth)
    const past: { at: number; event: VerificationEvent }[] = [
      { at: invitedAt, event: { type: 'start_begun' } },
      { at: invitedAt, event: started(nth) },
    ]
    for (const { at, what } of heard(nth)) if (at < 0) past.push({ at, event: { type: what } })
    return past.reduce<Verification>((state, { at, event }) => transition(state, event, EPOCH + at), requested)
  }

  const happenings: Happening[] = []
  for (const [nth, { invitedAt }] of lives.entries()) {
    if (invitedAt >= 0) happenings.push({ at: invitedAt, nth, what: 'invited' })
    for (const { at, what } of heard(nth)) if (at >= 0) happenings.push({ at, nth, what })
  }
  return {
    life,
    request,
    session,
    started,
    status: (nth, at) => (at < life(nth).settledAt ? 'pending' : life(nth).isExpired ? 'expired' : 'approved'),
    waiting: (nameOf) =>
      [...lives.keys()]
        .filter((nth) => life(nth).invitedAt < 0)
        .map((nth) => {
          const requested: Requested = { ...request(nth), id: nameOf(nth), status: 'requested' }
          return { nth, requested, now: waitingNow(nth, requested) }
        }),
    happenings: happenings.sort((one, other) => one.at - other.at),
  }
}

export type OursOptions = {
  readonly perMinute: number
  readonly countFrom: number
  /** Whether the bot hears of presses and of the return page. */
  readonly signs: boolean
  /** Decides the jitter. */
  readonly seed: number
}
