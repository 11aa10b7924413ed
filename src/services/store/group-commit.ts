import type { Database } from 'better-sqlite3'

/** Runs a piece of work in the next transaction, and gives its result when that is committed. */
export type GroupCommit = <T>(work: () => T, kept?: Kept) => Promise<T>

/**
 * `on_disk`: not even a power cut undoes it. `in_file`: a kill doesn't, a power cut may. For when to look again, and who is
 * looking: without it, a row is looked at once more, and nothing else comes of it.
 */
export type Kept = 'on_disk' | 'in_file'

type Waiting = { readonly work: () => unknown; readonly kept: Kept; settle(outcome: Outcome): void }
type Outcome = { readonly is: 'done'; readonly value: unknown } | { readonly is: 'broken'; readonly error: unknown }

/**
 * What is asked for within one turn of the event loop is committed together: a commit waits for the disk, and with it waits
 * everybody. Fifty people who press Send at once then wait for the disk once.
 *
 * Each piece of work stays one atomic operation, for whoever asked for it: it sees what those before it have done, nobody
 * learns of its result before it is committed, and one that breaks takes back its own changes and nobody else's. For that, work
 * of more than one statement must be a `db.transaction` itself, which becomes a savepoint in here. `afterCommit` runs outside
 * of the transaction, before anybody learns.
 */
export function makeGroupCommit(db: Database, afterCommit: () => void = () => {}): GroupCommit {
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

  function commit(): void {
    const group = waiting
    waiting = []
    const waitsForDisk = group.some(({ kept }) => kept === 'on_disk')
    // sqlite.org/pragma.html#pragma_synchronous: in WAL mode NORMAL writes without waiting for the disk.
    if (!waitsForDisk) db.exec('pragma synchronous = normal')
    const outcomes = tryAll(group)
    if (!waitsForDisk) db.exec('pragma synchronous = full')
    for (const [index, { settle }] of group.entries()) settle(outcomes[index] ?? { is: 'broken', error: undefined })
  }

  function tryAll(group: readonly Waiting[]): readonly Outcome[] {
    try {
      const outcomes = runAll.immediate(group)
      afterCommit()
      return outcomes
    } catch (error) {
      return group.map(() => ({ is: 'broken', error }))
    }
  }

  return <T>(work: () => T, kept: Kept = 'on_disk'): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      // After whatever else this turn brings in.
      if (waiting.length === 0) setImmediate(commit)
      waiting.push({
        work,
        kept,
        settle: (outcome) => (outcome.is === 'done' ? resolve(outcome.value as T) : reject(outcome.error)),
      })
    })
}
