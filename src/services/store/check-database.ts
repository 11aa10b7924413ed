import type { Database } from 'better-sqlite3'
import { keep } from './keep.ts'

const MOST_NAMED = 5

/** What SQLite itself finds wrong with a whole database, in its own words; empty when it is sound. Reads every page. */
export function damageIn(db: Database): string[] {
  try {
    const said = keep(db.prepare(`pragma integrity_check(${MOST_NAMED})`).pluck())
      .all()
      .map(String)
    const damage = said.filter((line) => line !== 'ok')
    const strays = keep(db.prepare('pragma foreign_key_check')).all().length
    return strays === 0 ? damage : [...damage, `rows that refer to nothing: ${strays}`]
  } catch {
    // Damage that keeps SQLite from reading on; its words may quote the content.
    return ['it can not be read to its end']
  }
}
