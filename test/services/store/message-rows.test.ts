import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Message } from '../../../src/services/message.ts'
import { readMessage, writeMessage } from '../../../src/services/store/message-rows.ts'
import { anyMessage } from '../../helpers/any-message.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

let store: OpenStore

beforeEach(async () => {
  store = openStore()
  await store.verifications.insert(buildRequested({ id: 'v' }), 1)
  store.db.exec('delete from messages')
})
afterEach(() => void store.db.close())

function insert(row: Record<string, unknown>): void {
  const columns = Object.keys(row)
  store.db
    .prepare(`insert into messages (${columns.join(', ')}) values (${columns.map((name) => `:${name}`).join(', ')})`)
    .run(row)
}

it('a message of any state comes back from SQLite as it went in', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(anyMessage, (message) => {
      seen.add(message.state)
      store.db.exec('delete from messages')
      insert(writeMessage(message))
      expect(readMessage(store.db.prepare('select * from messages').get())).toEqual(message)
    }),
    { numRuns: 200 },
  )
  expect(seen.size).toBe(5)
})

const IDENTITY = {
  id: 'm',
  verificationId: 'v',
  kind: 'card',
  occasion: 0,
  createdAt: 1,
  version: 1,
  recipient: { userId: 'U1' },
  movedBecause: null,
  sends: 1,
} as const
const shows = { revision: 1, digest: 'd' }
const placed = { conversationId: 'D1', shows }

const write = (message: Message) => ({ ...writeMessage(message) })
const none = write({ ...IDENTITY, state: 'none' })
const sending = write({ ...IDENTITY, state: 'sending', since: 1, ...placed })
const unknown = write({ ...IDENTITY, state: 'unknown', since: 1, cleanReads: 0, ...placed })
const sent = write({ ...IDENTITY, state: 'sent', ts: '1.2', resentAt: null, sweeps: 0, ...placed })
const undeliverable = write({ ...IDENTITY, state: 'undeliverable', reason: 'user_disabled' })

it.each([
  ['an unknown kind', { ...none, kind: 'advert' }],
  ['an unknown state', { ...none, state: 'lost' }],
  ['nobody to send it to', { ...none, user_id: null }],
  ['two places to send it to', { ...none, channel_id: 'C1' }],
  ['an unknown reason for moving', { ...none, moved_because: 'mood' }],
  ['a version of zero', { ...none, version: 0 }],
  ['a verification that does not exist', { ...none, verification_id: 'nobody' }],
  ['a send without its conversation', { ...sending, conversation_id: null }],
  ['a send without its time', { ...sending, since: null }],
  ['a send that shows nothing', { ...sending, shown_digest: null }],
  ['a doubt without its count of readings', { ...unknown, clean_reads: null }],
  ['a sent one without its ts', { ...sent, ts: null }],
  ['a sent one without its count of sweeps', { ...sent, sweeps: null }],
  ['an undeliverable one without a reason', { ...undeliverable, reason: null }],
])('the database refuses %s', (_what, row) => {
  expect(() => insert(row)).toThrow(/constraint failed/)
})

it('the database takes the same rows without the nonsense, each occasion once', () => {
  for (const row of [sending, unknown, sent, undeliverable]) {
    store.db.exec('delete from messages')
    insert(row)
  }
  expect(() => insert({ ...none, id: 'again' })).toThrow(/UNIQUE/)
  insert({ ...none, id: 'next', occasion: 1 })
})
