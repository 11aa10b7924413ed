import { afterEach, describe, expect, it } from 'vitest'
import { makeMetrics } from '../../src/services/metrics.ts'
import { makeReadiness } from '../../src/services/readiness.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeStanding } from '../../src/services/store/standing.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'

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
  const standing = makeStanding(store.db)
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

  it('have as many lines after ten thousand strange words as after one', async () => {
    const { metrics, read } = bench()
    const lines = async () => (await read()).split('\n').filter((line) => line.startsWith('verify_')).length
    metrics.slackCalled('strange', 'done')
    const before = await lines()
    for (let nth = 0; nth < 10_000; nth += 1) metrics.slackCalled(`T0/B0/secret-${nth}`, 'done')
    expect(await lines()).toBe(before)
    expect(await read()).not.toContain('secret')
  })

  it('count through indexes alone, however much is stored', () => {
    const { store } = bench()
    const plan = (sql: string) =>
      store.db
        .prepare(`explain query plan ${sql}`)
        .all()
        .map((row) => String((row as { detail: unknown }).detail))
    expect(plan('select status, count(*) from verifications group by status')).toEqual([
      'SCAN verifications USING COVERING INDEX verifications_status',
    ])
    expect(plan('select state, count(*) from messages group by state')).toEqual([
      'SCAN messages USING COVERING INDEX messages_state',
    ])
    expect(plan('select min(next_at) from messages where next_at is not null')).toEqual([
      'SEARCH messages USING COVERING INDEX messages_due (next_at>?)',
    ])
    const open = `status in ('requested', 'starting', 'waiting', 'parked')`
    expect(plan(`select min(created_at) from verifications where ${open}`)[0]).toMatch(
      /INDEX verifications_(open|status)/,
    )
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
