import { expect, test } from 'vitest'
import { journeyTable, problemsOf } from '../../../sandbox/trials/journey-table.ts'
import { JOURNEYS, type Journey } from '../../../sandbox/trials/journeys.ts'
import { judgeJourneys } from '../../../sandbox/trials/judge-journeys.ts'
import type { VerificationRow } from '../../../sandbox/trials/look-inside.ts'
import { worldOf } from '../../../sandbox/trials/roles.ts'

const named = (name: string): Journey => {
  const journey = JOURNEYS.find((each) => each.name === name)
  if (journey === undefined) throw new Error(`no journey ${name}`)
  return journey
}
const approved = named('approved by BankID')
const closed = named('a start unclear twice, closed')

function rowOf({ role }: Journey, more: Partial<VerificationRow> = {}): VerificationRow {
  return {
    id: `V-${role.number}`,
    view_id: 'VIEW',
    manager_id: role.managerId,
    employee_id: role.employeeId,
    employee_number: role.number,
    status: 'settled',
    session_id: 'session',
    outcome: 'approved',
    closed_by: null,
    parks: 0,
    ...more,
  }
}
const asClosed = { status: 'failed', outcome: null, closed_by: closed.role.managerId, parks: 1 } as const
const BOTH = [approved, closed]

test('journeys that came to their own ends have nothing wrong with them', () => {
  const { journeys, others } = judgeJourneys(BOTH, [rowOf(approved), rowOf(closed, asClosed)], [])
  expect([...journeys.values()].flat()).toEqual([])
  expect(others).toEqual([])
})

test.each<[string, VerificationRow[], RegExp]>([
  ['nobody was asked', [], /nobody was asked/],
  ['it ended otherwise', [rowOf(closed)], /ended as Approved instead of Closed/],
  [
    'it is not over',
    [rowOf(closed, { status: 'parked', outcome: null, parks: 1 })],
    /ended as parked instead of Closed/,
  ],
  ['it was never anybody’s to decide', [rowOf(closed, { ...asClosed, parks: 0 })], /nobody was asked to decide/],
  ['it was asked for twice', [rowOf(closed, asClosed), rowOf(closed, asClosed)], /2 verifications instead of one/],
])('a journey is told when %s', (_, rows, words) => {
  const { journeys } = judgeJourneys([closed], rows, [])
  expect(journeys.get(closed.name)?.join()).toMatch(words)
})

test('what else is wrong is told of the journey it is about, or of none', () => {
  const rows = [rowOf(approved), rowOf(closed, asClosed)]
  const about = `untold: card ${rowOf(approved).id}-card-0 was given up`
  const { journeys, others } = judgeJourneys(BOTH, rows, [about, 'budget: too many'])
  expect(journeys.get(approved.name)).toEqual([about])
  expect(journeys.get(closed.name)).toEqual([])
  expect(others).toEqual(['budget: too many'])
})

test('the table counts, for each journey and line, the kinds of trouble it came through', () => {
  const right = judgeJourneys(BOTH, [rowOf(approved), rowOf(closed, asClosed)], [])
  const wrong = judgeJourneys(BOTH, [rowOf(approved)], [])
  const results = [
    { line: 'one', kind: 'down', judged: right },
    { line: 'one', kind: 'latency', judged: wrong },
    { line: 'two', kind: 'down', judged: 'the bot was not ready in time' },
  ]
  const {
    table,
    played,
    right: ended,
  } = journeyTable(
    BOTH.map(({ name }) => name),
    ['one', 'two'],
    results,
  )
  expect(table.slice(1).map((line) => line.replace(/\s{2,}/g, ' | '))).toEqual([
    `${approved.name} | 2 of 2 | 0 of 1`,
    `${closed.name} | 1 of 2 | 0 of 1`,
  ])
  expect([ended, played]).toEqual([3, 6])
  expect(results.map((result) => problemsOf(result).length)).toEqual([0, 1, 1])
})

test('every end there is, every provider and every way to a number is among the journeys', () => {
  expect(new Set(JOURNEYS.map(({ ends }) => ends))).toEqual(
    new Set([
      'Approved',
      'Declined',
      'Cancelled',
      'Error at EasyFreelance',
      'Expired',
      'Ended with an unknown status',
      'Closed',
      'Not started',
    ]),
  )
  const roles = JOURNEYS.map(({ role }) => role)
  expect(new Set(roles.map(({ provider, documents }) => `${provider}, ${documents}`)).size).toBe(3)
  expect(new Set(roles.map(({ numberIs }) => numberIs)).size).toBe(4)
  expect(new Set(JOURNEYS.map(({ name }) => name)).size).toBe(JOURNEYS.length)
  expect(new Set(worldOf(roles).people.map(({ id }) => id)).size).toBe(2 * JOURNEYS.length + 1)
})
