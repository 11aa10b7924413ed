import { makeClock } from '../../src/services/clock.ts'
import type {
  Order,
  Refused,
  RefusedBecause,
  SessionReport,
  StartedSession,
  Unknown,
} from '../../src/services/easyfreelance.ts'
import type { Partner } from '../../src/services/partner.ts'
import { makeMovePauses } from '../../src/services/store/move-pauses.ts'
import type { Verification } from '../../src/services/verification.ts'
import { makeVerifications, type VerificationRequest } from '../../src/services/verifications.ts'
import { LINK, NOW } from '../views/build-verification.ts'
import { LINKS } from './links.ts'
import { openStore } from './open-store.ts'
import { makeRecordingLog } from './recording-log.ts'

const LEASE_MS = 60_000

export const REQUEST: VerificationRequest = {
  teamId: 'T1',
  viewId: 'V1',
  managerId: 'U0MARIA',
  employeeId: 'W0OLA',
  employeeNumber: 4711,
  provider: 'bankid',
  idType: null,
  note: null,
  cardChannelId: null,
}

export const SESSION: StartedSession = { sessionId: 'session-1', link: LINK, expiresAt: NOW + 3_600_000 }

export const refused = (because: RefusedBecause, retryAfterMs: number | null = null): Refused => ({
  is: 'refused',
  because,
  retryAfterMs,
})
export const unknown = (because: Unknown['because'] = 'timeout'): Unknown => ({ is: 'unknown', because })
export const done = (session: Partial<StartedSession> = {}) =>
  ({ is: 'done', session: { ...SESSION, ...session } }) as const
export const report = (status: string, missingSteps: string[] = []): { is: 'done'; report: SessionReport } => ({
  is: 'done',
  report: { status, missingSteps },
})

type Answers = {
  start: (() => ReturnType<Partner['start']>) | Awaited<ReturnType<Partner['start']>>
  poll: (() => ReturnType<Partner['poll']>) | Awaited<ReturnType<Partner['poll']>>
}

/** The use cases on a real database, with a partner that answers as told and writes down what it was asked. */
export function openVerificationsBench(partner?: Partner) {
  let wall = NOW
  let elapsed = 0
  const store = openStore()
  const pauses = makeMovePauses(store.db)
  const clock = makeClock({
    wall: () => wall,
    steady: () => elapsed,
    onJump: (byMs, at) => {
      pauses.move(byMs, at)
      pauses.shorten(at)
    },
  })
  const { now } = clock
  const go = (ms: number) => {
    wall += ms
    elapsed += ms
  }
  const { log, lines, said } = makeRecordingLog()
  const asked: ({ start: Order } | { poll: string })[] = []
  const answers: Answers = { start: done(), poll: report('pending') }
  let ids = 0
  let dues = 0

  const told: Partner = {
    start: async (order) => {
      asked.push({ start: order })
      return typeof answers.start === 'function' ? answers.start() : answers.start
    },
    poll: async (sessionId) => {
      asked.push({ poll: sessionId })
      return typeof answers.poll === 'function' ? answers.poll() : answers.poll
    },
    readEmployee: async () => unknown(),
    linkOrCreate: async () => unknown(),
    capacity: () => Number.POSITIVE_INFINITY,
    hold: () => () => {},
    capacityAt: now,
    isOpen: () => true,
  }

  const verifications = makeVerifications({
    store: store.verifications,
    partner: partner ?? told,
    links: LINKS,
    now,
    random: () => 0.5,
    newId: () => `v${++ids}`,
    log,
    onDue: () => {
      dues += 1
    },
    isClockSure: clock.isSure,
  })
  const { signal } = new AbortController()

  /** `ending`: what is left of each step is to save how it went. */
  async function step(ending: () => void = () => {}): Promise<number> {
    const due = await store.verifications.claim(50, now(), LEASE_MS)
    for (const each of due) await verifications.advance(each, signal, ending)
    return due.length
  }

  return {
    store,
    verifications,
    answers,
    asked,
    lines,
    said,
    now,
    step,
    dues: () => dues,
    starts: () => asked.filter((each) => 'start' in each).length,
    polls: () => asked.filter((each) => 'poll' in each).length,
    /** Lets time go by without a worker. */
    wait: go,
    /** Somebody sets the clock. */
    setClock: (byMs: number) => {
      wall += byMs
    },
    elapsed: () => elapsed,
    /** What a boot does about pauses. */
    shortenPauses: () => pauses.shorten(now()),
    /** Carries out what becomes due within this time, each at its moment. */
    async pass(ms: number): Promise<void> {
      const end = elapsed + ms
      for (;;) {
        const at = now()
        const next = await store.verifications.nextDueAt()
        if (next === null || elapsed + next - at > end) break
        go(Math.max(0, next - at))
        await step()
      }
      go(end - elapsed)
    },
    async get(id = 'v1'): Promise<Verification> {
      const found = await verifications.get(id)
      if (found === null) throw new Error(`no ${id}`)
      return found
    },
    /** A process that died in the middle of its step, and the boot after it. */
    async killedInStep(): Promise<void> {
      await store.verifications.claim(50, now(), LEASE_MS)
      await store.verifications.releaseClaims(now())
    },
    close: () => void store.db.close(),
  }
}

export type VerificationsBench = ReturnType<typeof openVerificationsBench>
