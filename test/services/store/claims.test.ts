import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../src/services/message.ts'
import { AT_REST, columnsOf, pacedColumnsOf } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import type { Requested } from '../../../src/services/verification.ts'
import { dueAt, type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

const LEASE_MS = 60_000

let store: OpenStore
let people = 0

beforeEach(() => {
  store = openStore()
})
afterEach(() => void store.db.close())

async function insert(id: string, now = 0): Promise<Requested> {
  people += 1
  const verification = buildRequested({ id, viewId: id, employeeId: id, employeeNumber: people, revision: 1 })
  await store.verifications.insert(verification, now)
  return verification
}

/** The two tables make the same promises. */
const TABLES = {
  verifications: () => store.verifications,
  messages: () => store.messages,
}

describe.each(Object.keys(TABLES) as (keyof typeof TABLES)[])('a claim of %s', (table) => {
  const queue = () => TABLES[table]()
  const schedule = (
    id: string,
    { next_at, late_at = next_at }: { next_at: number | null; late_at?: number | null },
  ) => {
    const columns = { nextAt: next_at, lateAt: late_at, troubles: 0 }
    const values: Record<string, number | null> = table === 'messages' ? columnsOf(columns) : pacedColumnsOf(columns)
    const set = Object.keys(values).map((column) => `${column} = :${column}`)
    store.db.prepare(`update ${table} set ${set.join(', ')} where ${key} = :id`).run({ id, ...values })
  }
  const key = table === 'messages' ? 'verification_id' : 'id'
  const idOf = (item: { id: string; verificationId?: string }) => item.verificationId ?? item.id
  const claim = async (limit: number, now: number) =>
    (await queue().claim(limit, now, LEASE_MS)).map(({ item }) => idOf(item))

  it('takes what is due and nothing else', async () => {
    for (const id of ['past', 'now', 'future', 'never']) await insert(id)
    schedule('past', { next_at: 1 })
    schedule('now', { next_at: 10 })
    schedule('future', { next_at: 11 })
    schedule('never', { next_at: null })
    expect((await claim(9, 10)).toSorted()).toEqual(['now', 'past'])
    expect(await queue().nextDueAt()).toBe(11)
  })

  it('takes first what is late first, and no more than asked for', async () => {
    for (const id of ['cold', 'hot', 'warm']) await insert(id)
    // A message is late as soon as it is due.
    const late = (at: number, dueAt: number) => (table === 'messages' ? { next_at: dueAt } : { late_at: at })
    schedule('cold', { next_at: 1000, ...late(600_000, 9000) })
    schedule('hot', { next_at: 9000, ...late(12_000, 1000) })
    schedule('warm', { next_at: 5000, ...late(60_000, 5000) })
    expect((await claim(2, 10_000)).toSorted()).toEqual(['hot', 'warm'])
    expect(await claim(2, 10_000)).toEqual(['cold'])
  })

  it('sets aside a row that nobody can read, and gives the others', async () => {
    for (const id of ['good', 'bad', 'fine']) await insert(id)
    store.db.exec(`update verifications set manager_id = '' where id = 'bad'`)
    expect((await claim(9, 10)).toSorted()).toEqual(['fine', 'good'])
    expect(store.unreadable).toHaveLength(1)
    await queue().releaseClaims(20)
    expect((await claim(9, 20)).toSorted()).toEqual(['fine', 'good'])
  })

  it('keeps everybody else away until its lease ends', async () => {
    await insert('one')
    expect(await claim(9, 10)).toEqual(['one'])
    expect(await claim(9, 10 + LEASE_MS - 1)).toEqual([])
    expect(await queue().nextDueAt()).toBe(10 + LEASE_MS)
    expect(await claim(9, 10 + LEASE_MS)).toEqual(['one'])
  })

  it('is counted before the work, also when the work never ends', async () => {
    await insert('one')
    for (let attempt = 1; attempt <= 6; attempt += 1) {
      const [due] = await queue().claim(1, attempt, LEASE_MS)
      expect(due?.attempts).toBe(attempt)
      await queue().releaseClaims(attempt)
    }
  })

  it('is given back by a boot after a kill, and only that', async () => {
    await insert('claimed')
    await insert('later')
    schedule('later', { next_at: 999 })
    expect(await claim(9, 0)).toEqual(['claimed'])
    await queue().releaseClaims(5)
    expect(await claim(9, 5)).toEqual(['claimed'])
    expect(await claim(9, 999)).toEqual(['later'])
  })

  it('postponed comes back then, its attempts counted', async () => {
    await insert('one')
    const [due] = await queue().claim(1, 0, LEASE_MS)
    await queue().postpone(due?.item.id ?? '', 50)
    expect(await claim(9, 49)).toEqual([])
    const [again] = await queue().claim(1, 50, LEASE_MS)
    expect(again?.attempts).toBe(2)
    await queue().releaseClaims(60)
    expect(await queue().nextDueAt()).toBe(60)
  })
})

describe('a step of a verification', () => {
  it('keeps its claim after its intent, and starts its count anew when it ends', async () => {
    const one = await insert('one')
    await store.verifications.claim(1, 0, LEASE_MS)
    const starting = transition(one, { type: 'start_begun' }, 0)
    expect(await store.verifications.begin(starting, one.revision, 0)).toBe(true)
    expect(await store.verifications.claim(1, LEASE_MS - 1, LEASE_MS)).toEqual([])
    const held = transition(starting, { type: 'start_held', hold: 'unreachable' }, 0)
    const schedule = { ...dueAt(70), troubles: 3 }
    expect(await store.verifications.save(held, starting.revision, schedule, 0)).toBe(true)
    expect(await store.verifications.claim(1, 70, LEASE_MS)).toEqual([{ item: held, attempts: 1, troubles: 3 }])
  })

  it('that changed nothing only says when it comes again', async () => {
    const one = await insert('one')
    await store.verifications.claim(1, 0, LEASE_MS)
    expect(await store.verifications.reschedule('one', one.revision, AT_REST, 0)).toBe(true)
    expect(await store.verifications.nextDueAt()).toBeNull()
    expect(await store.verifications.get('one')).toEqual(one)
  })
})

describe('a step of a message', () => {
  const NONE = { state: 'none' } as const
  const SENT = {
    state: 'sent',
    conversationId: 'D1',
    ts: '1.2',
    shows: { revision: 1, digest: 'd' },
    resentAt: null,
    sweeps: 0,
  } as const
  const UNKNOWN = {
    state: 'unknown',
    conversationId: 'D1',
    since: 0,
    shows: { revision: 1, digest: 'd' },
    cleanReads: 0,
  } as const

  async function claimed() {
    const verification = await insert('one')
    const [due] = await store.messages.claim(1, 0, LEASE_MS)
    if (due === undefined) throw new Error('nothing is due')
    return { verification, due, message: due.item }
  }

  const moved = (message: Message, news: object) => ({ ...message, version: message.version + 1, ...news }) as Message

  it('sees the verification as it stands when it begins', async () => {
    const { verification, due } = await claimed()
    expect(due).toMatchObject({ verification, attempts: 1, troubles: 0 })
  })

  it('loses when it starts from an old version', async () => {
    const { message } = await claimed()
    expect(await store.messages.save(moved(message, SENT), message.version, 1, AT_REST, 0)).toBe(true)
    expect(await store.messages.save(moved(message, NONE), message.version, 1, dueAt(1), 0)).toBe(false)
    expect(await store.messages.begin(moved(message, NONE), message.version, 0)).toBe(false)
    expect(await store.messages.reschedule(message, 1, dueAt(1), 0)).toBe(false)
    expect(await store.messages.nextDueAt()).toBeNull()
  })

  it('keeps its claim after its intent', async () => {
    const { message } = await claimed()
    expect(await store.messages.begin(moved(message, UNKNOWN), message.version, 0)).toBe(true)
    expect(await store.messages.claim(1, LEASE_MS - 1, LEASE_MS)).toEqual([])
  })

  it.each<[string, object, number | null]>([
    ['was sent', SENT, 50],
    ['was not sent yet', NONE, 50],
    ['is in doubt, which keeps its own rhythm', UNKNOWN, 900],
    ['is undeliverable', { state: 'undeliverable', reason: 'user_disabled' }, 900],
  ])('comes again at once when the verification changed meanwhile and it %s', async (_what, news, next) => {
    const { verification, message, due } = await claimed()
    const starting = transition(verification, { type: 'start_begun' }, 10)
    await store.verifications.save(starting, verification.revision, AT_REST, 10)
    const end = moved(message, news)
    expect(await store.messages.save(end, message.version, due.verification.revision, dueAt(900), 50)).toBe(true)
    expect(await store.messages.nextDueAt()).toBe(next)
  })

  it('comes again at once too when it changed nothing itself', async () => {
    const { verification, message, due } = await claimed()
    await store.verifications.save(transition(verification, { type: 'start_begun' }, 10), 1, AT_REST, 10)
    expect(await store.messages.reschedule(message, due.verification.revision, AT_REST, 50)).toBe(true)
    expect(await store.messages.nextDueAt()).toBe(50)
  })

  it('rests when it has seen the newest revision', async () => {
    const { message, due } = await claimed()
    expect(await store.messages.reschedule(message, due.verification.revision, AT_REST, 50)).toBe(true)
    expect(await store.messages.nextDueAt()).toBeNull()
  })
})

describe('a note by a person', () => {
  it('does not end the step that is under way, nor forget how often it was begun', async () => {
    const verification = await insert('one')
    await store.verifications.claim(1, 10, LEASE_MS)
    const next = transition(verification, { type: 'poisoned' }, 10)
    expect(await store.verifications.note(next, verification.revision, dueAt(11), 10)).toBe(true)
    expect(await store.verifications.claim(1, 11, LEASE_MS)).toEqual([])
    await store.verifications.releaseClaims(12)
    expect(await store.verifications.claim(1, 12, LEASE_MS)).toMatchObject([{ attempts: 2 }])
  })

  it('is due when it says, when nothing is under way and it was to be later', async () => {
    const verification = await insert('one')
    await store.verifications.claim(1, 10, LEASE_MS)
    await store.verifications.reschedule('one', verification.revision, dueAt(50), 10)
    const next = transition(verification, { type: 'poisoned' }, 10)
    await store.verifications.note(next, verification.revision, dueAt(11), 10)
    expect(await store.verifications.nextDueAt()).toBe(11)
  })
})

describe('several verifications claimed at once', () => {
  it('are given in the order in which they are due, whatever their order in the table', async () => {
    for (const id of ['third', 'first', 'second']) await insert(id)
    const at = { first: 10, second: 20, third: 30 }
    for (const [id, dueAt] of Object.entries(at)) {
      store.db.prepare('update verifications set next_at = ? where id = ?').run(dueAt, id)
    }
    const claimed = await store.verifications.claim(9, 100, LEASE_MS)
    expect(claimed.map(({ item }) => item.id)).toEqual(['first', 'second', 'third'])
  })
})
