import type { Database } from 'better-sqlite3'

/**
 * How often each message was handed to Slack, by what the bot itself wrote down before it did so. This is the one place
 * that knows where that stands.
 */
export function sendsOnRecord(db: Database): ReadonlyMap<string, number> {
  const rows = db.prepare('select id, sends from messages').all() as { id: string; sends: number }[]
  return new Map(rows.map(({ id, sends }) => [id, sends]))
}
