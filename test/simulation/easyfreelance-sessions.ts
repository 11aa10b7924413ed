import type { Chance } from './chance.ts'

/** A session as EasyFreelance has it: the truth that every card is measured by. */
export type RemoteSession = {
  readonly id: string
  readonly employeeNumber: number
  readonly link: string
  readonly expiresAt: number
  /** A word that is said instead of `pending`. */
  readonly oddWord: string | null
  outcome: string
  /** From when on `outcome` is what it says. */
  endsAt: number
  begun: boolean
}

export const LINK_ORIGIN = 'https://app.easyfreelance.test'

const OUTCOMES = { approved: 6, declined: 2, cancelled: 1, error: 1, expired: 0.5 }
const MINUTE_MS = 60_000

export function makeRemoteSessions({ chance, now }: { chance: Chance; now: () => number }) {
  const all = new Map<string, RemoteSession>()
  let count = 0

  return {
    all: all as ReadonlyMap<string, RemoteSession>,
    start: (employeeNumber: number): RemoteSession => {
      const id = `s${count + 1}-${Math.floor(chance.of(`session ${count}`) * 1e9).toString(36)}`
      count += 1
      const lifetime = chance.weighed(`lifetime of ${id}`, { hour: 5, minutes: 2, day: 1 })
      const expiresAt = now() + { hour: 60, minutes: 12, day: 24 * 60 }[lifetime] * MINUTE_MS
      const session: RemoteSession = {
        id,
        employeeNumber,
        link: `${LINK_ORIGIN}/verification/${id}-secret`,
        expiresAt,
        oddWord: chance.of(`odd word of ${id}`) < 0.04 ? 'in_review' : null,
        outcome: 'expired',
        endsAt: expiresAt,
        begun: false,
      }
      all.set(id, session)
      return session
    },
    statusOf: (session: RemoteSession): string =>
      now() >= session.endsAt ? session.outcome : (session.oddWord ?? 'pending'),
    /** It is long over, and nobody will ask about it again. */
    forget: (sessionId: string) => void all.delete(sessionId),
    byLink: (link: string) => [...all.values()].find((session) => session.link === link),
    /** Somebody opens the link and does what is asked there. */
    begin: (session: RemoteSession): void => {
      if (session.begun || now() >= session.endsAt) return
      session.begun = true
      const endsAt = now() + chance.between(`how long ${session.id} takes`, 20_000, 15 * MINUTE_MS)
      if (endsAt >= session.expiresAt && chance.of(`late end of ${session.id}`) < 0.5) return
      // Somebody who is in the middle of it may still end it a little after the deadline.
      session.endsAt = Math.min(endsAt, session.expiresAt + 5 * MINUTE_MS)
      session.outcome = chance.weighed(`outcome of ${session.id}`, OUTCOMES)
    },
    /** Whatever is still going on comes to an end within the minute. */
    endAll: (): void => {
      for (const session of all.values()) {
        if (now() >= session.endsAt) continue
        session.endsAt = Math.min(session.endsAt, now() + chance.between(`end of ${session.id}`, 0, MINUTE_MS))
        if (!session.begun) session.outcome = chance.weighed(`outcome of ${session.id}`, OUTCOMES)
      }
    },
  }
}
