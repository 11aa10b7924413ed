import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeLedgerReader } from '../../../src/services/store/ledger-store.ts'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import { APPROVED, MANAGER, openSlackBench, type SlackBench, STARTED } from '../../helpers/slack-bench.ts'
import { openVerificationsBench, REQUEST, report, unknown } from '../../helpers/verifications-bench.ts'
import { buildRequested, LINK } from '../../views/build-verification.ts'

const MINUTE_MS = 60_000

const told = (store: OpenStore, id: string, about: 'verification' | 'messages' = 'verification') =>
  makeLedgerReader(store.db)
    .of(id)
    .filter(({ messageId }) => (messageId === null) === (about === 'verification'))
    .map(({ what, became, reason }) => [what, became, reason].filter((word) => word !== null).join(' '))

describe('the ledger tells of a verification', () => {
  it('from the request to the end', async () => {
    const bench = openVerificationsBench()
    await bench.verifications.request(REQUEST)
    await bench.step()
    await bench.verifications.note('v1', { type: 'delivered', invitation: 0 })
    await bench.verifications.note('v1', { type: 'opened' })
    await bench.verifications.returned(['session-1'])
    await bench.pass(MINUTE_MS)
    bench.answers.poll = report('approved')
    await bench.pass(MINUTE_MS)
    expect(told(bench.store, 'v1')).toEqual([
      'requested requested',
      'claimed requested',
      'moved starting',
      'moved waiting',
      'delivered',
      'opened',
      'returned',
      'polled',
      'moved settled approved',
    ])
    bench.close()
  })

  it('with a start that was cut off and one whose answer was lost', async () => {
    const bench = openVerificationsBench()
    await bench.verifications.request(REQUEST)
    bench.answers.start = unknown()
    await bench.step()
    await bench.pass(MINUTE_MS)
    expect(told(bench.store, 'v1')).toEqual([
      'requested requested',
      'claimed requested',
      'moved starting',
      'moved requested timeout',
      'claimed requested',
      'moved starting',
      'moved parked start_timeout',
    ])
    bench.close()
  })

  it('with many polls that changed nothing in one row, and a failed one between them in another', async () => {
    const bench = openVerificationsBench()
    await bench.verifications.request(REQUEST)
    await bench.pass(20 * MINUTE_MS)
    bench.answers.poll = unknown()
    const before = bench.polls()
    while (bench.polls() === before) await bench.pass(MINUTE_MS)
    bench.answers.poll = report('pending')
    await bench.pass(20 * MINUTE_MS)
    const polls = makeLedgerReader(bench.store.db)
      .of('v1')
      .filter(({ what }) => what === 'polled' || what === 'unanswered')
    expect(polls.map(({ what }) => what)).toEqual(['polled', 'unanswered', 'polled'])
    expect(polls.reduce((sum, { count }) => sum + count, 0)).toBe(bench.polls())
    expect(bench.polls()).toBeGreaterThan(20)
    for (const { at, lastAt, count } of polls) expect(lastAt > at).toBe(count > 1)
    bench.close()
  })
})

describe('an entry and its change', () => {
  const store = openStore()
  const first = buildRequested({ id: 'one', revision: 1 })
  const begun = transition(first, { type: 'start_begun' }, 1)
  const rows = () => store.db.prepare('select count(*) from ledger').pluck().get()

  it('are there together or not at all', async () => {
    await store.verifications.insert(first, 0)
    const [message] = await store.messages.of('one')
    if (message === undefined) throw new Error('no message')
    store.db.exec("create trigger full before insert on ledger begin select raise(abort, 'the disk is full'); end")
    const before = rows()
    await expect(store.verifications.save(begun, 1, AT_REST, 1)).rejects.toThrow('full')
    const sending = { conversationId: 'D1', since: 1, shows: { revision: 1, digest: 'x' } }
    const intent = { ...message, version: 2, sends: 1, state: 'sending', ...sending } as const
    await expect(store.messages.begin(intent, 1, 1)).rejects.toThrow('full')
    store.db.exec('drop trigger full')
    expect(rows()).toBe(before)
    expect((await store.verifications.get('one'))?.status).toBe('requested')
    expect((await store.messages.of('one'))[0]?.state).toBe('none')
  })

  it('are both missing after a lost race', async () => {
    const before = rows()
    expect(await store.verifications.save(begun, 7, AT_REST, 1)).toBe(false)
    expect(await store.verifications.reschedule('one', 7, AT_REST, 1)).toBe(false)
    expect(rows()).toBe(before)
  })
})

describe('the ledger tells of messages', () => {
  let bench: SlackBench
  beforeEach(async () => {
    bench = await openSlackBench()
  })
  afterEach(() => bench.close())

  it('sent, edited, lost and found, sent again and swept', async () => {
    const lost = bench.slack.fault({ method: 'chat.postMessage', do: 'loseBefore' })
    const verification = await bench.request()
    await bench.pass(5 * MINUTE_MS)
    lost()
    await bench.move(verification, ...STARTED, APPROVED)
    await bench.pass(60 * MINUTE_MS)
    const card = (await bench.message('card')).id
    const entries = makeLedgerReader(bench.store.db).of(verification.id)
    expect(entries.filter(({ messageId }) => messageId === card).map(({ what }) => what)).toEqual([
      'called_for',
      'posting',
      'in_doubt',
      'not_seen',
      'posting',
      'posted',
      'shown',
      'swept',
      'swept',
    ])
  })

  it('refused after a doubt, and replaced while a copy may still come', async () => {
    bench.slack.fault({ method: 'chat.postMessage', do: 'loseBefore' })
    const verification = await bench.request()
    await bench.pass(MINUTE_MS)
    bench.slack.fault({ method: 'chat.postMessage', do: { ratelimit: 5 } })
    await bench.pass(2 * MINUTE_MS)
    bench.slack.fault({ method: 'chat.update', do: { error: 'message_not_found' } })
    await bench.move(verification, ...STARTED)
    await bench.pass(MINUTE_MS)
    const card = (await bench.message('card')).id
    const entries = makeLedgerReader(bench.store.db).of(verification.id)
    expect(entries.filter(({ messageId }) => messageId === card).map(({ what, was }) => [what, was])).toEqual([
      ['called_for', null],
      ['posting', 'none'],
      ['in_doubt', 'sending'],
      ['not_seen', 'unknown'],
      ['posting', 'unknown'],
      ['not_sent', 'sending'],
      ['posting', 'unknown'],
      ['posted', 'sending'],
      ['replaced', 'sent'],
      ['not_seen', 'unknown'],
    ])
  })

  it('and explains every post: each has an entry of its own, committed before it', async () => {
    const reader = makeLedgerReader(bench.store.db)
    const posts = new Map<string, number>()
    const unexplained: string[] = []
    bench.slack.fault({
      method: 'chat.postMessage',
      times: 1000,
      do: 'lose',
      when: (args) => {
        const id = /"id":"([^"]+)"/.exec(JSON.stringify(args).replaceAll('\\', ''))?.[1] ?? 'none'
        posts.set(id, (posts.get(id) ?? 0) + 1)
        if ((reader.intents().get(id) ?? 0) < (posts.get(id) ?? 0)) unexplained.push(id)
        return posts.size % 2 === 1
      },
    })
    const verification = await bench.request()
    await bench.step()
    await bench.move(verification, ...STARTED, APPROVED)
    await bench.pass(60 * MINUTE_MS)
    expect(unexplained).toEqual([])
    expect(posts.size).toBeGreaterThanOrEqual(2)
    expect(posts).toEqual(reader.intents())
  })

  it('and names nobody: no person, place, link or session', async () => {
    const verification = await bench.request({ note: 'canary-note' })
    await bench.pass(MINUTE_MS)
    await bench.move(verification, ...STARTED)
    await bench.pass(MINUTE_MS)
    const all = JSON.stringify(bench.store.db.prepare('select * from ledger').all())
    expect(all).toContain(verification.id)
    for (const secret of [MANAGER, verification.employeeId, LINK, 'session-1', 'canary', 'DU0', 'DW0', 'T1"']) {
      expect(all).not.toContain(secret)
    }
  })
})
