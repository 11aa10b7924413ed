import { expect, it } from 'vitest'
import { type Goal, goalsPicture, goalsTable, isMet } from '../../bench/measure/goals.ts'

const slower: Goal = { what: 'acked', found: [1, 9, 1.2], unit: '×', atMost: 1.15 }
const faster: Goal = { what: 'polls', found: [0.5, 0.1, 0.4], unit: '×', atLeast: 0.32 }

it('a goal is met or missed by the median of its rounds', () => {
  expect(isMet(slower)).toBe(false)
  expect(isMet(faster)).toBe(true)
  expect(goalsTable([slower, faster]).rows).toEqual([
    ['acked', '≤ 1.15×', '1.20× (1.00–9.00)', 'no'],
    ['polls', '≥ 0.32×', '0.40× (0.10–0.50)', 'yes'],
  ])
})

it('the picture has what meets its goal left of the line, and what misses it right of it', () => {
  const at = [
    ...goalsPicture([{ ...slower, found: [1.15] }, slower, faster]).matchAll(/circle class="\w+" cx="([\d.]+)"/g),
  ]
  const [line = 0, missed = 0, met = 0] = at.map(([, x]) => Number(x))
  expect(missed).toBeGreaterThan(line)
  expect(met).toBeLessThan(line)
})
