import type { Database } from 'better-sqlite3'
import { keep } from './keep.ts'

/**
 * Keeps pauses their length when the clock is set. Pauses are stored as the moment of their end, so a clock set back would
 * make everything wait for the length of the jump, and one set forward would make everything due at once. A deadline keeps
 * its time, which is EasyFreelance's, and so does what has happened; only what would lie ahead now comes along, since how
 * often a session is looked at depends on how long ago it was opened.
 */
export type MovePauses = {
  /** The clock was set by so much, and shows `now`. All or nothing. */
  move(byMs: number, now: number): void
  /** Nobody saw whether the clock was set while no process ran: no pause may be longer than the longest there is. */
  shorten(now: number): void
}

/** Longer than any pause of ours, and than what Slack and EasyFreelance usually ask for; either may be asked again sooner. */
const LONGEST_PAUSE_MS = { verifications: 15 * 60_000, messages: 40 * 60_000 } as const

const MOVE = {
  verifications: 'update verifications set next_at = next_at + :by where next_at is not null',
  messages: 'update messages set next_at = next_at + :by, late_at = late_at + :by where next_at is not null',
}
const MOVE_DOUBTS = `update messages set since = since + :by, resent_at = resent_at + :by
  where next_at is not null and (since is not null or resent_at is not null)`

const SIGNS = ['started_at', 'delivered_at', 'opened_at', 'returned_at'] as const
const signs = (time: (column: string) => string) => `update verifications
  set ${SIGNS.map((column) => `${column} = ${time(column)}`).join(', ')}
  where next_at is not null and max(${SIGNS.map((column) => `coalesce(${column}, 0)`).join(', ')}) > :now`
const MOVE_SIGNS = signs((column) => `iif(${column} > :now, min(${column} + :by, :now), ${column})`)
const SHORTEN_SIGNS = signs((column) => `min(${column}, :now)`)

const LATEST_MESSAGE = 'select max(next_at) from messages'
const SHORTEN = {
  // What is left after taking away whole longest pauses, so that not everything comes at once.
  verifications: `update verifications set next_at = :now + (next_at - :now) % :longest
    where next_at > :now + :longest`,
  // All by the same share: they may be a long line that waits for its turns, and keep its order.
  messages: `update messages
    set next_at = :now + cast((next_at - :now) * :share as integer), late_at = :now + cast((next_at - :now) * :share as integer)
    where next_at > :now`,
}
const SHORTEN_DOUBTS = `update messages set since = min(since, :now), resent_at = min(resent_at, :now)
  where next_at is not null and (since > :now or resent_at > :now)`

export function makeMovePauses(db: Database): MovePauses {
  const tables = (['verifications', 'messages'] as const).map((table) => ({
    move: keep(db.prepare(MOVE[table])),
  }))
  const shortenVerifications = keep(db.prepare(SHORTEN.verifications))
  const shortenMessages = keep(db.prepare(SHORTEN.messages))
  const latestMessage = keep(db.prepare(LATEST_MESSAGE).pluck())
  const moveSigns = keep(db.prepare(MOVE_SIGNS))
  const shortenSigns = keep(db.prepare(SHORTEN_SIGNS))
  const moveDoubts = keep(db.prepare(MOVE_DOUBTS))
  const shortenDoubts = keep(db.prepare(SHORTEN_DOUBTS))

  return {
    move: db.transaction((by: number, now: number) => {
      for (const table of tables) table.move.run({ by })
      moveSigns.run({ by, now })
      moveDoubts.run({ by })
    }).immediate,
    shorten: db.transaction((now: number) => {
      shortenVerifications.run({ now, longest: LONGEST_PAUSE_MS.verifications })
      const share = LONGEST_PAUSE_MS.messages / (Number(latestMessage.get()) - now)
      if (share > 0 && share < 1) shortenMessages.run({ now, share })
      shortenSigns.run({ now })
      shortenDoubts.run({ now })
    }).immediate,
  }
}
