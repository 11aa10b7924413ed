import type { Database } from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { makeMetrics } from '../../src/services/metrics.ts'
import { makeReadiness } from '../../src/services/readiness.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeStanding } from '../../src/services/store/standing.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'

/** What is prepared meanwhile. */
function keptStatements(db: Database, run: () => unknown): string[] {
  const prepare = db.prepare.bind(db)
  const asked: string[] = []
  db.prepare = ((sql: string) => {
    asked.push(sql)
    return prepare(sql)
  }) as typeof db.prepare
  run()
  db.prepare = prepare
  return asked
}

const open: OpenStore[] = []
afterEach(() => {
  for (const store of open.splice(0)) store.db.close()
})

function bench() {
  const store = openStore()
  open.push(store)
  let time = 1_000_000
  const now = () => time
  const budget = makeRequestBudget({ perMinute: 30, now })
  const metrics = makeMetrics()
  const standing = makeStanding(store.db, { elapsed: now })
  const ready = makeReadiness({ slack: () => true, easyfreelance: () => false })
  return {
    store,
    budget,
    metrics,
    pass: (ms: number) => {
      time += ms
    },
    read: async () => (await metrics.read({ standing, budget, ready, now })).text,
  }
}

describe('the metrics', () => {
  it('of an empty bot are all there, and zero', async () => {
    const text = await bench().read()
    for (const line of [
      'verify_verifications{status="parked"} 0',
      'verify_messages{state="unknown"} 0',
      'verify_oldest_unsettled_seconds 0',
      'verify_worker_lag_seconds 0',
      'verify_easyfreelance_calls_last_minute 0',
      'verify_easyfreelance_calls_allowed 30',
      'verify_ready{check="slack"} 1',
      'verify_ready{check="easyfreelance"} 0',
    ]) {
      expect(text.split('\n')).toContain(line)
    }
  })

  it('show the calls of the last minute, not of the one before', async () => {
    const { budget, pass, read } = bench()
    budget.take(4)
    pass(30_000)
    budget.take(2)
    expect(await read()).toContain('verify_easyfreelance_calls_last_minute 6\n')
    pass(30_000)
    expect(await read()).toContain('verify_easyfreelance_calls_last_minute 2\n')
  })

  it('count every call once: also those from before the first reading, however often they are read', async () => {
    const { metrics, read } = bench()
    const calls = async () => (await read()).split('\n').filter((line) => line.startsWith('verify_calls_total{'))
    metrics.slackCalled('chat.update', 'done')
    metrics.slackCalled('chat.update', 'done')
    await Promise.all([read(), read()])
    expect(await calls()).toEqual(['verify_calls_total{side="slack",route="chat.update",result="done"} 2'])
    metrics.slackCalled('chat.update', 'refused')
    expect(await calls()).toEqual([
      'verify_calls_total{side="slack",route="chat.update",result="done"} 2',
      'verify_calls_total{side="slack",route="chat.update",result="refused"} 1',
    ])
  })

  it('have as many lines after ten thousand strange words as after one', async () => {
    const { metrics, read } = bench()
    const lines = async () => (await read()).split('\n').filter((line) => line.startsWith('verify_')).length
    metrics.slackCalled('strange', 'done')
    const before = await lines()
    for (let nth = 0; nth < 10_000; nth += 1) metrics.slackCalled(`T0/B0/secret-${nth}`, 'done')
    expect(await lines()).toBe(before)
    expect(await read()).not.toContain('secret')
  })

  it('count what moves at every reading, and what is over every ten minutes', async () => {
    const { store, read, pass } = bench()
    const add = (status: string, nth: number) =>
      store.db.exec(`insert into verifications (id, team_id, view_id, manager_id, employee_id, employee_number, provider,
        created_at, revision, invitations, parks, status, reason, ended_at, session_id, outcome, missing_steps)
        values ('${status}${nth}', 'T', '${status}${nth}', 'U', 'W${nth}', 1, 'bankid', ${nth}, 1, 0, 0, '${status}', 'overdue', 1,
        's', 'approved', '[]')`)
    add('parked', 1)
    add('settled', 2)
    expect(await read()).toMatch(/status="settled"\} 1\n[\s\S]*status="parked"\} 1\n/)
    add('parked', 3)
    add('settled', 4)
    expect(await read()).toMatch(/status="settled"\} 1\n[\s\S]*status="parked"\} 2\n/)
    expect(await read()).toContain(`verify_oldest_unsettled_seconds ${(1_000_000 - 1) / 1000}\n`)
    pass(600_000)
    expect(await read()).toMatch(/status="settled"\} 2\n/)
  })

  it('go through indexes alone, however much is stored', () => {
    const { store } = bench()
    const asked = keptStatements(store.db, () => makeStanding(store.db, { elapsed: () => 0 })())
    expect(asked).toHaveLength(6)
    for (const sql of asked) {
      const plan = store.db
        .prepare(`explain query plan ${sql}`)
        .all()
        .map((row) => String((row as { detail: unknown }).detail))
      for (const step of plan.filter((each) => /^(SCAN|SEARCH) (verifications|messages)/.test(each))) {
        expect(step).toMatch(/USING (COVERING )?INDEX/)
      }
    }
  })
})

describe('readiness', () => {
  it('takes a check that breaks for one that does not hold', () => {
    const broken = () => {
      throw new Error('the disk is gone')
    }
    expect(makeReadiness({ slack: () => true, database: broken })()).toEqual({
      ok: false,
      checks: { slack: true, database: false },
    })
  })
})
