import { expect, it } from 'vitest'
import {
  DUE_OF_PACE,
  HURRY,
  HURRY_EXPIRED,
  LINES_DUE,
  NEXT_DUE,
  NUMBER_HOLDER,
  NUMBER_OWNER,
} from '../../../src/services/store/verification-sql.ts'
import { openStore } from '../../helpers/open-store.ts'

const NUMBER = { team_id: 'T1', employee_number: 1, user_id: 'U1' }

it.each([
  ['the lines in which something is due', LINES_DUE, { now: 1 }],
  ['what is due in a line', DUE_OF_PACE, { pace: 1, now: 1, limit: 1 }],
  ['when something is due', NEXT_DUE, {}],
])('%s: found from the index alone, without sorting', (_what, statement, values) => {
  const reads = readsOf(statement, values)
  expect(reads.length).toBeGreaterThan(0)
  for (const detail of reads) {
    expect(detail).toMatch(/^SEARCH verifications (EXISTS )?USING COVERING INDEX verifications_due/)
  }
})

it.each([
  ['whose deadline has just passed', HURRY_EXPIRED, { since: 0, until: 1, now: 1, pace: 1 }, 'verifications_deadline'],
  ['who opened a link lately', HURRY, { opened_after: 1, now: 1, limit: 1 }, 'verifications_opened'],
  ['for whom a form can not use a number', NUMBER_HOLDER, NUMBER, 'verifications_number'],
  ['whom a number stands for', NUMBER_OWNER, NUMBER, 'verifications_number'],
])('%s: found without looking through everything that waits', (_what, statement, values, index) => {
  const reads = readsOf(statement, values).filter((detail) => !detail.includes('(id=?)'))
  expect(reads).toEqual([expect.stringMatching(new RegExp(`^SEARCH verifications USING INDEX ${index} `))])
})

/** How SQLite goes about it, in a database of the bot's, which has no statistics. */
function readsOf(statement: string, values: object): string[] {
  using store = openStore()
  const plan = store.db
    .prepare<unknown[], { detail: string }>(`explain query plan ${statement}`)
    .all(values)
    .map(({ detail }) => detail)
  expect(plan.filter((detail) => /TEMP B-TREE/.test(detail))).toEqual([])
  return plan.filter((detail) => /verifications/.test(detail))
}
