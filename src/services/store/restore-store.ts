import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { type Message, type MessageName, messageIdOf, type Recipient } from '../message.ts'
import { makeAppendAudit } from './audit-store.ts'
import { keep } from './keep.ts'
import { makeAppendLedger } from './ledger-store.ts'
import { IS_OPEN } from './verification-sql.ts'

/** A restore after which nobody has looked yet what had happened meanwhile. */
export type PendingRestore = {
  /** UTC ms of the newest thing the database knows; what happened after it was lost. */
  readonly asOf: number
  /** UTC ms when it was put back. */
  readonly restoredAt: number
}

/** Where a message may be found, and from when on it is acted upon. */
export type Whereabouts = { readonly conversationId: string; readonly recipient: Recipient; readonly dueAt: number }

/** What a database that was put back to an earlier time has to know and to change before anything is sent. */
export type RestoreStore = {
  pending(): PendingRestore | null
  /** Notes that the database was put back. In the audit, where it stays. */
  markRestored(now: number): void
  knows(verificationId: string): boolean
  /** Verifications that are open or have messages under way. */
  unfinished(): string[]
  /** Everybody who has asked for a verification and is still named. */
  managers(): string[]
  /** It is not known whether the message was sent: it is looked for from `since` (UTC ms) on. */
  doubt(message: Message, where: Whereabouts, since: number, now: number): void
  /** A message whose row was lost stands in Slack. */
  adopt(message: MessageName, where: Whereabouts, since: number, now: number): void
  /** Slack's copy may show more, or less, than is known here. */
  showAgain(message: Message, dueAt: number): void
  /** All is looked up: sessions are asked about at once. */
  finish(now: number): void
}

// Kept in the audit because that is never changed, goes with every backup, and is what somebody looks at afterwards.
const RESTORES = `select min(seq) as first, max(at) as at from audit where action = 'restore'
  and seq > coalesce((select max(seq) from audit where action = 'reconcile'), 0)`
const AS_OF = `select max(at) from (
  select max(at) as at from audit where seq < :first union all select max(created_at) from verifications
)`
const TEAM = `select team_id from audit where team_id <> '' order by seq desc limit 1`
const TEAM_OF_VERIFICATIONS = 'select team_id from verifications order by created_at desc limit 1'
const KNOWS = 'select 1 from verifications where id = ?'
const UNFINISHED = `select id from verifications where ${IS_OPEN}
  or id in (
    select verification_id from messages
    where state in ('sending', 'unknown') or (state = 'none' and next_at is not null)
  )
  order by created_at, rowid`
const MANAGERS = `select distinct manager_id from verifications
  where pseudonymised_at is null and manager_id not glob '*[^A-Z0-9]*'`
// At least one send, so that stray copies are looked for should it be sent again.
const DOUBT = `update messages set
    state = 'unknown', conversation_id = :conversation_id, since = :since, clean_reads = 0, ts = null,
    shown_revision = coalesce(shown_revision, 0), shown_digest = coalesce(shown_digest, ''), resent_at = null,
    sweeps = null, reason = null, sends = max(sends, 1), version = version + 1,
    user_id = :user_id, channel_id = :channel_id,
    moved_because = iif(channel_id is not null and :channel_id is null, 'not_in_channel', moved_because),
    next_at = :due_at, late_at = :due_at, claimed = 0, attempts = 0, troubles = 0
  where id = :id`
const ADOPT = `insert or ignore into messages
  (id, verification_id, kind, occasion, created_at, version, user_id, sends, state)
  values (:id, :verification_id, :kind, :occasion, :since, 1, :user_id, 1, 'none')`
const SHOW_AGAIN = `update messages set shown_revision = 0, shown_digest = '', version = version + 1,
    next_at = :due_at, late_at = :due_at, claimed = 0, attempts = 0, troubles = 0
  where id = :id and state = 'sent'`
const ASK_NOW = `update verifications set next_at = :now, claimed = 0, attempts = 0, troubles = 0
  where status = 'waiting'`

const Restores = z.object({ first: z.int().nullable(), at: z.int().nullable() })

export function makeRestoreStore(db: Database): RestoreStore {
  const restores = keep(db.prepare(RESTORES))
  const asOf = keep(db.prepare(AS_OF).pluck())
  const teams = [TEAM, TEAM_OF_VERIFICATIONS].map((sql) => keep(db.prepare(sql).pluck()))
  const knows = keep(db.prepare(KNOWS))
  const unfinished = keep(db.prepare(UNFINISHED).pluck())
  const managers = keep(db.prepare(MANAGERS).pluck())
  const doubt = keep(db.prepare(DOUBT))
  const adopt = keep(db.prepare(ADOPT))
  const showAgain = keep(db.prepare(SHOW_AGAIN))
  const askNow = keep(db.prepare(ASK_NOW))
  const append = makeAppendAudit(db)
  const appendLedger = makeAppendLedger(db)

  function note(action: 'restore' | 'reconcile', now: number): void {
    const teamId = teams.map((team) => team.get()).find((team) => typeof team === 'string') ?? ''
    append({ teamId: String(teamId), actorId: null, action, subjectId: null, result: 'done' }, now)
  }

  function putInDoubt(
    { id, verificationId, state }: Pick<Message, 'id' | 'verificationId' | 'state'>,
    { conversationId, recipient, dueAt }: Whereabouts,
    since: number,
    now: number,
  ): void {
    doubt.run({
      id,
      conversation_id: conversationId,
      since,
      due_at: dueAt,
      user_id: 'userId' in recipient ? recipient.userId : null,
      channel_id: 'channelId' in recipient ? recipient.channelId : null,
    })
    const entry = { verificationId, messageId: id, was: state, became: 'unknown', reason: 'restored' } as const
    appendLedger({ ...entry, what: 'in_doubt' }, now)
  }

  const doubtOnce = db.transaction(putInDoubt)

  const adoptOnce = db.transaction((message: MessageName, where: Whereabouts, since: number, now: number): void => {
    const { verificationId, kind, occasion } = message
    const id = messageIdOf(message)
    const userId = 'userId' in where.recipient ? where.recipient.userId : null
    const { changes } = adopt.run({ id, verification_id: verificationId, kind, occasion, since, user_id: userId })
    if (changes > 0) appendLedger({ verificationId, messageId: id, what: 'called_for', became: kind }, now)
    putInDoubt({ id, verificationId, state: 'none' }, where, since, now)
  })

  const finishOnce = db.transaction((now: number): void => {
    askNow.run({ now })
    note('reconcile', now)
  })

  return {
    pending: () => {
      const { first, at } = Restores.parse(restores.get())
      if (first === null || at === null) return null
      return { asOf: z.int().nullable().parse(asOf.get({ first })) ?? 0, restoredAt: at }
    },
    markRestored: (now) => note('restore', now),
    knows: (verificationId) => knows.get(verificationId) !== undefined,
    unfinished: () => z.array(z.string()).parse(unfinished.all()),
    managers: () => z.array(z.string()).parse(managers.all()),
    doubt: (message, where, since, now) => doubtOnce.immediate(message, where, since, now),
    adopt: (message, where, since, now) => adoptOnce.immediate(message, where, since, now),
    showAgain: ({ id }, dueAt) => void showAgain.run({ id, due_at: dueAt }),
    finish: (now) => finishOnce.immediate(now),
  }
}
