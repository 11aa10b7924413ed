import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { makeMessageStore } from '../../src/services/store/message-store.ts'
import { makeVerificationStore, type VerificationStore } from '../../src/services/store/verification-store.ts'
import { column, ratioOf, withSpread } from '../measure/columns.ts'
import { folder, remove } from '../measure/our-bot.ts'
import { planOf } from '../measure/plan.ts'
import { interleave } from '../measure/rounds.ts'
import { NO_LIMITS, openOwn, seedWaiting } from '../measure/seed.ts'
import { median, ratios } from '../measure/statistics.ts'
import type { Floor } from './floor.ts'

const SLOTS = 16
const DUE = 333
const CLAIMS = Math.floor(DUE / SLOTS)
const LEASE_MS = 60_000
const HOUR_MS = 3_600_000

/** Claims of sixteen rows, a few of many being due, and all being due as after an outage. */
export const claiming: Floor = {
  name: 'claiming',
  run: async (report, { short, rounds }) => {
    const sizes = short ? [500, 1000] : [10_000, 100_000, 1_000_000]
    const at = folder()
    const tables = sizes.map((size) => {
      const own = openOwn(join(at, `${size}.db`))
      const sqls = recordSql(own.db)
      const now = Date.now()
      seedWaiting(own, { count: size, dueAt: (index) => now + (index % (size / DUE) < 1 ? -1000 : HOUR_MS) })
      spreadPaces(own.db)
      const deps = { onUnreadable: () => {} }
      const store = makeVerificationStore(own.db, { ...deps, limits: NO_LIMITS })
      makeMessageStore(own.db, deps)
      return { size, db: own.db, store, sqls }
    })
    try {
      const contestants = tables.map(({ size, db, store }) => ({
        name: String(size),
        run: async () => ({ us: await claimSome(db, store) }),
      }))
      const few = await interleave(contestants, { rounds, report })
      for (const { db } of tables) db.exec('update verifications set next_at = 1')
      const all = await interleave(contestants, { rounds, report })
      const smallest = String(sizes[0])
      report.table({
        title: 'Claiming sixteen due rows',
        about: `Microseconds a claim, its row lock and its commit included; with ${DUE} rows due, and with all of them due.`,
        columns: ['waiting', `${DUE} due, µs`, `/ ${smallest} waiting`, 'all due, µs', `/ ${smallest} waiting`],
        rows: sizes.map((size) => [
          size.toLocaleString('en-GB'),
          ...[few, all].flatMap((results) => {
            const own = column(results, String(size), 'us')
            const ratio = ratios(own, column(results, smallest, 'us'))
            return [withSpread(own), withSpread(ratio, '×')]
          }),
        ]),
      })
      const most = String(sizes.at(-1))
      for (const [due, results] of [
        ['few', few],
        ['all', all],
      ] as const) {
        const found = ratioOf(results, most, smallest, 'us')
        report.goal({ what: `a claim with ${most} rows, ${due} due, beside ${smallest}`, found, unit: '×', atMost: 2 })
      }
      const last = tables.at(-1)
      if (last !== undefined) report.plans(last.sqls.map((sql) => planOf(last.db, sql)))
    } finally {
      for (const { db } of tables) db.close()
      remove(at)
    }
  },
}

/** In every line that rows can stand in. */
function spreadPaces(db: Database): void {
  db.exec('update verifications set pace = 1 + rowid % 16')
}

async function claimSome(db: Database, store: VerificationStore): Promise<number> {
  const leased = new Set<string>()
  const times: number[] = []
  for (let claim = 0; claim < CLAIMS; claim += 1) {
    const now = Date.now()
    const startedAt = performance.now()
    const claimed = await store.claim(SLOTS, now, LEASE_MS)
    times.push((performance.now() - startedAt) * 1000)
    for (const { item } of claimed) leased.add(item.id)
  }
  if (leased.size !== CLAIMS * SLOTS) throw new Error(`${leased.size} rows were claimed`)
  const giveBack = db.prepare('update verifications set next_at = 1, claimed = 0, attempts = 0 where id = ?')
  db.transaction(() => leased.forEach((id) => void giveBack.run(id)))()
  return median(times)
}

/** Every statement the stores prepare that looks for due rows, to be explained with the database as it is then. */
function recordSql(db: Database): string[] {
  const sqls: string[] = []
  const prepare = db.prepare.bind(db)
  db.prepare = ((sql: string) => {
    if (sql.includes('next_at <= :now')) sqls.push(sql)
    return prepare(sql)
  }) as typeof db.prepare
  return sqls
}
