import { describe, expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { call, slackForTest } from './small-app.ts'

type Found = { text: string; ts: string; metadata?: unknown }

async function history(slack: SlackStandIn, args: Record<string, unknown> = {}) {
  const { body } = await call(slack, 'conversations.history', { channel: 'DU0ANNA', ...args })
  const { next_cursor: cursor } = (body.response_metadata ?? {}) as { next_cursor?: string }
  return { error: body.error, messages: (body.messages ?? []) as Found[], cursor, hasMore: body.has_more }
}

/** Five messages to Anna, one second apart. */
async function fiveMessages() {
  let now = 1_700_000_000_000
  const slack = await slackForTest({ now: () => now })
  for (const text of ['1', '2', '3', '4', '5']) {
    const metadata = { event_type: 'counted', event_payload: { count: text } }
    await call(slack, 'chat.postMessage', { channel: 'U0ANNA', text, metadata })
    now += 1000
  }
  const texts = async (args: Record<string, unknown> = {}) =>
    (await history(slack, args)).messages.map(({ text }) => text).join('')
  const pass = (ms: number) => {
    now += ms
  }
  return { slack, texts, pass }
}

describe('conversations.history', () => {
  test('is newest first, and whole without limits', async () => {
    const { texts } = await fiveMessages()
    expect(await texts()).toBe('54321')
  })

  test('comes in pages by cursor', async () => {
    const { slack } = await fiveMessages()
    const first = await history(slack, { limit: 2 })
    const second = await history(slack, { limit: 2, cursor: first.cursor })
    const third = await history(slack, { limit: 2, cursor: second.cursor })
    expect([first, second, third].map(({ messages }) => messages.map(({ text }) => text).join(''))).toEqual([
      '54',
      '32',
      '1',
    ])
    expect([first.hasMore, second.hasMore, third.hasMore, third.cursor]).toEqual([true, true, false, undefined])
  })

  test('oldest and latest exclude their own moment unless inclusive', async () => {
    const { slack, texts } = await fiveMessages()
    const ts = slack.messages('DU0ANNA').map((message) => message.ts)
    const range = { oldest: ts[1], latest: ts[3] }
    expect(await texts(range)).toBe('3')
    expect(await texts({ ...range, inclusive: true })).toBe('432')
  })

  test('shows the payload of metadata only on request', async () => {
    const { slack } = await fiveMessages()
    const metadata = async (args: object) => (await history(slack, { limit: 1, ...args })).messages[0]?.metadata
    expect(await metadata({})).toEqual({ event_type: 'counted' })
    expect(await metadata({ include_all_metadata: true })).toEqual({
      event_type: 'counted',
      event_payload: { count: '5' },
    })
  })

  test('lags for a while, or until released', async () => {
    const { slack, texts, pass } = await fiveMessages()
    const release = slack.lagHistory(10_000)
    await call(slack, 'chat.postMessage', { channel: 'U0ANNA', text: '6' })
    expect(await texts()).toBe('54321')
    pass(10_000)
    expect(await texts()).toBe('654321')
    release()
    const show = slack.lagHistory()
    await call(slack, 'chat.postMessage', { channel: 'U0ANNA', text: '7' })
    pass(3_600_000)
    expect(await texts()).toBe('654321')
    show()
    expect(await texts()).toBe('7654321')
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a limit above 999', { limit: 1000 }, 'invalid_limit'],
    ['a channel without its scope', { channel: 'C0HALL' }, 'missing_scope'],
    ['a private channel of others', { channel: 'C0VAULT' }, 'channel_not_found'],
    ['a DM that was never opened', { channel: 'DU0BEN' }, 'channel_not_found'],
    ['a person', { channel: 'U0ANNA' }, 'channel_not_found'],
  ])('%s is refused', async (_, args, error) => {
    const { slack } = await fiveMessages()
    expect((await history(slack, args)).error).toBe(error)
  })
})
