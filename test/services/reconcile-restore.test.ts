import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeReconcile } from '../../src/services/reconcile-restore.ts'
import type { SlackAnswer } from '../../src/services/slack-answers.ts'
import type { Standing } from '../../src/services/slack-history.ts'
import { makeRestoreStore } from '../../src/services/store/restore-store.ts'
import { makeVerifications } from '../../src/services/verifications.ts'
import { lostMessage } from '../../src/views/lost-message.ts'
import { LINKS } from '../helpers/links.ts'
import { OLD_VERSIONS, writeOldDatabase } from '../helpers/old-databases.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'

// A kept database as it was, and what has been said in Slack since: SOFIE, not yet asked then, got her link; two
// verifications began after it, one of them ended.

const REQUESTED = 'q-R2dN8cYf6u'
const RESTORED_AT = Date.UTC(2026, 9, 6)

const message = (messageId: string, ts: string, text = ''): Standing => ({ messageId, ts, text })
const STANDING: Readonly<Record<string, readonly Standing[]>> = {
  DU0PETTER: [
    message('m02xR7qLw2Kd9Ts', '1791187805.001000'),
    message('m14xR7qLw2Kd9Ts', '1791187805.009900'),
    message('lostOne12345-card-0', '1791190000.000100', 'Verification of <@U0NEW>: waiting.'),
    message('overOne12345-card-0', '1791190000.000200', 'Verification of <@U0OVER>: Approved.'),
    message('overOne12345-outcome-0', '1791190000.000300', 'Verification of <@U0OVER>: Approved.'),
  ],
  DW0SOFIE: [message(`${REQUESTED}-invitation-0`, '1791190000.000400')],
  DU0NEW: [message('lostOne12345-invitation-0', '1791190000.000500')],
  DU0OVER: [message('overOne12345-invitation-0', '1791190000.000600')],
}

class Killed extends Error {}

let folder: string
let opened: OpenStore[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-reconcile-'))
  opened = []
})
afterEach(() => {
  for (const { db } of opened) db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A restored database, and a reconciliation that is killed at its n-th effect: before it, or when it is done. */
function openRestored(name: string) {
  const path = join(folder, `${name}.db`)
  const kept = join(folder, 'kept.db')
  if (!existsSync(kept)) writeOldDatabase(Math.max(...OLD_VERSIONS), kept)
  copyFileSync(kept, path)
  const stores = openStore(path)
  opened.push(stores)
  const { db, messages } = stores
  const store = makeRestoreStore(db)
  store.markRestored(RESTORED_AT)
  const { log } = makeRecordingLog()
  let time = RESTORED_AT
  const edits: string[] = []
  const mayNotBeAsked = () => {
    throw new Error('EasyFreelance was asked')
  }
  const verifications = makeVerifications({
    store: stores.verifications,
    partner: { start: mayNotBeAsked, poll: mayNotBeAsked },
    links: LINKS,
    now: () => time,
    random: () => 0.5,
    newId: () => 'new',
    log,
    onDue: () => {},
  })

  function reconcile({ at = 0, when = 'before' as 'before' | 'after' } = {}) {
    let effects = 0
    const effect =
      <A extends unknown[], T>(run: (...args: A) => T) =>
      (...args: A): T => {
        effects += 1
        if (effects === at && when === 'before') throw new Killed()
        const result = run(...args)
        if (effects !== at || when === 'before') return result
        if (!(result instanceof Promise)) throw new Killed()
        return result.then(() => {
          throw new Killed()
        }) as T
      }
    const run = makeReconcile({
      store: {
        ...store,
        doubt: effect(store.doubt),
        adopt: effect(store.adopt),
        showAgain: effect(store.showAgain),
        finish: effect(store.finish),
      },
      verifications: { get: verifications.get, note: effect(verifications.note) },
      messages,
      conversations: {
        open: effect(async (userId) => ({ is: 'done', value: `D${userId}` }) as const),
        update: effect(async (conversationId, ts) => {
          edits.push(`${conversationId} ${ts}`)
          return { is: 'done', value: undefined } as const
        }),
      },
      read: effect(
        async (conversationId: string): Promise<SlackAnswer<Standing[]>> => ({
          is: 'done',
          value: [...(STANDING[conversationId] ?? [])],
        }),
      ),
      lostMessage,
      managerIds: ['U0OTHER'],
      waitUntil: async (until) => {
        time = Math.max(time, until)
      },
      now: () => time,
      log,
      requestsPerMinute: 30,
    })
    return run().then(
      () => effects,
      (error: unknown) => {
        if (!(error instanceof Killed)) throw error
        return null
      },
    )
  }

  /** All that decides what happens next; not the times, nor how often it was tried. */
  const outcome = () => ({
    verifications: db.prepare('select id, status, reason, session_id from verifications order by id').all(),
    messages: db
      .prepare(
        `select id, verification_id, kind, occasion, user_id, channel_id, state, conversation_id, ts, sends,
           shown_revision, next_at is not null as due from messages order by id`,
      )
      .all(),
    pending: store.pending(),
    edited: [...new Set(edits)].toSorted(),
  })
  return { db, reconcile, outcome, clockStands: () => time, store }
}

describe('after a restore', () => {
  it('a link that was sent meanwhile ends its verification, and what was lost as a whole is said to be lost', async () => {
    const { db, reconcile, outcome, clockStands } = openRestored('once')
    await reconcile()
    const { verifications, messages, pending, edited } = outcome()
    expect(pending).toBeNull()
    expect(verifications).toContainEqual({ id: REQUESTED, status: 'failed', reason: 'restored', session_id: null })
    expect(messages).toContainEqual(
      expect.objectContaining({
        id: `${REQUESTED}-invitation-0`,
        state: 'unknown',
        conversation_id: 'DW0SOFIE',
        sends: 1,
      }),
    )
    expect(edited).toEqual(['DU0NEW 1791190000.000500', 'DU0PETTER 1791190000.000100'])
    // Nothing is believed not to have been sent.
    expect(messages.filter((row) => ['none', 'sending'].includes(String(Object(row).state)))).toEqual([])
    // No call of the process before may be under way any more.
    expect(clockStands()).toBeGreaterThanOrEqual(RESTORED_AT + 120_000)
    const told = db.prepare('select what, reason from ledger where message_id = ? order by seq')
    expect(told.all(`${REQUESTED}-invitation-0`)).toEqual([
      { what: 'called_for', reason: null },
      { what: 'in_doubt', reason: 'restored' },
    ])
  })

  it('cut off before or after any of its effects and begun again, it comes to the same', async () => {
    const whole = openRestored('whole')
    const effects = (await whole.reconcile()) ?? 0
    expect(effects).toBeGreaterThan(20)
    // After one is before the next.
    const cuts = Array.from({ length: effects }, (_, index) => ({ at: index + 1, when: 'before' as const }))
    for (const cut of [...cuts, { at: effects, when: 'after' as const }]) {
      const { reconcile, outcome, store } = openRestored(`${cut.when}-${cut.at}`)
      expect(await reconcile(cut)).toBeNull()
      expect([cut, store.pending() === null]).toEqual([cut, cut.when === 'after'])
      await reconcile()
      expect([cut, outcome()]).toEqual([cut, whole.outcome()])
    }
  })

  it('does nothing to a database that was not restored', async () => {
    const { reconcile, outcome } = openRestored('again')
    await reconcile()
    const before = outcome()
    expect(await reconcile()).toBe(0)
    expect(outcome()).toEqual(before)
  })
})
