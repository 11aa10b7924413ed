import type { Database } from 'better-sqlite3'

/**
 * What is asked for within one turn of the event loop is committed together: a commit waits for the disk, and with it waits
 * everybody. Fifty people who press Send at once then wait for the disk once.
 *
 * Each piece of work stays one atomic operation, for whoever asked for it: it sees what those before it have done, nobody
 * learns of its result before it is committed, and one that breaks takes back its own changes and nobody else's. For that,
 * work of more than one statement must be a `db.transaction` itself, which becomes a savepoint in here.
 */
export type GroupCommit = {
  /** Runs a piece of work in the next transaction, and gives its result when that is committed. */
  together<T>(work: () => T, kept?: Kept): Promise<T>
  /** Commits now what is waiting: before something else writes that must come after it. */
  flush(): void
}

/**
 * `on_disk`: not even a power cut undoes it. `in_file`: a kill doesn't, a power cut may. For when to look again, and who is
 * looking: without it, a row is looked at once more, and nothing else comes of it.
 */
export type Kept = 'on_disk' | 'in_file'

type Waiting = { readonly work: () => unknown; readonly kept: Kept; settle(outcome: Outcome): void }
type Outcome = { readonly is: 'done'; readonly value: unknown } | { readonly is: 'broken'; readonly error: unknown }

/** `soon` says when: `setImmediate` is after whatever else this turn of the event loop brings in. At once where left out. */
export function makeGroupCommit(
  db: Database,
  { soon = queueMicrotask }: { soon?: (commit: () => void) => unknown } = {},
): GroupCommit {
  let waiting: Waiting[] = []

  const runAll = db.transaction((group: readonly Waiting[]): Outcome[] =>
    group.map(({ work }) => {
      try {
        return { is: 'done', value: work() }
      } catch (error) {
        // SQLite took back everything, with what others did (sqlite.org/lang_transaction.html: a full disk, no memory …).
        if (!db.inTransaction) throw error
        return { is: 'broken', error }
      }
    }),
  )

  function flush(): void {
    const group = waiting
    if (group.length === 0) return
    waiting = []
    const outcomes = commit(group)
    for (const [index, { settle }] of group.entries()) settle(outcomes[index] ?? { is: 'broken', error: undefined })
  }

  function commit(group: readonly Waiting[]): readonly Outcome[] {
    const waitsForDisk = group.some(({ kept }) => kept === 'on_disk')
    try {
      // sqlite.org/pragma.html#pragma_synchronous: in WAL mode NORMAL writes without waiting for the disk.
      if (!waitsForDisk) db.exec('pragma synchronous = normal')
      try {
        return runAll.immediate(group)
      } finally {
        if (!waitsForDisk) db.exec('pragma synchronous = full')
      }
    } catch (error) {
      return group.map(() => ({ is: 'broken', error }))
    }
  }

  return {
    together: <T>(work: () => T, kept: Kept = 'on_disk'): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) soon(flush)
        const settle = (outcome: Outcome) =>
          outcome.is === 'done' ? resolve(outcome.value as T) : reject(outcome.error)
        waiting.push({ work, kept, settle })
      }),
    flush,
  }
}
