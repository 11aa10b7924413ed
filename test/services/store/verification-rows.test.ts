import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeVerification } from '../../../src/services/store/verification-columns.ts'
import { readVerification } from '../../../src/services/store/verification-rows.ts'
import type { Status, Verification } from '../../../src/services/verification.ts'
import { ANY } from '../../helpers/any-verification.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import {
  buildParked,
  buildRequested,
  buildSession,
  buildSettled,
  buildWaiting,
} from '../../views/build-verification.ts'

let store: OpenStore

beforeEach(() => {
  store = openStore()
})
afterEach(() => void store.db.close())

function insert(row: Record<string, unknown>): void {
  const columns = Object.keys(row)
  store.db
    .prepare(
      `insert into verifications (${columns.join(', ')}) values (${columns.map((name) => `:${name}`).join(', ')})`,
    )
    .run(row)
}

describe('a verification', () => {
  it.each(Object.keys(ANY) as Status[])('that is %s comes back from SQLite as it went in', (status) => {
    fc.assert(
      fc.property(ANY[status] as fc.Arbitrary<Verification>, (verification) => {
        store.db.exec('delete from verifications')
        insert(writeVerification(verification))
        expect(readVerification(store.db.prepare('select * from verifications').get())).toEqual(verification)
      }),
      { numRuns: 100 },
    )
  })
})

const waiting = writeVerification(buildWaiting({ provider: 'veriff', idType: 'local' }))
const requested = writeVerification(buildRequested())
const settled = writeVerification(buildSettled())
const parked = writeVerification(buildParked())

const NONSENSE: Record<string, Record<string, unknown>> = {
  'an unknown status': { ...requested, status: 'paused' },
  'an unknown provider': { ...requested, provider: 'passport' },
  'Veriff without an ID type': { ...requested, provider: 'veriff' },
  'BankID with an ID type': { ...requested, id_type: 'local' },
  'an unknown ID type': { ...waiting, id_type: 'nordic' },
  'an employee number of zero': { ...requested, employee_number: 0 },
  'an employee number that is a text': { ...requested, employee_number: 'Ola' },
  'a time that is a text': { ...requested, created_at: '2026-11-23' },
  'a revision of zero': { ...requested, revision: 0 },
  'no manager': { ...requested, manager_id: null },
  'a third start': { ...requested, unclear_starts: 2 },
  'a requested one without its count of starts': { ...requested, unclear_starts: null },
  'an unknown hold': { ...requested, hold: 'bored' },
  'a waiting one without a link': { ...waiting, link: null },
  'a waiting one without a session': { ...waiting, session_id: null },
  'a waiting one without its start': { ...waiting, started_at: null },
  'a settled one without an outcome': { ...settled, outcome: null },
  'a settled one without a session': { ...settled, session_id: null },
  'a settled one with an unknown outcome': { ...settled, outcome: 'Approved' },
  'a settled one that kept its link': { ...settled, link: writeVerification(buildWaiting()).link },
  'a link that is not sealed': { ...waiting, link: 'https://x.example/' },
  'a link that is almost sealed': { ...waiting, link: 'v1.https://x.example/' },
  'a waiting one without its count of misses': { ...waiting, misses: null },
  'a settled one whose missing steps are no JSON': { ...settled, missing_steps: 'bank' },
  'a settled one that says nothing of missing steps': { ...settled, missing_steps: null },
  'a parked one without a reason': { ...parked, reason: null },
  'a parked one without its time': { ...parked, ended_at: null },
  'a claim that is neither yes nor no': { ...requested, claimed: 2 },
}

describe('the database', () => {
  it.each(Object.entries(NONSENSE))('refuses %s', (_what, row) => {
    expect(() => insert(row)).toThrow(/constraint failed|cannot store|malformed JSON/)
  })

  it('takes the same rows without the nonsense', () => {
    for (const row of [waiting, settled, parked]) {
      store.db.exec('delete from verifications')
      insert(row)
    }
    expect(store.db.prepare('select count(*) from verifications').pluck().get()).toBe(1)
  })

  it('refuses a second open verification of one employee, and takes one that is over', () => {
    insert(waiting)
    expect(() => insert({ ...parked, id: 'second', view_id: 'V2' })).toThrow(/UNIQUE/)
    insert({ ...settled, id: 'third', view_id: 'V3' })
  })
})

describe('a row that makes no sense to this build', () => {
  it.each([
    ['a settled one whose missing steps are no list', { ...settled, missing_steps: '{}' }],
    ['a failed one with an unknown reason', { ...parked, status: 'failed', reason: 'new_reason' }],
    [
      'a parked one with half a session',
      { ...writeVerification(buildParked({ session: buildSession() })), link: null },
    ],
  ])('is not read: %s', (_what, row) => {
    insert(row)
    expect(() => readVerification(store.db.prepare('select * from verifications').get())).toThrow()
  })
})
