import { expect, it } from 'vitest'
import { makeMovePauses } from '../../../src/services/store/move-pauses.ts'
import { openSlackBench } from '../../helpers/slack-bench.ts'

const MINUTE_MS = 60_000

it('messages that wait for their turns for hours keep their order when pauses are shortened at a start', async () => {
  const employees = Array.from({ length: 5 }, (_, index) => `U0E${index}`)
  const bench = await openSlackBench({ more: employees })
  try {
    for (const [index, employeeId] of employees.entries()) {
      await bench.request({ id: `v${index}`, viewId: `V${index}`, employeeId, employeeNumber: 5000 + index })
    }
    const { db } = bench.store
    const now = bench.now()
    // From ten minutes to several hours from now.
    db.prepare('update messages set next_at = ? + 600000 * rowid * rowid, late_at = 0').run(now)
    const inOrder = () => db.prepare('select id from messages order by next_at').pluck().all()
    const before = inOrder()
    makeMovePauses(db).shorten(now)
    const waits = db.prepare('select next_at - ? from messages order by next_at').pluck().all(now).map(Number)
    expect(inOrder()).toEqual(before)
    expect(new Set(waits).size).toBe(before.length)
    expect(waits.every((wait) => Number.isInteger(wait) && wait > 0)).toBe(true)
    expect(Math.max(...waits)).toBe(40 * MINUTE_MS)
  } finally {
    await bench.close()
  }
})
