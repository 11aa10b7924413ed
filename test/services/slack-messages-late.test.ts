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
