import { expect, it } from 'vitest'
import { judgeDay, liveThrough } from './day.ts'

// The short form; a whole day: npm run simulate -- --day.
it('500 verifications a day all come to their end, and nothing grows but the database', async () => {
  const day = await liveThrough(4)
  expect(judgeDay(day)).toEqual([])
  expect(day.asked).toBeGreaterThan(60)
})

it('a day that is not as it must be is said', () => {
  const hour = (heapMb: number, handles: number, walMb: number) => ({ hour: 1, heapMb, handles, walMb })
  const day = {
    asked: 9,
    over: 8,
    problems: [],
    unhandled: 1,
    calls: 1,
    hours: [hour(1, 1, 1), hour(10, 3, 1), hour(30, 40, 17)],
  }
  expect(judgeDay(day)).toHaveLength(5)
})
