import { expect, test } from 'vitest'
import { KILL_POINTS } from '../../../sandbox/trials/kill-points.ts'
import { isWrite, statementName } from '../../../sandbox/trials/statement-names.ts'
import * as sql from '../../../src/services/store/verification-sql.ts'

test.each([
  [sql.INSERT, 'request'],
  [sql.CLAIM, 'claim of verifications'],
  [sql.RELEASE, 'release of claims'],
  [sql.NOTE, 'note of what a person did'],
  [sql.BEGIN, 'intent to start'],
  [sql.SAVE, 'end of a verification step'],
  [sql.RESCHEDULE, 'end of a poll without news'],
])('%s is a kill point of its own', (statement, name) => {
  expect(isWrite(statement)).toBe(true)
  expect(statementName(statement)).toBe(name)
  expect(KILL_POINTS).toContain(`before commit of ${name}`)
})

test('what is written beside these is named by its table', () => {
  expect(
    Object.values({ ...sql })
      .filter(isWrite)
      .map(statementName),
  ).toContain('update messages')
  // The retention's claim, which hardly ever finds anything, is none of the worker's.
  expect(statementName('update verifications set attempts = attempts + 1 where id in (…)')).toBe('update verifications')
})
