import type { Database } from 'better-sqlite3'

/**
 * What is asked for at about the same time is committed together: a commit waits for the disk, and with it waits everybody.
 * Fifty people who press Send at once then wait for the disk twice. As long as each turn of the event loop brings more, or
 * more is on its way, the commit waits for the next one, for a few turns.
 *
 * Each piece of work stays one atomic operation, for whoever asked for it: it sees what those before it have done, nobody
 * learns of its result before it is on the disk, and one that breaks takes back its own changes and nobody else's. For that,
 * work of more than one statement must be a `db.transaction` itself, which becomes a savepoint in here.
 */
export type GroupCommit = {
  /** Runs a piece of work in the next transaction, and gives its result when that is committed. */
  together<T>(work: () => T): Promise<T>
  /** Commits now what is waiting: before something else writes that must come after it. */
  flush(): void
}

/** So few that nobody notices: a turn that brings something takes a few milliseconds at most, and Slack waits for three seconds. */
export const MOST_TURNS = 32
/** So few that the event loop does not stand still while all of them go on; what is more comes in the next turn. */
export const MOST_TOGETHER = 64

type Waiting = { readonly work: () => unknown; settle(outcome: Outcome): void }
type Outcome = { readonly is: 'done'; readonly value: unknown } | { readonly is: 'broken'; readonly error: unknown }

/** `soon` says when: `setImmediate` is after whatever else this turn of the event loop brings in. At once where left out. */
export function makeGroupCommit(
  db: Database,
  {
    soon = queueMicrotask,
    isMoreComing = () => false,
  }: { soon?: (commit: () => void) => unknown; isMoreComing?: () => boolean } = {},
): GroupCommit {
  const waiting: Waiting[] = []

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

  function commit(group: readonly Waiting[]): readonly Outcome[] {
    try {
      return runAll.immediate(group)
    } catch (error) {
      return group.map(() => ({ is: 'broken', error }))
    }
  }

  function commitSome(): void {
    const group = waiting.splice(0, MOST_TOGETHER)
    if (group.length === 0) return
    const outcomes = commit(group)
    for (const [index, { settle }] of group.entries()) settle(outcomes[index] ?? { is: 'broken', error: undefined })
  }

  function commitTurnByTurn(): void {
    commitSome()
    if (waiting.length > 0) soon(commitTurnByTurn)
  }

  function commitWhenQuiet(turns: number): void {
    const { length } = waiting
    soon(() => {
      if (turns < MOST_TURNS && (waiting.length > length || isMoreComing())) commitWhenQuiet(turns + 1)
      else commitTurnByTurn()
    })
  }

  return {
    together: <T>(work: () => T): Promise<T> =>
      new Promise<T>((resolve, reject) => {
        if (waiting.length === 0) commitWhenQuiet(1)
        const settle = (outcome: Outcome) =>
          outcome.is === 'done' ? resolve(outcome.value as T) : reject(outcome.error)
        waiting.push({ work, settle })
      }),
    flush: () => {
      while (waiting.length > 0) commitSome()
    },
  }
}
