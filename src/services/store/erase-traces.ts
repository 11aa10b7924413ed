import type { Database } from 'better-sqlite3'
import { keep } from './keep.ts'

const CHECKPOINT = 'pragma wal_checkpoint(truncate)'

/**
 * Takes what was just erased out of the write-ahead log too: everything in it goes into the database file, whose old pages
 * `secure_delete` has overwritten, and the log is cut to nothing (sqlite.org/pragma.html#pragma_wal_checkpoint). It never
 * waits: while a backup reads, the log has to stay, so what could not be done is done after one of the next erasures or at
 * the next boot. False then.
 */
export function makeEraseTraces(db: Database): () => boolean {
  const checkpoint = keep(db.prepare(CHECKPOINT).raw())
  return () => {
    try {
      // The busy handler would hold up the whole process (sqlite.org/c3ref/wal_checkpoint_v2.html).
      db.exec('pragma busy_timeout = 0')
      const [busy] = [checkpoint.get()].flat()
      return busy === 0
    } catch {
      // What is erased is erased; only its trace in the log stays for now.
      return false
    } finally {
      db.exec('pragma busy_timeout = 5000')
    }
  }
}
