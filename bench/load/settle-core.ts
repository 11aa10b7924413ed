import { createSecretKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { type Core, makeCore } from '../../src/core.ts'
import type { EasyFreelance } from '../../src/services/easyfreelance.ts'
import type { Log } from '../../src/services/log.ts'
import { makeNudge } from '../../src/services/nudge.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeSlackConversations } from '../../src/services/slack-conversations.ts'
import { makeGroupCommit } from '../../src/services/store/group-commit.ts'
import { makeMessageStore } from '../../src/services/store/message-store.ts'
import { makePseudonyms } from '../../src/services/store/pseudonyms.ts'
import { makeRetentionStore } from '../../src/services/store/retention-store.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { KEY_BYTES } from '../../src/services/store/sealing.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'
import { makeRenderMessage } from '../../src/views/render-message.ts'
import type { Clock } from '../../test/simulation/clock.ts'
import { NO_LIMITS, openOwn, type Seeding, seedWaiting } from '../measure/seed.ts'
import { type CountingSlack, seeded } from './settle-slack.ts'

const HOUR_MS = 3_600_000
const POLL_MS = 80

export type SettleCore = {
  readonly core: Core
  readonly db: Database
  /** Warnings and errors of the log; none is expected. */
  troubles(): number
}

/** The real core on a real database file, in made-up time; every session it asks about is approved. */
export function startCore(deps: {
  at: string
  clock: Clock
  slack: CountingSlack
  seeding: Seeding
  onSettled: (sessionId: string, at: number) => void
}): SettleCore {
  const { at, clock, slack, seeding, onSettled } = deps
  const { now, after: setTimer } = clock
  const own = openOwn(join(at, 'verify.db'))
  seedWaiting(own, seeding)
  // Made-up time waits for no disk, and nothing here is about a power cut.
  own.db.pragma('synchronous = off')
  // By microtasks: made-up time stands still only while nothing but promises is waited for.
  const group = makeGroupCommit(own.db)
  const onUnreadable = (id: string) => {
    throw new Error(`unreadable row ${id}`)
  }
  const common = { onUnreadable, group }
  const links = makeLinks(own.seal)
  let ids = 0
  const log = countingLog()
  const core = makeCore({
    verificationStore: makeVerificationStore(own.db, { ...common, limits: NO_LIMITS }),
    messageStore: makeMessageStore(own.db, common),
    retentionStore: makeRetentionStore(own.db, {
      pseudonyms: makePseudonyms([createSecretKey(randomBytes(KEY_BYTES))]),
    }),
    easyfreelance: makeApproving(clock, onSettled),
    // What EasyFreelance hints at would let ten thousand results in over hours; here they all come in one minute.
    budget: makeRequestBudget({ perMinute: 1e9, now }),
    conversations: makeSlackConversations({ client: slack.client, now }),
    links,
    render: makeRenderMessage(links),
    retentionDays: 90,
    now,
    random: seeded(7),
    newId: () => {
      ids += 1
      return `new-${ids}`
    },
    log: log.log,
    setTimer,
    nudge: makeNudge({ now, setTimer, longestSleepMs: HOUR_MS }),
  })
  core.worker.start()
  return { core, db: own.db, troubles: log.count }
}

function makeApproving(clock: Clock, onSettled: (sessionId: string, at: number) => void): EasyFreelance {
  const soon = <T>(answer: () => T): Promise<T> =>
    new Promise((resolve) => {
      clock.after(() => resolve(answer()), POLL_MS)
    })
  const unasked = () => Promise.reject(new Error('nobody asks for this here'))
  let started = 0
  return {
    start: () =>
      soon(() => {
        started += 1
        const sessionId = `session-new-${started}`
        const link = `https://app.easyfreelance.no/v/new-${started}`
        return { is: 'done' as const, session: { sessionId, link, expiresAt: clock.now() + 24 * HOUR_MS } }
      }),
    poll: (sessionId) =>
      soon(() => {
        const isNew = sessionId.startsWith('session-new-')
        if (!isNew) onSettled(sessionId, clock.now())
        return { is: 'done' as const, report: { status: isNew ? 'pending' : 'approved', missingSteps: [] } }
      }),
    readEmployee: unasked,
    linkOrCreate: unasked,
    registerReturnUrl: unasked,
  }
}

function countingLog(): { log: Log; count: () => number } {
  let count = 0
  const pass = () => {}
  const note = () => {
    count += 1
  }
  return {
    log: { level: 'trace', trace: pass, debug: pass, info: pass, warn: note, error: note, fatal: note },
    count: () => count,
  }
}
