import { createSecretKey, randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { makePseudonyms } from '../../../src/services/store/pseudonyms.ts'
import { makeRetentionStore } from '../../../src/services/store/retention-store.ts'
import { openStore } from '../../helpers/open-store.ts'

it('what has been over for long enough is found by when it ended, however much is over', () => {
  const { db } = openStore()
  const prepare = db.prepare.bind(db)
  const asked: string[] = []
  db.prepare = ((sql: string) => {
    if (sql.includes('ended_at')) asked.push(sql)
    return prepare(sql)
  }) as typeof db.prepare
  makeRetentionStore(db, { pseudonyms: makePseudonyms([createSecretKey(randomBytes(32))]) })
  expect(asked).toHaveLength(2)
  for (const sql of asked) {
    const plan = prepare<unknown[], { detail: string }>(`explain query plan ${sql}`).all({ cutoff: 1, limit: 1 })
    const looks = plan.map(({ detail }) => detail).filter((step) => /^(SCAN|SEARCH) verifications USING/.test(step))
    expect(looks.some((step) => step.includes('INDEX verifications_over'))).toBe(true)
    expect(looks.some((step) => step.includes('verifications_status'))).toBe(false)
  }
  db.close()
})
