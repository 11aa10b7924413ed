import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { scheduleOf } from '../../../src/services/poll-schedule.ts'
import { LONGEST_WAITING_EVERY } from '../../../src/services/store/claim-verifications.ts'
import { AT_REST, patienceOf } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import type { Verification, VerificationEvent } from '../../../src/services/verification.ts'
import { LINKS } from '../../helpers/links.ts'
import { dueAt, type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const AN_HOUR_MS = 60 * MINUTE_MS

/** A waiting one, due at that time. */
async function waiting(
  store: OpenStore,
  nth: number,
  nextAt: number,
  expiresAt: number | null = null,
): Promise<string> {
  const id = `v${nth}`
  const events: VerificationEvent[] = [
    { type: 'start_begun' },
    {
      type: 'started',
      sessionId: `session-${id}`,
      link: LINKS.seal('https://x.example/', id),
      expiresAt,
      unclearStarts: 0,
    },
    { type: 'opened' },
  ]
  const person = { id, viewId: `V${nth}`, employeeId: `U${nth}`, employeeNumber: 1000 + nth }
  let verification: Verification = buildRequested({ ...person, revision: 1 })
  await store.verifications.insert(verification as ReturnType<typeof buildRequested>, 0)
  for (const event of events) {
    const next = transition(verification, event, 0)
    expect(await store.verifications.save(next, verification.revision, dueAt(nextAt, nextAt + 600_000), 0)).toBe(true)
    verification = next
  }
  return id
}

async function press(store: OpenStore, id: string, now: number): Promise<void> {
  const current = await store.verifications.get(id)
  if (current === null) throw new Error(`${id} is missing`)
  const next = transition(current, { type: 'opened' }, now)
  const schedule = scheduleOf(next, { now, chance: 0.5, isSign: true })
  expect(await store.verifications.note(next, current.revision, schedule, now)).toBe(true)
}

const Row = z.object({ next_at: z.int(), pace: z.int() })
const rowOf = (store: OpenStore, id: string) =>
  Row.parse(store.db.prepare('select next_at, pace from verifications where id = ?').get(id))

/** How much of its patience a row has waited. */
const waited = ({ next_at, pace }: z.infer<typeof Row>, now: number) => (now - next_at) / patienceOf(pace)

describe('what is due stays due', () => {
  it('when its link is pressed, and has waited the same share of its new patience', async () => {
    using store = openStore()
    const id = await waiting(store, 1, 0)
    const before = rowOf(store, id)
    const now = 300 * SECOND_MS
    await press(store, id, now)
    const after = rowOf(store, id)
    expect(after.pace).toBeLessThan(before.pace)
    expect(waited(after, now)).toBeCloseTo(waited(before, now), 3)
  })

  it('since when it was due, when its patience is as short already', async () => {
    using store = openStore()
    const id = await waiting(store, 1, 0)
    await press(store, id, 60 * SECOND_MS)
    const before = rowOf(store, id)
    await press(store, id, 180 * SECOND_MS)
    expect(rowOf(store, id)).toEqual(before)
  })

  it('but what is due much later is due sooner, and what has ended never', async () => {
    using store = openStore()
    const id = await waiting(store, 1, AN_HOUR_MS)
    await press(store, id, SECOND_MS)
    expect(await store.verifications.nextDueAt()).toBeLessThan(10 * SECOND_MS)
    const current = await store.verifications.get(id)
    if (current === null) throw new Error('it is missing')
    const parked = transition(current, { type: 'undeliverable', invitation: 0 }, 2000)
    await store.verifications.note(parked, current.revision, AT_REST, 2000)
    expect(await store.verifications.nextDueAt()).toBeNull()
  })

  it('but not when it comes to rest', async () => {
    using store = openStore()
    const id = await waiting(store, 1, 0)
    const current = await store.verifications.get(id)
    if (current === null) throw new Error('it is missing')
    const parked = transition(current, { type: 'undeliverable', invitation: 0 }, MINUTE_MS)
    await store.verifications.note(parked, current.revision, AT_REST, MINUTE_MS)
    expect(await store.verifications.nextDueAt()).toBeNull()
    expect(await store.verifications.claim(1, MINUTE_MS, MINUTE_MS)).toEqual([])
  })

  it('when its deadline passes, and has waited the same share of its new patience', async () => {
    using store = openStore()
    const id = await waiting(store, 1, 0, 10 * MINUTE_MS)
    const longer = await waiting(store, 2, 1)
    const [before, now] = [rowOf(store, id), 11 * MINUTE_MS]
    await store.verifications.claim(0, now, MINUTE_MS)
    const after = rowOf(store, id)
    expect(after.pace).toBe(6)
    expect(waited(after, now)).toBeCloseTo(waited(before, now), 3)
    expect(rowOf(store, longer)).toEqual({ next_at: 1, pace: 14 })
  })
})

it('somebody who presses again and again gets a turn like everybody else, however many are waiting too', async () => {
  using store = openStore()
  const others = 5
  const eager = await waiting(store, 0, 0)
  for (let nth = 1; nth <= others; nth += 1) await waiting(store, nth, 0)
  for (let polls = 1; ; polls += 1) {
    // A press counts once a minute.
    const now = polls * (MINUTE_MS + SECOND_MS)
    await press(store, eager, now)
    const [due] = await store.verifications.claim(1, now, MINUTE_MS)
    if (due?.item.id === eager) return
    expect(polls).toBeLessThan(LONGEST_WAITING_EVERY * (others + 1))
    if (due === undefined) throw new Error('nobody was due')
    await store.verifications.reschedule(due.item.id, due.item.revision, dueAt(now, now + 62.5), now)
  }
})

it('a deadline that passed before a claim that was not committed shortens the patience at the next', async () => {
  using store = openStore()
  const id = await waiting(store, 1, 0, 10 * MINUTE_MS)
  store.db.exec(`create table unwritable (id references verifications (id) deferrable initially deferred);
    create temp trigger full after update on verifications begin insert into main.unwritable values ('nobody'); end`)
  await expect(store.verifications.claim(1, 11 * MINUTE_MS, MINUTE_MS)).rejects.toThrow('FOREIGN KEY')
  expect(rowOf(store, id)).toMatchObject({ next_at: 0, pace: 14 })
  store.db.exec('drop trigger full')
  await store.verifications.claim(0, 11 * MINUTE_MS, MINUTE_MS)
  expect(rowOf(store, id)).toMatchObject({ pace: 6 })
})
