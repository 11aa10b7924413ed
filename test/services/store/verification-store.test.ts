import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import type { Requested, Verification, VerificationEvent } from '../../../src/services/verification.ts'
import { LINKS } from '../../helpers/links.ts'
import { dueAt, type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

let store: OpenStore

beforeEach(() => {
  store = openStore()
})
afterEach(() => void store.db.close())

let views = 0

function requested(news: Partial<Requested> = {}): Requested {
  views += 1
  return buildRequested({ id: `v${views}`, viewId: `V${views}`, employeeId: `U${views}`, revision: 1, ...news })
}

async function inserted(news: Partial<Requested> = {}, now = 0): Promise<Requested> {
  const verification = requested({ employeeNumber: 1000 + views, ...news })
  expect(await store.verifications.insert(verification, now)).toEqual({ is: 'inserted', verification })
  return verification
}

async function move(from: Verification, event: VerificationEvent, schedule = AT_REST, now = 0): Promise<Verification> {
  const next = transition(from, event, now)
  expect(await store.verifications.save(next, from.revision, schedule, now)).toBe(true)
  return next
}

async function started(from: Verification, sessionId = `session-${from.id}`): Promise<Verification> {
  const starting = await move(from, { type: 'start_begun' })
  const link = LINKS.seal(`https://x.example/${sessionId}`, from.id)
  return move(starting, { type: 'started', sessionId, link, expiresAt: null, unclearStarts: 0 })
}

const ended = (from: Verification, status: string): VerificationEvent => ({
  type: 'reported',
  sessionId: from.status === 'waiting' ? from.session.sessionId : '',
  status,
  missingSteps: [],
})
const approved = (from: Verification) => ended(from, 'approved')

describe('insert', () => {
  it('keeps what was asked and calls for its card', async () => {
    const verification = await inserted({ cardChannelId: 'C1' }, 7)
    expect(await store.verifications.get(verification.id)).toEqual(verification)
    expect(await store.messages.of(verification.id)).toMatchObject([
      { kind: 'card', occasion: 0, recipient: { channelId: 'C1' }, state: 'none', createdAt: 7, version: 1, sends: 0 },
    ])
    expect(await store.verifications.nextDueAt()).toBe(7)
  })

  it('knows a submission that comes again, also when it is over', async () => {
    const first = await inserted()
    const again = requested({ viewId: first.viewId, employeeId: 'U-other' })
    expect(await store.verifications.insert(again, 0)).toEqual({ is: 'repeated', verification: first })
    const failed = await move(await move(first, { type: 'poisoned' }), { type: 'given_up', by: 'U1' })
    expect(await store.verifications.insert(again, 0)).toEqual({ is: 'repeated', verification: failed })
    expect(await store.verifications.get(again.id)).toBeNull()
  })

  it('takes the same view id of another workspace', async () => {
    const first = await inserted()
    await inserted({ viewId: first.viewId, teamId: 'T2' })
  })

  it.each<[string, VerificationEvent[]]>([
    ['requested', []],
    ['starting', [{ type: 'start_begun' }]],
    ['parked', [{ type: 'poisoned' }]],
  ])('says which one is open while that is %s', async (status, events) => {
    let first: Verification = await inserted()
    for (const event of events) first = await move(first, event)
    expect(first.status).toBe(status)
    const second = requested({ employeeId: first.employeeId })
    expect(await store.verifications.insert(second, 0)).toEqual({ is: 'already_open', verification: first })
  })

  it('takes another one once the last is over', async () => {
    const waiting = await started(await inserted())
    const next = requested({ employeeId: waiting.employeeId, employeeNumber: waiting.employeeNumber })
    expect(await store.verifications.insert(next, 0)).toEqual({ is: 'already_open', verification: waiting })
    await move(waiting, approved(waiting))
    expect(await store.verifications.insert(next, 0)).toMatchObject({ is: 'inserted' })
  })

  it('refuses a number that somebody else was approved with, and takes one that was merely tried', async () => {
    const first = await started(await inserted({ employeeNumber: 4711 }))
    await move(first, approved(first))
    const tried = await started(await inserted({ employeeNumber: 4712 }))
    await move(tried, ended(tried, 'declined'))
    await inserted({ employeeNumber: 4712 })
    const second = requested({ employeeNumber: 4711 })
    const answer = { is: 'number_taken', employeeId: first.employeeId }
    expect(await store.verifications.insert(second, 0)).toEqual(answer)
    expect(await store.verifications.get(second.id)).toBeNull()
    await inserted({ employeeNumber: 4711, teamId: 'T2' })
  })

  it('refuses a number that an open verification of somebody else carries', async () => {
    const first = await inserted({ employeeNumber: 4711 })
    const second = requested({ employeeNumber: 4711 })
    const answer = { is: 'number_taken', employeeId: first.employeeId }
    expect(await store.verifications.insert(second, 0)).toEqual(answer)
  })
})

describe('remembered numbers', () => {
  it('are those of sessions that started, the latest of each person', async () => {
    const first = await inserted({ employeeNumber: 5 })
    const { teamId, employeeId } = first
    expect(await store.employees.of(teamId, employeeId)).toBeNull()
    const waiting = await started(first)
    expect(await store.employees.of(teamId, employeeId)).toMatchObject({ employeeNumber: 5, source: 'remembered' })
    await move(waiting, approved(waiting))
    await started(await inserted({ employeeNumber: 6, employeeId }))
    expect(await store.employees.of(teamId, employeeId)).toMatchObject({ employeeNumber: 6, source: 'remembered' })
  })

  it('move to the person a number was used for last', async () => {
    const first = await started(await inserted({ employeeNumber: 1 }))
    await move(first, ended(first, 'cancelled'))
    const second = await started(await inserted({ employeeNumber: 1 }))
    expect(await store.employees.of(first.teamId, first.employeeId)).toBeNull()
    expect(await store.employees.of(second.teamId, second.employeeId)).toMatchObject({ employeeNumber: 1 })
  })
})

describe('save', () => {
  it('loses when it starts from an old revision, and leaves everything as it is', async () => {
    const first = await inserted()
    const newest = await move(first, { type: 'start_begun' })
    const stale = transition(first, { type: 'poisoned' }, 0)
    expect(await store.verifications.save(stale, first.revision, dueAt(9), 0)).toBe(false)
    expect(await store.verifications.begin(stale, first.revision, 0)).toBe(false)
    expect(await store.verifications.reschedule(first.id, first.revision, dueAt(9), 0)).toBe(false)
    expect(await store.verifications.get(first.id)).toEqual(newest)
    expect(await store.verifications.nextDueAt()).toBeNull()
    expect(await store.messages.of(first.id)).toHaveLength(1)
  })

  it('adds the messages that the new state calls for, each once', async () => {
    const waiting = await started(await inserted())
    const kinds = async () =>
      (await store.messages.of(waiting.id)).map(({ kind, occasion, recipient }) => ({ kind, occasion, recipient }))
    const card = { kind: 'card', occasion: 0, recipient: { userId: waiting.managerId } }
    const invitation = { kind: 'invitation', occasion: 0, recipient: { userId: waiting.employeeId } }
    const decision = { kind: 'decision', occasion: 1, recipient: { userId: waiting.managerId } }
    expect(await kinds()).toEqual([card, invitation])
    const parked = await move(waiting, { type: 'undeliverable', invitation: 0 })
    expect(await kinds()).toEqual([card, invitation, decision])
    const again = await move(parked, { type: 'retried' })
    expect(await kinds()).toEqual([card, invitation, decision, { ...invitation, occasion: 1 }])
    await move(again, approved(again))
    expect(await kinds()).toEqual([
      card,
      invitation,
      decision,
      { ...invitation, occasion: 1 },
      { kind: 'outcome', occasion: 0, recipient: { userId: waiting.managerId } },
    ])
  })

  it('wakes the messages that may show it, and no message in doubt', async () => {
    const waiting = await started(await inserted())
    store.db.prepare('update messages set next_at = null').run()
    store.db
      .prepare(
        `update messages set state = 'unknown', conversation_id = 'D1', since = 1, shown_revision = 1,
         shown_digest = 'd', clean_reads = 0, next_at = 900, late_at = 900 where kind = 'invitation'`,
      )
      .run()
    await move(waiting, { type: 'opened' }, AT_REST, 50)
    const due = store.db.prepare('select kind, next_at from messages order by rowid').all()
    expect(due).toEqual([
      { kind: 'card', next_at: 50 },
      { kind: 'invitation', next_at: 900 },
    ])
  })

  it('does not wake a message whose step is under way', async () => {
    const first = await inserted()
    await store.messages.claim(9, 0, 60_000)
    await move(first, { type: 'start_begun' }, AT_REST, 50)
    expect(await store.messages.nextDueAt()).toBe(60_000)
  })
})

describe('looking up', () => {
  it('finds a session, the open one of an employee, and the latest that is over', async () => {
    const first = await started(await inserted({ createdAt: 1 }))
    const { teamId, employeeId } = first
    const find = store.verifications
    expect(await find.withSession(`session-${first.id}`)).toEqual(first)
    expect(await find.openFor(teamId, employeeId)).toEqual(first)
    const over = await move(first, approved(first))
    expect(await find.openFor(teamId, employeeId)).toBeNull()
    await inserted({ employeeId, employeeNumber: first.employeeNumber, createdAt: 2 })
    expect(await find.endedFor(teamId, employeeId)).toEqual(over)
    expect(await find.endedFor('T2', employeeId)).toBeNull()
    expect(await find.withSession('unknown')).toBeNull()
  })

  it('lists every open one of a manager and the last few that are over, newest first', async () => {
    const ids: string[] = []
    for (let at = 1; at <= 6; at += 1) {
      const verification = await inserted({ createdAt: at })
      ids.push(verification.id)
      if (at % 2 === 0) continue
      await move(await move(verification, { type: 'poisoned' }), { type: 'given_up', by: 'U1' })
    }
    await inserted({ managerId: 'U-other', createdAt: 9 })
    const [, two, three, four, five, six] = ids
    const { teamId, managerId } = buildRequested()
    const listed = await store.verifications.listFor(teamId, managerId, 2)
    expect(listed.map(({ id }) => id)).toEqual([six, five, four, three, two])
  })

  it('hurries those opened lately, the latest first, and changes nothing else of them', async () => {
    const opened: string[] = []
    for (const at of [100, 300, 200]) {
      const waiting = await started(await inserted())
      opened.push(waiting.id)
      await move(waiting, { type: 'opened' }, dueAt(9000), at)
    }
    const [, latest, middle] = opened
    const due = () =>
      store.db.prepare('select id from verifications where next_at = 500 order by opened_at desc').pluck().all()
    const before = await store.verifications.get(latest ?? '')
    await store.verifications.hurry(0, 1, 500)
    expect(due()).toEqual([latest])
    await store.verifications.hurry(200, 9, 500)
    expect(due()).toEqual([latest, middle])
    expect(await store.verifications.get(latest ?? '')).toEqual(before)
  })
})
