import type { Database } from 'better-sqlite3'

/**
 * What better-sqlite3 makes is never let go, as long as the process lives.
 *
 * Node 24.19 and later end the process when the garbage collector comes upon a statement or a connection of better-sqlite3 12
 * (github.com/WiseLibs/better-sqlite3/issues/1515; version 13 is different, but needs Node 22). So statements are prepared
 * once and kept, and `db.pragma()`, which makes one that nobody can keep, is not used: `db.exec` sets, `readOne` reads.
 */
const kept = new Set<unknown>()

export function keep<T>(made: T): T {
  kept.add(made)
  return made
}

/** The first column of the first row. For start-up; not for what is asked again and again. */
export function readOne(db: Database, sql: string): unknown {
  return keep(db.prepare(sql).pluck()).get()
}
