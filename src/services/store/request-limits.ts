import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import type { Base } from '../verification.ts'
import { keep } from './keep.ts'

/** How many verifications may be asked for; 0: as many as one likes. Rolling windows, counted from the verifications themselves. */
export type RequestLimits = {
  readonly perEmployeeDay: number
  readonly perManagerHour: number
  readonly perHour: number
}

export type ReachedLimit = {
  readonly limit: 'employee' | 'manager' | 'everybody'
  /** UTC ms from which on there is room again, as things stand. */
  readonly until: number
}

const HOUR_MS = 60 * 60_000
const DAY_MS = 24 * HOUR_MS

/**
 * When the n-th latest of a window was asked for: the moment it leaves the window there is room for one more. What lies ahead,
 * because the clock was set back, is not counted, or nobody could ask for anything until the clock is there.
 */
const nthLatest = (whose: string) => `select created_at from verifications
  where team_id = :team_id and ${whose} created_at > :since and created_at <= :now order by created_at desc limit 1 offset :limit - 1`

const OF_EMPLOYEE = nthLatest('employee_id = :user_id and')
const OF_MANAGER = nthLatest('manager_id = :user_id and')
const OF_EVERYBODY = nthLatest('')

/** The limit that keeps this request out the longest, if any does. Asked within the transaction that would insert it. */
export function makeRequestLimits(db: Database, { perEmployeeDay, perManagerHour, perHour }: RequestLimits) {
  const ofEmployee = keep(db.prepare(OF_EMPLOYEE).pluck())
  const ofManager = keep(db.prepare(OF_MANAGER).pluck())
  const ofEverybody = keep(db.prepare(OF_EVERYBODY).pluck())

  return (
    { teamId, employeeId, managerId }: Pick<Base, 'teamId' | 'employeeId' | 'managerId'>,
    now: number,
  ): ReachedLimit | null => {
    const windows = [
      { limit: 'employee', query: ofEmployee, most: perEmployeeDay, windowMs: DAY_MS, whose: { user_id: employeeId } },
      { limit: 'manager', query: ofManager, most: perManagerHour, windowMs: HOUR_MS, whose: { user_id: managerId } },
      { limit: 'everybody', query: ofEverybody, most: perHour, windowMs: HOUR_MS, whose: {} },
    ] as const
    const reached = windows.flatMap(({ limit, query, most, windowMs, whose }): ReachedLimit[] => {
      if (most === 0) return []
      const askedAt = query.get({ team_id: teamId, ...whose, since: now - windowMs, now, limit: most })
      return askedAt === undefined ? [] : [{ limit, until: z.int().parse(askedAt) + windowMs }]
    })
    return reached.toSorted((one, other) => other.until - one.until)[0] ?? null
  }
}
