import type { Database } from 'better-sqlite3'
import { z } from 'zod'
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

// Each goes through an index alone.
const VERIFICATIONS = 'select status as word, count(*) as count from verifications group by status'
const MESSAGES = 'select state as word, count(*) as count from messages group by state'
const OLDEST_OPEN = `select min(created_at) from verifications where ${IS_OPEN}`
const FIRST_DUE = `select min(at) from (
  select min(next_at) as at from verifications where next_at is not null
  union all select min(next_at) as at from messages where next_at is not null
)`

const Rows = z.array(z.object({ word: z.string(), count: z.int() }))
const time = z.int().nullable()

export function makeStanding(db: Database): () => Standing {
  const verifications = keep(db.prepare(VERIFICATIONS))
  const messages = keep(db.prepare(MESSAGES))
  const oldestOpen = keep(db.prepare(OLDEST_OPEN).pluck())
  const firstDue = keep(db.prepare(FIRST_DUE).pluck())
  const counted = (rows: unknown) => Object.fromEntries(Rows.parse(rows).map(({ word, count }) => [word, count]))
  return () => ({
    verifications: counted(verifications.all()),
    messages: counted(messages.all()),
    oldestOpenAt: time.parse(oldestOpen.get()),
    firstDueAt: time.parse(firstDue.get()),
  })
}
