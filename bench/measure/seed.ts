import { createSecretKey, randomBytes } from 'node:crypto'
import type { Database } from 'better-sqlite3'
import { makeLog } from '../../src/services/log.ts'
import { openDatabase } from '../../src/services/store/open-database.ts'
import { openSeal } from '../../src/services/store/open-seal.ts'
import { paceOf } from '../../src/services/store/schedule.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { KEY_BYTES, makeSeal, type Seal } from '../../src/services/store/sealing.ts'
import { writeVerification } from '../../src/services/store/verification-columns.ts'
import { INSERT } from '../../src/services/store/verification-sql.ts'
import type { Links, Waiting } from '../../src/services/verification.ts'
import { MANAGER } from './deliveries.ts'

export const quiet = makeLog({ level: 'fatal' })
const HOUR_MS = 3_600_000
const SEEDED_PATIENCE_MS = 4000
export const NO_LIMITS = { perEmployeeDay: 0, perManagerHour: 0, perHour: 0 }

/** A database of its own with a seal, as the bot makes them. */
export function openOwn(path: string): { db: Database; seal: Seal } {
  return { db: openDatabase(path), seal: makeSeal([createSecretKey(randomBytes(KEY_BYTES))]) }
}

/** A database as the bot left it, with its key file beside it. */
export function openForBot(databasePath: string): { db: Database; seal: Seal } {
  const db = openDatabase(databasePath)
  return { db, seal: openSeal(db, { databasePath, encryptionKeys: [], log: quiet }).seal }
}

export type Seeding = {
  readonly count: number
  /** UTC ms when this one is due. */
  readonly dueAt: (index: number) => number
  /** With the card and the invitation that Slack shows, both at rest. Who the manager of each is, and in which channel. */
  readonly messages?: {
    readonly managerOf: (index: number) => string
    /** Null: the card stands in the manager's direct messages. */
    readonly channelOf?: (index: number) => string | null
  }
}

/** Adds verifications that wait for their employees, as they stand after the invitation was sent. */
export function seedWaiting({ db, seal }: { db: Database; seal: Seal }, seeding: Seeding): void {
  const links = makeLinks(seal)
  const insert = db.prepare(INSERT)
  const addMessage =
    db.prepare(`insert into messages (id, verification_id, kind, occasion, created_at, version, user_id, channel_id,
      sends, state, conversation_id, ts, since, shown_revision, shown_digest, sweeps)
    values (:id, :verification_id, :kind, :occasion, :now, 3, :user_id, :channel_id, 1, 'sent', :conversation_id, :ts, :now, 3, 'seeded', 0)`)
  const now = Date.now()
  // One without patience would count as a start.
  const makePatient = db.prepare('update verifications set pace = ? where pace = 0')
  const fill = db.transaction(() => {
    for (let index = 0; index < seeding.count; index += 1) {
      const dueAt = seeding.dueAt(index)
      const managerId = seeding.messages?.managerOf(index) ?? MANAGER
      const channelId = seeding.messages?.channelOf?.(index) ?? null
      const verification = waiting(index, { managerId, cardChannelId: channelId }, links, now - HOUR_MS)
      insert.run({ ...writeVerification(verification), next_at: dueAt })
      if (seeding.messages === undefined) continue
      for (const [kind, userId, channel] of [
        ['card', channelId === null ? managerId : null, channelId],
        ['invitation', verification.employeeId, null],
      ] as const) {
        const ts = `${1_600_000_000 + index}.${kind === 'card' ? '000100' : '000200'}`
        const to = { user_id: userId, channel_id: channel, conversation_id: channel ?? `D${userId}` }
        const placed = { ...to, ts, occasion: kind === 'card' ? 0 : 1, now }
        addMessage.run({ id: `${kind}-${index}`, verification_id: verification.id, kind, ...placed })
      }
    }
    makePatient.run(paceOf(SEEDED_PATIENCE_MS))
  })
  fill.immediate()
}

function waiting(
  index: number,
  asked: Pick<Waiting, 'managerId' | 'cardChannelId'>,
  links: Links,
  startedAt: number,
): Waiting {
  const id = `seeded-${index}`
  return {
    ...asked,
    id,
    teamId: 'T0BENCH',
    viewId: `V0SEED${index}`,
    employeeId: `U0SEED${index}`,
    employeeNumber: 1_000_000 + index,
    provider: 'bankid',
    idType: null,
    note: null,
    createdAt: startedAt,
    revision: 3,
    unexpectedAt: null,
    invitations: 1,
    parks: 0,
    status: 'waiting',
    session: {
      sessionId: `session-seed-${index}`,
      link: links.seal(`https://app.easyfreelance.no/v/seed-${index}`, id),
      startedAt,
      expiresAt: startedAt + 24 * HOUR_MS,
      deliveredAt: startedAt,
      openedAt: null,
      returnedAt: null,
      reported: null,
      misses: 0,
    },
  }
}
