import { createSecretKey, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeNudge } from '../../src/services/nudge.ts'
import { makeRetention } from '../../src/services/retention.ts'
import { makePseudonyms } from '../../src/services/store/pseudonyms.ts'
import { checkAudit } from '../../src/services/store/read-audit.ts'
import { makeRetentionStore } from '../../src/services/store/retention-store.ts'
import { AT_REST } from '../../src/services/store/schedule.ts'
import type { Failed, Settled } from '../../src/services/verification.ts'
import { laneOf, makeWorker } from '../../src/services/worker.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { buildFailed, buildRequested, buildSettled, buildWaiting, NOW } from '../views/build-verification.ts'

const DAY_MS = 24 * 60 * 60_000
const MANAGER = 'U0CANARYMARIA'
const EMPLOYEE = 'U0CANARYOLA'
const PERSONAL = [MANAGER, EMPLOYEE, 'C0CANARY', 'D0CANARY', 'canary note', 'V0CANARY', 'canary-session', '47114711']

let folder: string
let path: string
let store: OpenStore
let time: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-retention-'))
  path = join(folder, 'verify.db')
  time = NOW
  store = openStore(path, { now: () => time })
})
afterEach(() => {
  store.db.close()
  rmSync(folder, { recursive: true })
})

const pseudonyms = makePseudonyms([createSecretKey(randomBytes(32))])
const retentionStore = () => makeRetentionStore(store.db, { pseudonyms })

/** One from its request to its end, with a message that was sent. */
async function end(id: string, over: (news: object) => Settled | Failed, news: object = {}): Promise<void> {
  const base = {
    id,
    viewId: `V0CANARY${id}`,
    managerId: MANAGER,
    employeeId: EMPLOYEE,
    note: 'canary note',
    cardChannelId: 'C0CANARY',
    ...news,
  }
  await store.verifications.insert(buildRequested({ ...base, revision: 1 }), time)
  await store.verifications.save(buildWaiting({ ...base, revision: 2 }), 1, AT_REST, time)
  await store.verifications.save(over({ ...base, revision: 3, settledAt: time, failedAt: time }), 2, AT_REST, time)
  store.db.exec(`update messages set state = 'sent', conversation_id = 'D0CANARY', ts = '1.2', sweeps = 0, next_at = null,
    shown_revision = 3, shown_digest = 'x'`)
}

/** The real worker, until nothing is due any more at the time it is. */
async function work(days: number, isClockSure = true): Promise<unknown[]> {
  const { log, lines, said } = makeRecordingLog()
  const now = () => time
  const nudge = makeNudge({ now })
  const retention = makeRetention({ store: retentionStore(), days, now, log, isClockSure: () => isClockSure })
  const worker = makeWorker({ queues: [laneOf(retention)], nudge, now, log })
  worker.start()
  const isDue = async () => ((await retention.nextDueAt()) ?? Number.POSITIVE_INFINITY) <= time
  for (let look = 0; look < 200 && (await isDue()); look += 1) await new Promise((resolve) => setImmediate(resolve))
  await worker.stop(1000)
  expect(JSON.stringify(lines)).not.toMatch(new RegExp(PERSONAL.join('|')))
  return said('verification pseudonymised')
}

const rows = () =>
  store.db.prepare('select * from verifications order by created_at, id').all() as Record<string, unknown>[]

function filesWith(text: string): string[] {
  const files = ['', '-wal', '-shm'].map((suffix) => `${path}${suffix}`).filter((file) => existsSync(file))
  return files.filter((file) => readFileSync(file).includes(text))
}

describe('what is over', () => {
  it('keeps its people while the clock may be wrong, and loses them when it is sure', async () => {
    await end('one', buildSettled)
    time = NOW + 365 * DAY_MS
    expect(await work(90, false)).toEqual([])
    expect(rows()).toMatchObject([{ employee_id: EMPLOYEE }])
    expect(await work(90)).toHaveLength(1)
  })

  it.each([
    ['settled', buildSettled],
    ['failed', (news: object) => buildFailed({ ...news, closedBy: MANAGER })],
  ] as const)('%s: keeps its people to the last millisecond of the days, and loses them then', async (_how, over) => {
    await end('one', over)
    time = NOW + 90 * DAY_MS - 1
    expect(await work(90)).toEqual([])
    expect(rows()).toMatchObject([{ employee_id: EMPLOYEE, manager_id: MANAGER, pseudonymised_at: null }])
    time += 1
    expect(await work(90)).toHaveLength(1)
    expect(rows()).toMatchObject([{ pseudonymised_at: time, note: null, employee_number: Number.MAX_SAFE_INTEGER }])
    expect(store.db.prepare('select count(*) from messages').pluck().get()).toBe(0)
    expect(store.db.prepare('select count(*) from ledger').pluck().get()).toBe(0)
    expect(store.db.prepare('select count(*) from employees').pluck().get()).toBe(0)
    for (const word of PERSONAL) expect([word, filesWith(word)]).toEqual([word, []])
    expect(await work(90)).toEqual([])
  })

  it('keeps its course and its outcome, and can still be read', async () => {
    await end('one', buildSettled, {})
    const [before = {}] = rows()
    time += DAY_MS
    await work(1)
    const [after = {}] = rows()
    for (const kept of ['id', 'team_id', 'status', 'outcome', 'provider', 'created_at', 'ended_at', 'revision']) {
      expect([kept, after[kept]]).toEqual([kept, before[kept]])
    }
    expect(await store.verifications.get('one')).toMatchObject({ status: 'settled', outcome: 'approved' })
  })

  it('gives one person one pseudonym, which is another in another team and with another key', async () => {
    await end('one', (news) => buildFailed({ ...news, closedBy: MANAGER }))
    await end('two', buildSettled)
    time += DAY_MS
    await work(1)
    const [one = {}, two = {}] = rows()
    expect(one.manager_id).toMatch(/^anon-[0-9a-f]{32}$/)
    expect([one.closed_by, two.manager_id, two.employee_id]).toEqual([one.manager_id, one.manager_id, one.employee_id])
    expect(one.employee_id).not.toBe(one.manager_id)
    const other = makePseudonyms([createSecretKey(randomBytes(32))])
    const names = [pseudonyms.of('T1', EMPLOYEE), pseudonyms.of('T2', EMPLOYEE), other.of('T1', EMPLOYEE)]
    expect(new Set(names).size).toBe(3)
  })

  it('is never touched with 0 days, however old', async () => {
    await end('one', buildSettled)
    time += 3650 * DAY_MS
    expect(await work(0)).toEqual([])
    expect(rows()).toMatchObject([{ employee_id: EMPLOYEE }])
  })

  it('leaves the audit without names of it, with tombstones on record and a chain that holds', async () => {
    await end('one', buildSettled)
    time += DAY_MS
    await work(1)
    expect(store.db.prepare('select count(*) from audit where actor_id is not null').pluck().get()).toBe(0)
    expect(checkAudit(store.db).problems).toEqual([])
    expect(store.db.prepare("select count(*) from audit where action = 'erase'").pluck().get()).toBe(1)
  })

  it('of a hundred, all go, also behind one that always gives trouble', async () => {
    for (let nth = 0; nth < 100; nth += 1) await end(`v-${nth}`, buildSettled)
    store.db.exec(`create trigger trouble before update of pseudonymised_at on verifications when new.id = 'v-0'
      begin select raise(abort, 'trouble'); end`)
    time += 2 * DAY_MS
    for (let round = 0; round < 30; round += 1) {
      await work(1)
      time += 60_000
    }
    expect(store.db.prepare('select count(*) from verifications where pseudonymised_at is null').pluck().get()).toBe(1)
  })
})

describe('what is not over', () => {
  it('is never touched, however old', async () => {
    await store.verifications.insert(buildRequested({ revision: 1 }), time)
    time += 3650 * DAY_MS
    expect(await work(1)).toEqual([])
    expect(rows()).toMatchObject([{ employee_id: buildRequested().employeeId }])
  })
})

describe('a remembered number', () => {
  it('stays while a verification names the person', async () => {
    await end('one', buildSettled)
    time += DAY_MS
    await end('two', buildSettled)
    await work(1)
    expect(await store.employees.of('T0TEAM', EMPLOYEE)).toMatchObject({ employeeNumber: 47114711 })
    time += DAY_MS
    await work(1)
    expect(await store.employees.of('T0TEAM', EMPLOYEE)).toBe(null)
  })

  it('stays when somebody linked it on purpose', async () => {
    await end('one', buildSettled)
    await store.employees.link({ teamId: 'T0TEAM', userId: EMPLOYEE, employeeNumber: 5, linkedBy: MANAGER, at: time })
    time += DAY_MS
    await work(1)
    expect(await store.employees.of('T0TEAM', EMPLOYEE)).toMatchObject({ employeeNumber: 5, source: 'linked' })
  })
})
