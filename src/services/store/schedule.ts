import type { Statement } from 'better-sqlite3'
import * as z from 'zod'
import { numberOf, rowOf } from './cells.ts'

/** When the worker looks at a row next. */
export type Schedule = {
  /** UTC ms; null: never by itself. */
  readonly nextAt: number | null
  /** UTC ms when its patience ends. When more is due than can be served, this decides which row goes first. */
  readonly lateAt: number | null
  /** Passing failures in a row, which decide the back-off. */
  readonly troubles: number
}

/** A claimed row: its lease keeps everybody else away until it is saved, or until the next boot. */
export type Due<T> = {
  readonly item: T
  /** How often it has been claimed since a step of it last came to an end; this claim is counted. */
  readonly attempts: number
  readonly troubles: number
}

/** Nothing to do until something happens. */
export const AT_REST: Schedule = { nextAt: null, lateAt: null, troubles: 0 }

/** The schedule columns of a message. */
export function columnsOf(schedule: Schedule): Record<string, number | null> {
  return { next_at: schedule.nextAt, late_at: schedule.lateAt, troubles: schedule.troubles }
}

const LEAST_PATIENCE_MS = 62.5
/** A row of pace p has 2^(p − 5) seconds of patience, one of pace 0 none. */
const LAST_PACE = 17
export const PACES: readonly number[] = Array.from({ length: LAST_PACE + 1 }, (_, pace) => pace)

/** The schedule columns of a verification: its patience, rounded, as the queue it waits in. */
export function pacedColumnsOf({ nextAt, lateAt, troubles }: Schedule): Record<string, number | null> {
  return { next_at: nextAt, pace: nextAt === null || lateAt === null ? 0 : paceOf(lateAt - nextAt), troubles }
}

export function patienceOf(pace: number): number {
  return pace === 0 ? 0 : LEAST_PATIENCE_MS * 2 ** (pace - 1)
}

export function paceOf(patienceMs: number): number {
  if (patienceMs <= 0) return 0
  return Math.min(LAST_PACE, Math.max(1, 1 + Math.round(Math.log2(patienceMs / LEAST_PATIENCE_MS))))
}

/** The claim's own columns, for both tables. */
export function duePart(stored: unknown): { attempts: number; troubles: number } {
  const row = rowOf(stored)
  return { attempts: numberOf(row.attempts), troubles: numberOf(row.troubles) }
}

/** A row that can't be read was set aside; told so that somebody looks at it. */
export type OnUnreadable = (id: string) => void

const WithId = z.looseObject({ id: z.string() })

/** Claimed rows, one by one: a row that can't be read is set aside and never keeps the others from their work. */
export function readClaimed<T>(
  rows: readonly unknown[],
  { read, setAside }: { read: (row: unknown) => T; setAside: (id: string) => void },
): T[] {
  return rows.flatMap((row) => {
    try {
      return [read(row)]
    } catch {
      setAside(WithId.parse(row).id)
      return []
    }
  })
}

const NextDue = z.int().nullable()

/** When the first row of a table is due, UTC ms, from the statement that asks for it; null: none ever is. */
export function readNextDue(nextDue: Statement): number | null {
  return NextDue.parse(nextDue.get())
}

/** The worker asks often; only a claim that will find something is worth a write transaction. */
export function isDue(nextDue: Statement, now: number): boolean {
  const dueAt = readNextDue(nextDue)
  return dueAt !== null && dueAt <= now
}
