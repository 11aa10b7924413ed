import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Log } from '../log.ts'
import { keep } from './keep.ts'
import { APPLICATION_ID } from './migrate.ts'

/** The database did not take something: nothing of it was kept, and trying again later may help. */
export class DatabaseTroubleError extends Error {
  override readonly name = 'DatabaseTroubleError'
}

export type DatabaseHealth = {
  /** Whether it takes what it is told. While it does not, it is tried again, at most once a second. */
  isWell(): boolean
  /** The same, and it is tried now and then though nothing has gone wrong: for whoever asks from outside. */
  look(): boolean
  /**
   * The same store, whose troubles are heard here and come out as DatabaseTroubleError. Methods in `heldBack` are not even
   * tried while it is unwell: what they begin could not be ended.
   */
  watch<Store extends object>(store: Store, heldBack?: readonly (keyof Store)[]): Store
}

const TRY_AGAIN_AFTER_MS = 1000
const LOOK_AGAIN_AFTER_MS = 10_000

/** sqlite.org/rescode.html: our own doing, or a lost race; the database is well. */
const NOT_ITS_FAULT = /^SQLITE_(CONSTRAINT|MISMATCH|RANGE|MISUSE|ERROR|TOOBIG|SCHEMA|ABORT)/
/** What is in the file makes no sense any more: nothing that is written to it can be relied on. */
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/

/**
 * Knows whether what is committed is kept: the disk has room and takes it, and the files are the ones that were opened. On
 * POSIX a file that was deleted or replaced goes on taking writes, which nobody will ever find again.
 */
export function makeDatabaseHealth(
  db: Database.Database,
  { path, now, log }: { path: string; now: () => number; log: Log },
): DatabaseHealth {
  // Writes one page, and changes nothing in it.
  const write = keep(db.prepare(`pragma application_id = ${APPLICATION_ID}`))
  const files = path === ':memory:' ? [] : [path, `${path}-wal`]
  const opened = files.map(identity)
  let trouble: string | null = null
  let isDamaged = false
  let triedAt = now()

  function hear(code: string): void {
    if (trouble !== code) log.error('the database does not take what it is told', { reason: code })
    trouble = code
    isDamaged ||= DAMAGED.test(code)
  }

  function isThere(): boolean {
    if (files.every((file, index) => identity(file) === opened[index])) return true
    if (trouble !== 'moved') log.error('the database file was moved, deleted or replaced: put it back, or restart')
    trouble = 'moved'
    return false
  }

  function tryToWrite(): void {
    triedAt = now()
    try {
      write.run()
      if (trouble !== null) log.info('the database takes what it is told again', { reason: trouble })
      trouble = null
    } catch (error) {
      hear(codeOf(error) ?? 'unknown')
    }
  }

  /** A clock that was set back must not keep us from trying. */
  const isLongAgo = (ms: number) => Math.abs(now() - triedAt) >= ms

  function isUsable(): boolean {
    return !isDamaged && isThere()
  }

  function isWell(): boolean {
    if (!isUsable()) return false
    if (trouble !== null && isLongAgo(TRY_AGAIN_AFTER_MS)) tryToWrite()
    return trouble === null
  }

  async function call(method: () => Promise<unknown>, isHeldBack: boolean): Promise<unknown> {
    if (!isUsable() || (isHeldBack && !isWell())) throw new DatabaseTroubleError('the database is in trouble')
    try {
      return await method()
    } catch (error) {
      const code = codeOf(error)
      if (code === null || NOT_ITS_FAULT.test(code)) throw error
      hear(code)
      throw new DatabaseTroubleError('the database is in trouble', { cause: error })
    }
  }

  return {
    isWell,
    look: () => {
      if (isUsable() && trouble === null && isLongAgo(LOOK_AGAIN_AFTER_MS)) tryToWrite()
      return isWell()
    },
    watch: (store, heldBack = []) => {
      const watched = Object.entries(store).map(([name, method]: [string, Method]) => [
        name,
        (...args: unknown[]) =>
          call(
            () => method(...args),
            heldBack.some((each) => each === name),
          ),
      ])
      return Object.fromEntries(watched)
    },
  }
}

type Method = (...args: unknown[]) => Promise<unknown>

/** Which file a name leads to; null when there is none, or none that can be looked at. */
function identity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path)
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

function codeOf(error: unknown): string | null {
  return error instanceof Database.SqliteError ? error.code : null
}
