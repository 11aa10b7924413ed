import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import { keep } from './keep.ts'
import { IS_OPEN } from './verification-sql.ts'

/** How things stand, in numbers. */
export type Standing = {
  readonly verifications: Readonly<Record<string, number>>
  readonly messages: Readonly<Record<string, number>>
  /** UTC ms when the oldest open verification was asked for; null when none is open. */
  readonly oldestOpenAt: number | null
  /** UTC ms when the first row is, or was, due; null when nothing is. */
  readonly firstDueAt: number | null
}

// Each goes through an index alone. What is over is nearly everything, changes nothing and takes long to count.
const MOVING_VERIFICATIONS = `select status as word, count(*) as count from verifications where ${IS_OPEN} group by status`
const OVER_VERIFICATIONS = `select status as word, count(*) as count from verifications
  where status in ('settled', 'failed') group by status`
const MOVING_MESSAGES = `select state as word, count(*) as count from messages
  where state in ('none', 'sending', 'unknown', 'undeliverable') group by state`
const SENT_MESSAGES = `select 'sent' as word, count(*) as count from messages where state = 'sent'`
const OLDEST_OPEN = `select min(created_at) from verifications where ${IS_OPEN}`
const FIRST_DUE = `select min(at) from (
  select min(next_at) as at from verifications where next_at is not null
  union all select min(next_at) as at from messages where next_at is not null
)`

const Rows = z.array(z.object({ word: z.string(), count: z.int() }))
const time = z.int().nullable()

/** What is over is counted again when the last count is this old. */
const COUNT_AGAIN_AFTER_MS = 10 * 60_000

export function makeStanding(db: Database, { elapsed }: { elapsed: () => number }): () => Standing {
  const movingVerifications = keep(db.prepare(MOVING_VERIFICATIONS))
  const overVerifications = keep(db.prepare(OVER_VERIFICATIONS))
  const movingMessages = keep(db.prepare(MOVING_MESSAGES))
  const sentMessages = keep(db.prepare(SENT_MESSAGES))
  const oldestOpen = keep(db.prepare(OLDEST_OPEN).pluck())
  const firstDue = keep(db.prepare(FIRST_DUE).pluck())
  const counted = (rows: unknown) => Object.fromEntries(Rows.parse(rows).map(({ word, count }) => [word, count]))
  let over = { verifications: {}, messages: {}, at: Number.NEGATIVE_INFINITY }

  function countOver(): typeof over {
    if (elapsed() - over.at < COUNT_AGAIN_AFTER_MS) return over
    over = {
      verifications: counted(overVerifications.all()),
      messages: counted(sentMessages.all()),
      at: elapsed(),
    }
    return over
  }

  return () => ({
    verifications: { ...countOver().verifications, ...counted(movingVerifications.all()) },
    messages: { ...countOver().messages, ...counted(movingMessages.all()) },
    oldestOpenAt: time.parse(oldestOpen.get()),
    firstDueAt: time.parse(firstDue.get()),
  })
}
