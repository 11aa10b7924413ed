import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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
      when: ({ channel }) => channel === `D${EMPLOYEE}`,
      do: 'loseBefore',
    })
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(3 * MINUTE_MS)
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent', sends: 2 })
    return waiting
  }
  const arrive = async () => {
    const { id } = await bench.message('invitation')
    const text = 'an old link'
    await bench.conversations.post(`D${EMPLOYEE}`, id, {
      text,
      blocks: [{ type: 'section', text: { type: 'plain_text', text } }],
    })
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
