import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isIndexOnly, planOf, plansText } from '../../bench/measure/plan.ts'

let db: Database.Database

beforeEach(() => {
  db = new Database(':memory:')
  db.exec('create table rows (due, pace); create index rows_due on rows (pace, due)')
})
afterEach(() => db.close())

const GOOD = 'select due\n  from rows where pace = :pace and due <= :now order by due'
const MATERIALISED = `select 1 from rows as a
  cross join (select due, rowid from rows where pace = 2 union select 1, 2) as b on b.due = a.due where a.pace = 1`

it.each([
  ['a search in an index', GOOD, true],
  [
    'two of them',
    `${GOOD.replace(' order by due', '')} union all select 1 where exists (select 1 from rows where pace = 2)`,
    true,
  ],
  ['by number', 'update rows set due = :now where rowid in (select rowid from rows where pace = :pace)', true],
  ['a row of constants', 'select 2 union all select due from rows where pace = :pace', true],
  ['a table that is read through', 'select * from rows where due <= :now', false],
  ['an index that is read through', 'select due from rows where due <= :now', false],
  ['a sort', 'select due from rows where pace = :pace order by rowid % 7', false],
  ['an index for the while', MATERIALISED, false],
])('%s', (_, sql, expected) => {
  const plan = planOf(db, sql)
  expect([plan.steps, isIndexOnly(plan)]).toEqual([expect.anything(), expected])
})

it('says the verdict in one line, and shows the plan of what is not found by an index alone', () => {
  const good = planOf(db, GOOD)
  const bad = planOf(db, 'select * from rows where due <= :now')
  expect(plansText([good, good])).toMatch(/^How SQLite finds them .* 2 statements\): index only: yes\n$/)
  expect(plansText([good, bad])).toMatch(
    /index only: no\n\n {4}select \* from rows where due <= :now\n {6}SCAN rows\n$/,
  )
})
