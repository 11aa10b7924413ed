import type { WebClient } from '@slack/web-api'
import type { Database } from 'better-sqlite3'
import type { Nudge } from './nudge.ts'
import { makeReconcile, type ReconcileDeps } from './reconcile-restore.ts'
import { askSlack } from './slack-answers.ts'
import { readHistory } from './slack-history.ts'
import { setHeadAside } from './store/audit-heads.ts'
import { makeRestoreStore } from './store/restore-store.ts'

const MOST_PAGES = 200

/** What a start does when the database was put back to an earlier time. */
export type AfterRestore = {
  /** Notes that it was, unless that stands there already. */
  mark(): void
  /** Finds out from Slack what happened since; nothing may be sent before. At once over when it was not put back. */
  reconcile(): Promise<void>
}

export function makeAfterRestore(
  deps: Omit<ReconcileDeps, 'store' | 'read' | 'waitUntil'> & {
    readonly db: Database
    readonly databasePath: string
    readonly client: WebClient
    readonly nudge: Nudge
    readonly signal: AbortSignal
  },
): AfterRestore {
  const { db, client, nudge, signal, now } = deps
  const store = makeRestoreStore(db)
  return {
    mark: () => {
      if (store.pending() !== null) return
      setHeadAside(deps.databasePath, now())
      store.markRestored(now())
    },
    reconcile: makeReconcile({
      ...deps,
      store,
      read: (channel, since) => askSlack(() => readHistory(client, { channel, since, mostPages: MOST_PAGES })),
      waitUntil: async (at) => {
        while (now() < at && !signal.aborted) await nudge.sleep(at, signal)
        signal.throwIfAborted()
      },
    }),
  }
}
