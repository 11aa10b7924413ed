import type { Database } from 'better-sqlite3'
import { numberOf, type Row } from './cells.ts'
import { keep } from './keep.ts'
import { paceOf, patienceOf } from './schedule.ts'
import { CLAIMED_COLUMNS } from './verification-columns.ts'
import * as sql from './verification-sql.ts'

/** Of so many polls, one goes to the row that has waited longest, whatever its pace. */
export const LONGEST_WAITING_EVERY = 4

/** After its deadline a session is most likely settled. */
const EXPIRED_PACE = paceOf(2000)
const AFTER_DEADLINE_MS = 2000

export type Candidate = { readonly nth: number; readonly pace: number; readonly nextAt: number }

function candidateOf(values: unknown): Candidate {
  const [nth, pace, nextAt]: unknown[] = Array.isArray(values) ? values : []
  return { nth: numberOf(nth), pace: numberOf(pace), nextAt: numberOf(nextAt) }
}

/**
 * Chooses among what is due: starts first, then polls. Of four polls three go to the rows that have waited the most of their
 * own patience, so that under any load all intervals are stretched alike; the fourth goes to the one that has waited longest.
 * With n waiting, it is therefore a row's turn after at most 4 n polls, whatever the others do.
 */
export function makeChoice(): (due: readonly Candidate[], limit: number, now: number) => Candidate[] {
  let polls = 0
  return (due, limit, now) => {
    const starts = due.filter(({ pace }) => pace === 0).slice(0, limit)
    const free = limit - starts.length
    if (free === 0) return starts
    const waited = ({ pace, nextAt }: Candidate) => (now - nextAt) / patienceOf(pace)
    const left = new Set(due.filter(({ pace }) => pace > 0))
    const leastPatient = [...left].sort((one, other) => waited(other) - waited(one) || one.pace - other.pace)
    const waitedLongest = [...left].sort((one, other) => one.nextAt - other.nextAt || one.nth - other.nth)
    const chosen: Candidate[] = []
    while (chosen.length < free && left.size > 0) {
      polls += 1
      const line = polls % LONGEST_WAITING_EVERY === 0 ? waitedLongest : leastPatient
      const next = line.find((candidate) => left.delete(candidate))
      if (next !== undefined) chosen.push(next)
    }
    return [...starts, ...chosen]
  }
}

function named(values: unknown): [nth: number, row: Row] {
  const [nth, ...cells]: readonly unknown[] = Array.isArray(values) ? values : []
  const row: Record<string, unknown> = {}
  let at = 0
  for (const column of CLAIMED_COLUMNS) {
    row[column] = cells[at]
    at += 1
  }
  return [numberOf(nth), row]
}

/** The rows as the database has them. `onCommitted` is to be called once the caller's transaction is on the disk. */
export type Claimed = { readonly rows: unknown[]; onCommitted(): void }

/** Claims what is due, within the caller's transaction. */
export function makeClaim(db: Database): (limit: number, now: number, leaseMs: number) => Claimed {
  const linesDue = keep(db.prepare(sql.LINES_DUE).pluck())
  const dueOfPace = keep(db.prepare(sql.DUE_OF_PACE).raw())
  // As a list of values: an object of so many columns, made by better-sqlite3, takes as long as the claim itself.
  const claim = keep(db.prepare(sql.CLAIM).raw())
  const hurryExpired = keep(db.prepare(sql.HURRY_EXPIRED))
  const choose = makeChoice()
  let expiredUntil = 0

  return (limit, now, leaseMs) => {
    const until = now - AFTER_DEADLINE_MS
    hurryExpired.run({ since: Math.min(expiredUntil, until), until, now, pace: EXPIRED_PACE })
    const due = linesDue.all({ now }).flatMap((pace) => dueOfPace.all({ pace, now, limit }).map(candidateOf))
    const nths = choose(due, limit, now).map(({ nth }) => nth)
    const found = new Map(claim.all({ nths: JSON.stringify(nths), lease_until: now + leaseMs }).map(named))
    // In the order of the choice, whatever order SQLite went by.
    const rows = nths.flatMap((nth) => found.get(nth) ?? [])
    return {
      rows,
      onCommitted: () => {
        expiredUntil = until
      },
    }
  }
}
