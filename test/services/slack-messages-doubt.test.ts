import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultAction } from '../../sandbox/slack/faults.ts'
import {
  APPROVED,
  CHANNEL,
  EMPLOYEE,
  MANAGER,
  openSlackBench,
  type SlackBench,
  STARTED,
} from '../helpers/slack-bench.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60_000

let bench: SlackBench

beforeEach(async () => {
  bench = await openSlackBench()
})
afterEach(() => bench.close())

const post = (action: FaultAction, times = 1) => bench.slack.fault({ method: 'chat.postMessage', times, do: action })

describe('a send whose answer was lost', () => {
  it.each<[string, FaultAction]>([
    ['the connection was cut', 'lose'],
    ['the answer was no JSON', 'garbage'],
    ['Slack said 500', { status: 500, alsoDo: true }],
    ['Slack said fatal_error', { error: 'fatal_error', alsoDo: true }],
  ])('is found in the history and not sent again: %s', async (_what, action) => {
    post(action)
    await bench.request()
    await bench.pass(60 * MINUTE_MS)
    const [card, ...more] = bench.standing(MANAGER)
    expect(more).toEqual([])
    expect(bench.calls('chat.postMessage')).toBe(1)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', ts: card?.ts, sends: 1, resentAt: null })
  })

  it('is in doubt until then', async () => {
    post('lose')
    await bench.request()
    await bench.pass(14_999)
    expect(await bench.message('card')).toMatchObject({ state: 'unknown', cleanReads: 0 })
    expect(bench.calls('conversations.history')).toBe(0)
    await bench.pass(1)
    expect(await bench.message('card')).toMatchObject({ state: 'sent' })
  })

  it('and that never arrived is sent again after two minutes and two readings, not before', async () => {
    post('loseBefore')
    await bench.request()
    await bench.pass(119 * SECOND_MS)
    expect(bench.calls('chat.postMessage')).toBe(1)
    expect(bench.calls('conversations.history')).toBe(7)
    await bench.pass(2 * SECOND_MS)
    expect(bench.calls('chat.postMessage')).toBe(2)
    expect(bench.standing(MANAGER)).toHaveLength(1)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', sends: 2 })
  })

  it.each<[string, FaultAction]>([
    ['refused', { error: 'channel_not_found' }],
    ['rate limited', { ratelimit: 5 }],
    ['lost', 'loseBefore'],
    ['garbage', 'garbage'],
    ['cut short', { status: 200, body: '{"ok":true,"messages":[],"has_more":true}' }],
  ])('is not sent again while the history is out of reach: %s', async (_what, action) => {
    post('lose')
    bench.slack.fault({ method: 'conversations.history', times: 999, do: action })
    await bench.request()
    await bench.pass(6 * 60 * MINUTE_MS)
    expect(bench.calls('chat.postMessage')).toBe(1)
    expect(await bench.message('card')).toMatchObject({ state: 'unknown', cleanReads: 0 })
    bench.slack.clearFaults()
    await bench.pass(5 * MINUTE_MS)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', sends: 1 })
    expect(bench.calls('chat.postMessage')).toBe(1)
  })

  it('needs two readings even when the two minutes are long over', async () => {
    post('loseBefore')
    const broken = bench.slack.fault({ method: 'conversations.history', times: 999, do: { status: 503 } })
    await bench.request()
    await bench.pass(60 * MINUTE_MS)
    broken()
    const before = bench.calls('conversations.history')
    await bench.pass(5 * MINUTE_MS)
    expect(bench.calls('chat.postMessage')).toBe(2)
    const upToResend = bench.slack.calls.slice(0, bench.slack.calls.findLastIndex(isPost))
    expect(upToResend.filter(({ method }) => method === 'conversations.history').length - before).toBe(2)
  })

  it('is found behind a whole page of other messages', async () => {
    post('lose')
    await bench.request()
    await bench.pass(0)
    const manager = bench.slack.person(MANAGER)
    for (let count = 0; count < 250; count += 1) manager.say(manager.dm(), 'hello')
    await bench.pass(MINUTE_MS)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', sends: 1 })
    expect(bench.calls('conversations.history')).toBe(2)
  })

  it('in a channel, which can’t be read, is sent again after two minutes', async () => {
    post('loseBefore')
    await bench.request({ cardChannelId: CHANNEL })
    await bench.pass(119 * SECOND_MS)
    expect(bench.calls('chat.postMessage')).toBe(1)
    await bench.pass(2 * SECOND_MS)
    expect(bench.calls('chat.postMessage')).toBe(2)
    expect(bench.calls('conversations.history')).toBe(0)
    expect(bench.standing(CHANNEL)).toHaveLength(1)
    expect(bench.slack.violations).toEqual([])
  })

  it('shows what became of its verification in the meantime', async () => {
    post('lose')
    const requested = await bench.request()
    await bench.pass(0)
    const waiting = await bench.move(requested, ...STARTED)
    await bench.pass(MINUTE_MS)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', shows: { revision: waiting.revision } })
    expect(bench.standing(MANAGER)[0]?.edits).toHaveLength(1)
  })

  it('is not sent again when nobody needs it any more', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: 'loseBefore' })
    const waiting = await bench.move(requested, ...STARTED)
    await bench.pass(0)
    await bench.move(waiting, APPROVED)
    await bench.pass(60 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
    expect(await bench.message('invitation')).toMatchObject({ state: 'none' })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
  })

  it('shows a dead link when it turns up though nobody needs it any more', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    const appear = bench.slack.lagHistory()
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: 'lose' })
    const waiting = await bench.move(requested, ...STARTED)
    await bench.pass(0)
    await bench.move(waiting, APPROVED)
    await bench.pass(3 * MINUTE_MS)
    appear()
    await bench.pass(60 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(JSON.stringify(bench.standing(EMPLOYEE)[0]?.blocks)).not.toContain('canary-4f1d')
  })
})

describe('a copy that Slack is slow with', () => {
  it.each([
    ['five minutes', 3],
    ['thirty-five minutes', 20],
  ])('is deleted %s after it was sent again', async (_when, minutes) => {
    const appear = bench.slack.lagHistory()
    post('lose')
    await bench.request()
    await bench.pass(2 * MINUTE_MS + SECOND_MS)
    expect(bench.standing(MANAGER)).toHaveLength(2)
    await bench.pass(minutes * MINUTE_MS)
    appear()
    await bench.pass(45 * MINUTE_MS)
    const [card, ...more] = bench.standing(MANAGER)
    expect(more).toEqual([])
    expect(await bench.message('card')).toMatchObject({ state: 'sent', ts: card?.ts, sweeps: 2 })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
  })

  it('is deleted though deleting fails at first', async () => {
    const appear = bench.slack.lagHistory()
    post('lose')
    await bench.request()
    await bench.pass(3 * MINUTE_MS)
    appear()
    bench.slack.fault({ method: 'chat.delete', times: 3, do: 'loseBefore' })
    await bench.pass(45 * MINUTE_MS)
    expect(bench.standing(MANAGER)).toHaveLength(1)
  })

  it('is looked for also when the card was edited in between', async () => {
    const appear = bench.slack.lagHistory()
    post('lose')
    const requested = await bench.request()
    await bench.pass(3 * MINUTE_MS)
    appear()
    await bench.move(requested, ...STARTED)
    await bench.pass(45 * MINUTE_MS)
    expect(bench.standing(MANAGER)).toHaveLength(1)
    expect(bench.standing(MANAGER)[0]?.edits).not.toEqual([])
  })
})

describe('a process that dies', () => {
  it.each<[string, boolean]>([
    ['before Slack got it', false],
    ['after Slack got it', true],
  ])('in the middle of a send, %s, leaves one message in the end', async (_when, posted) => {
    await bench.request()
    const [due] = await bench.store.messages.claim(1, bench.now(), MINUTE_MS)
    if (due === undefined) throw new Error('nothing is due')
    const place = await bench.conversations.open(MANAGER)
    if (place.is !== 'done') throw new Error('no conversation')
    const shows = { revision: 1, digest: 'd' }
    const { item } = due
    const sending = { state: 'sending', conversationId: place.value, since: bench.now(), shows } as const
    await bench.store.messages.begin(
      { ...item, ...sending, version: item.version + 1, sends: 1 },
      item.version,
      bench.now(),
    )
    if (posted) await bench.conversations.post(place.value, item.id, { text: 'card', blocks: [] })

    await bench.store.messages.releaseClaims(bench.now())
    await bench.pass(60 * MINUTE_MS)
    expect(bench.standing(MANAGER)).toHaveLength(1)
    expect(bench.calls('chat.postMessage')).toBe(1)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', ts: bench.standing(MANAGER)[0]?.ts })
  })
})

describe('a step that never comes to an end', () => {
  it('is taken out of the way after five attempts, and said', async () => {
    await bench.move(await bench.request(), ...STARTED)
    await neverEnds()
    await bench.pass(MINUTE_MS)
    expect(bench.said('message set aside: its step never came to an end')).toHaveLength(2)
    expect(bench.undeliverable).toMatchObject([{ invitation: 0 }])
    expect(bench.calls('chat.postMessage')).toBe(0)
  })

  it('comes again after half an hour when nobody else would tell the manager', async () => {
    const verification = await bench.request()
    await neverEnds()
    await bench.pass(MINUTE_MS)
    expect(bench.standing(MANAGER)).toEqual([])
    await bench.pass(31 * MINUTE_MS)
    const [card] = bench.standing(MANAGER)
    expect(card?.text).toMatch(/^Starting\./)

    await bench.move(verification, ...STARTED)
    await neverEnds()
    await bench.pass(31 * MINUTE_MS)
    expect(bench.standing(MANAGER)).toEqual([
      expect.objectContaining({ ts: card?.ts, text: expect.stringMatching(/^Sending/) }),
    ])
  })

  it('is no reason to forget an invitation that may stand in Slack', async () => {
    await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    bench.store.db.exec(
      "update messages set state = 'unknown', clean_reads = 0, since = 0, attempts = 5 where kind = 'invitation'",
    )
    bench.store.db.exec("update messages set next_at = 0, late_at = 0 where kind = 'invitation'")
    await bench.pass(31 * MINUTE_MS)
    expect(bench.undeliverable).toEqual([])
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent' })
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
  })
})

/** Every message that is due is begun five times by a process that is killed before it ends. */
async function neverEnds(): Promise<void> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await bench.store.messages.claim(9, bench.now(), MINUTE_MS)
    await bench.store.messages.releaseClaims(bench.now())
  }
}

const isPost = ({ method }: { method: string }) => method === 'chat.postMessage'
const toEmployee = ({ channel }: Record<string, unknown>) => channel === `D${EMPLOYEE}`
