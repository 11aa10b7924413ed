import type { Config } from './config.ts'
import { makeClock } from './services/clock.ts'
import type { Log } from './services/log.ts'
import { makeAuditHeads } from './services/store/audit-heads.ts'
import { makeAuditStore } from './services/store/audit-store.ts'
import { makeDatabaseHealth } from './services/store/database-health.ts'
import { makeEmployeeStore } from './services/store/employee-store.ts'
import { makeGroupCommit } from './services/store/group-commit.ts'
import { makeMessageStore } from './services/store/message-store.ts'
import { makeMovePauses } from './services/store/move-pauses.ts'
import { openSeal } from './services/store/open-seal.ts'
import { makePseudonyms } from './services/store/pseudonyms.ts'
import { makeRetentionStore } from './services/store/retention-store.ts'
import { makeLinks } from './services/store/sealed-links.ts'
import { makeStanding } from './services/store/standing.ts'
import { takeDatabase } from './services/store/take-database.ts'
import { makeVerificationStore } from './services/store/verification-store.ts'

/** The one database file and all that is kept in it, with the clock by which its pauses go. */
export function openStores(
  config: Config,
  deps: {
    wall: () => number
    steady: () => number
    onJump: () => void
    /** Whether what is asked for next is on its way, so that it can share a commit. */
    isMoreComing: () => boolean
    log: Log
  },
) {
  const { wall, steady, onJump, isMoreComing, log } = deps
  const database = takeDatabase(config.databasePath, {
    onUpgrade: (backupFile) => log.warn('database upgraded; it was backed up before', { backupFile }),
  })
  const { db } = database
  const { seal, keys } = openSeal(db, { ...config, log })
  const group = makeGroupCommit(db, { soon: setImmediate, isMoreComing })
  const pauses = makeMovePauses(db)
  const clock = makeClock({
    wall,
    steady,
    onJump: (byMs, at) => {
      // Their times are by the clock as it was.
      group.flush()
      pauses.move(byMs, at)
      pauses.shorten(at)
      log.warn('the clock was set: pauses keep their length', { durationMs: byMs })
      onJump()
    },
  })
  const health = makeDatabaseHealth(db, { path: config.databasePath, now: clock.steady, log })
  const auditHeads = makeAuditHeads(db, { ...config, log })

  return {
    db,
    clock,
    health,
    standing: makeStanding(db, { elapsed: clock.steady }),
    verificationStore: health.watch(
      makeVerificationStore(db, {
        group,
        limits: config.limits,
        onUnreadable: (id) => log.error('verification set aside: its row can not be read', { verificationId: id }),
      }),
      ['claim'],
    ),
    messageStore: health.watch(
      makeMessageStore(db, {
        group,
        onUnreadable: (id) => log.error('message set aside: its row can not be read', { messageId: id }),
      }),
      ['claim'],
    ),
    retentionStore: health.watch(makeRetentionStore(db, { pseudonyms: makePseudonyms(keys) }), ['claim']),
    employeeStore: health.watch(makeEmployeeStore(db)),
    audit: health.watch(makeAuditStore(db, { now: clock.now })),
    links: makeLinks(seal),
    /** Boot: the head of the audit is noted from now on, and no pause is longer than any may be. */
    start: () => {
      auditHeads.start()
      pauses.shorten(clock.now())
    },
    close: () => {
      auditHeads.stop()
      group.flush()
      database.close()
    },
  }
}
