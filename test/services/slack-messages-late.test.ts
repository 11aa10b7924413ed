import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Verification } from '../../src/services/verification.ts'
import {
  APPROVED,
  CHANNEL,
  EMPLOYEE,
  MANAGER,
  openSlackBench,
  type SlackBench,
  STARTED,
} from '../helpers/slack-bench.ts'

const MINUTE_MS = 60_000

let bench: SlackBench

beforeEach(async () => {
  bench = await openSlackBench()
})
afterEach(() => bench.close())

/** Slack carries out an old edit after all. */
async function comesLate(place: string, text: string): Promise<void> {
  const [message] = bench.standing(place)
  if (message === undefined) throw new Error('nothing stands there')
  const channel = place.startsWith('C') ? place : `D${place}`
  await bench.client.chat.update({ channel, ts: message.ts, text })
}

/** Slack carries out an old send of the invitation after all. */
async function arrive(): Promise<void> {
  const { id } = await bench.message('invitation')
  const text = 'an old link'
  await bench.conversations.post(`D${EMPLOYEE}`, id, {
    text,
    blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
  })
}

const toEmployee = ({ channel }: Record<string, unknown>) => channel === `D${EMPLOYEE}`

const textIn = (place: string) => bench.standing(place)[0]?.text ?? ''

describe('an edit that comes late', () => {
  it.each([MANAGER, EMPLOYEE])('after its answer was lost, does not stay: %s', async (place) => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    const old = textIn(place)
    bench.slack.fault({ method: 'chat.update', times: 2, do: 'loseBefore' })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    const shown = textIn(place)
    expect(shown).not.toBe(old)
    await comesLate(place, old)
    await bench.pass(5 * MINUTE_MS)
    expect(textIn(place)).toBe(shown)
    await comesLate(place, old)
    await bench.pass(31 * MINUTE_MS)
    expect(textIn(place)).toBe(shown)
  })

  it('does not stay in a channel either, whose history is out of reach', async () => {
    const waiting = await bench.move(await bench.request({ cardChannelId: CHANNEL }), ...STARTED)
    await bench.pass(MINUTE_MS)
    bench.slack.fault({ method: 'chat.update', times: 2, do: 'loseBefore' })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    const shown = textIn(CHANNEL)
    await comesLate(CHANNEL, 'Waiting')
    await bench.pass(6 * MINUTE_MS)
    expect(textIn(CHANNEL)).toBe(shown)
  })

  it('after the process died in the middle of it, does not stay', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    await bench.move(waiting, APPROVED)
    await bench.store.messages.claim(9, bench.now(), MINUTE_MS)
    await bench.store.messages.releaseClaims(bench.now())
    await bench.pass(MINUTE_MS)
    const shown = textIn(MANAGER)
    await comesLate(MANAGER, 'Waiting')
    await bench.pass(6 * MINUTE_MS)
    expect(textIn(MANAGER)).toBe(shown)
  })

  it('is not waited for when every answer was clear', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    await bench.move(waiting, APPROVED)
    await bench.pass(60 * MINUTE_MS)
    expect(bench.calls('chat.update')).toBe(2)
    expect(await bench.store.messages.nextDueAt()).toBeNull()
  })
})

describe('a copy that comes late', () => {
  const resend = async () => {
    bench.slack.fault({
      method: 'chat.postMessage',
      when: toEmployee,
      do: 'loseBefore',
    })
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(3 * MINUTE_MS)
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent', sends: 2 })
    return waiting
  }

  it('of a message that had to be taken away, is taken away too', async () => {
    const waiting = await resend()
    bench.slack.fault({ method: 'chat.update', times: 2, do: { error: 'edit_window_closed' } })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
    await arrive()
    await bench.pass(60 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
  })

  it('is found although a later edit was in doubt for hours', async () => {
    const waiting = await resend()
    await arrive()
    const up = bench.slack.fault({ do: 'down' })
    await bench.move(waiting, APPROVED)
    await bench.pass(180 * MINUTE_MS)
    up()
    await bench.pass(60 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(textIn(EMPLOYEE)).toContain('You have confirmed who you are')
  })
})

describe('an invitation that may stand in Slack though it can’t be sent again', () => {
  /** The answer to the send is lost, and the account is closed before the invitation is sent again. */
  const closeAccount = async () => {
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: 'loseBefore' })
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    bench.slack.fault({
      method: 'conversations.open',
      when: ({ users }) => users === EMPLOYEE,
      times: 999,
      do: { error: 'user_disabled' },
    })
    return waiting
  }
  const park = async (waiting: Verification) => bench.move(waiting, { type: 'undeliverable', invitation: 0 })
  const close = async (parked: Verification) => bench.move(parked, { type: 'given_up', by: MANAGER })
  const HAS_ENDED = 'The link is gone'

  it.each([
    ['five minutes', 3],
    ['thirty-five minutes', 20],
  ])('is found within %s, and its link goes when the manager closes it', async (_when, minutes) => {
    const waiting = await closeAccount()
    await bench.pass(2 * MINUTE_MS)
    expect(bench.undeliverable).toMatchObject([{ invitation: 0, stateThen: 'unknown' }])
    const parked = await park(waiting)
    await bench.pass(minutes * MINUTE_MS)
    await arrive()
    await bench.pass(35 * MINUTE_MS)
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent', sends: 1 })
    await close(parked)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(textIn(EMPLOYEE)).toContain(HAS_ENDED)
  })

  it('is found too when only the second post is refused', async () => {
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: 'loseBefore' })
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: { error: 'is_inactive' } })
    await bench.pass(2 * MINUTE_MS)
    expect(bench.undeliverable).toHaveLength(1)
    expect(await bench.message('invitation')).toMatchObject({ state: 'unknown', sends: 1 })
    await close(await park(waiting))
    await arrive()
    await bench.pass(5 * MINUTE_MS)
    expect(textIn(EMPLOYEE)).toContain(HAS_ENDED)
  })

  it('is found as soon as Slack lets the conversation be read again', async () => {
    const waiting = await closeAccount()
    const shut = bench.slack.fault({ method: 'conversations.history', times: 999, do: { error: 'channel_not_found' } })
    await arrive()
    await close(await park(waiting))
    await bench.pass(180 * MINUTE_MS)
    expect(await bench.message('invitation')).toMatchObject({ state: 'unknown' })
    shut()
    await bench.pass(5 * MINUTE_MS)
    expect(textIn(EMPLOYEE)).toContain(HAS_ENDED)
  })

  it('is given up when nothing has turned up, which its manager knew long before', async () => {
    await closeAccount()
    await bench.pass(MINUTE_MS + 5000)
    expect(bench.undeliverable).toHaveLength(1)
    await bench.pass(60 * MINUTE_MS)
    expect(await bench.message('invitation')).toMatchObject({ state: 'undeliverable', reason: 'user_disabled' })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
  })

  it('is found when it was over before Slack could be asked to send it again', async () => {
    bench.slack.fault({ method: 'chat.postMessage', when: toEmployee, do: 'loseBefore' })
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    bench.slack.fault({ method: 'conversations.open', times: 999, do: { status: 503 } })
    await bench.pass(2 * MINUTE_MS)
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    await arrive()
    await bench.pass(35 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(textIn(EMPLOYEE)).toContain('You have confirmed who you are')
  })

  it('is found when the copy that was known of was taken away', async () => {
    const waiting = await closeAccount()
    bench.slack.clearFaults()
    await bench.pass(2 * MINUTE_MS)
    const [known] = bench.standing(EMPLOYEE)
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent', sends: 2, ts: known?.ts })
    await bench.conversations.remove(`D${EMPLOYEE}`, known?.ts ?? '')
    bench.slack.fault({ method: 'conversations.open', times: 999, do: { error: 'user_disabled' } })
    const told = await bench.move(waiting, { type: 'unexpected' })
    await bench.pass(3 * MINUTE_MS)
    expect(bench.undeliverable).toHaveLength(1)
    await close(await park(told))
    await arrive()
    await bench.pass(35 * MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(textIn(EMPLOYEE)).toContain(HAS_ENDED)
  })
})

describe('a removal', () => {
  it.each([3, 20])('that comes %d minutes late leaves nobody without the message', async (minutes) => {
    const requested = await bench.request()
    await bench.pass(0)
    const [old] = bench.standing(MANAGER)
    bench.slack.fault({ method: 'chat.update', do: { error: 'edit_window_closed' } })
    bench.slack.fault({ method: 'chat.delete', do: 'loseBefore' })
    await bench.move(requested, ...STARTED)
    await bench.pass(minutes * MINUTE_MS)
    expect(bench.standing(MANAGER)).toMatchObject([{ ts: old?.ts, text: expect.stringMatching(/^Sending/) }])
    await bench.conversations.remove(`D${MANAGER}`, old?.ts ?? '')
    await bench.pass(35 * MINUTE_MS)
    expect(bench.standing(MANAGER)).toMatchObject([{ text: expect.stringMatching(/^Sending/) }])
    expect(await bench.message('card')).toMatchObject({ state: 'sent', sends: 2 })
  })

  it('that Slack puts off leaves an earlier edit in doubt', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    await bench.move(requested, ...STARTED)
    await bench.store.messages.claim(9, bench.now(), MINUTE_MS)
    await bench.store.messages.releaseClaims(bench.now())
    bench.slack.fault({ method: 'chat.update', do: { error: 'edit_window_closed' } })
    bench.slack.fault({ method: 'chat.delete', do: { ratelimit: 5 } })
    await bench.pass(MINUTE_MS)
    const shown = textIn(MANAGER)
    await comesLate(MANAGER, 'Starting')
    await bench.pass(6 * MINUTE_MS)
    expect(textIn(MANAGER)).toBe(shown)
  })
})
