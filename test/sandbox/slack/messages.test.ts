import { describe, expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { call, MANIFEST, plain, slackForTest, withScopes } from './small-app.ts'

const quiet = { unfurl_links: false, unfurl_media: false }
const post = (slack: SlackStandIn, channel: string, more: Record<string, unknown> = {}) =>
  call(slack, 'chat.postMessage', { channel, text: 'Hello', ...quiet, ...more })
const blocks = [{ type: 'section', text: plain('Blocks') }]
const asked = { event_type: 'asked', event_payload: { request_id: 'r1' } }

describe('chat.postMessage', () => {
  test('gives every message of a channel its own ts, in Slack form', async () => {
    const slack = await slackForTest({ now: () => 1_700_000_000_000 })
    const first = await post(slack, 'C0HALL')
    const second = await post(slack, 'C0HALL')
    expect([first.body.ts, second.body.ts]).toEqual(['1700000000.000100', '1700000000.000200'])
    expect(first.body.message).toMatchObject({ user: slack.botUserId, bot_id: slack.botId, text: 'Hello' })
  })

  test('a user id opens the DM with that person', async () => {
    const slack = await slackForTest()
    expect((await post(slack, 'W0CARLA')).body).toMatchObject({ ok: true, channel: slack.person('W0CARLA').dm() })
    expect(slack.person('W0CARLA').inbox()).toMatchObject([{ text: 'Hello' }])
    expect(slack.person('U0ANNA').sees(slack.person('W0CARLA').dm())).toEqual([])
  })

  test.each<[string, string, Record<string, unknown>, string]>([
    ['a channel that does not exist', 'C0NIX', {}, 'channel_not_found'],
    ['a private channel the bot is not in', 'C0VAULT', {}, 'channel_not_found'],
    ['a DM between people', 'D0PAIR', {}, 'channel_not_found'],
    ['a public channel the bot is not in', 'C0YARD', {}, 'not_in_channel'],
    ['an archived channel', 'C0ATTIC', {}, 'is_archived'],
    ['a person who does not exist', 'U0NIX', {}, 'channel_not_found'],
    ['a deactivated person', 'U0GONE', {}, 'user_disabled'],
    ['a bot', 'U0ROBOT', {}, 'cannot_dm_bot'],
    ['Slackbot', 'USLACKBOT', {}, 'cannot_dm_bot'],
    ['a stranger who shares no channel', 'U0FAR', {}, 'user_not_visible'],
    ['neither text nor blocks', 'C0HALL', { text: '' }, 'no_text'],
    ['far too much text', 'C0HALL', { text: 'x'.repeat(40_001) }, 'msg_too_long'],
    ['metadata of another form', 'C0HALL', { metadata: { event: 'x' } }, 'invalid_metadata_format'],
    [
      'nested metadata',
      'C0HALL',
      { metadata: { ...asked, event_payload: { a: { b: 1 } } } },
      'invalid_metadata_format',
    ],
    [
      'camelCase metadata',
      'C0HALL',
      { metadata: { ...asked, event_payload: { requestId: 1 } } },
      'invalid_metadata_format',
    ],
    [
      'very large metadata',
      'C0HALL',
      { metadata: { ...asked, event_payload: { a: 'x'.repeat(3000) } } },
      'metadata_too_large',
    ],
  ])('%s is refused', async (_, channel, more, error) => {
    const slack = await slackForTest()
    slack.addPerson({ id: 'U0GONE', name: 'gone', deleted: true })
    slack.addPerson({ id: 'U0ROBOT', name: 'robot', isBot: true })
    slack.addPerson({ id: 'U0FAR', name: 'far', isStranger: true })
    slack.addChannel({ id: 'D0PAIR', name: 'pair', members: ['U0ANNA', 'U0BEN'] })
    expect((await post(slack, channel, more)).body).toMatchObject({ ok: false, error })
    expect(slack.messages()).toEqual([])
  })

  test('without a messages tab nobody gets a DM', async () => {
    const features = { ...MANIFEST.features, app_home: { messages_tab_enabled: false } }
    const slack = await slackForTest({ manifest: { ...MANIFEST, features } })
    expect((await post(slack, 'U0ANNA')).body).toMatchObject({ error: 'messages_tab_disabled' })
  })

  test('chat:write.public opens public channels', async () => {
    const slack = await slackForTest({ manifest: withScopes('chat:write', 'chat:write.public') })
    expect((await post(slack, 'C0YARD')).body).toMatchObject({ ok: true })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['blocks without text', { text: undefined, blocks }, 'missing_text'],
    ['a URL that Slack would fetch', { text: 'See https://x.no', unfurl_media: true }, 'unfurl'],
    ['a long text', { text: 'x'.repeat(4001) }, 'long_text'],
  ])('%s is posted, but written down', async (_, more, kind) => {
    const slack = await slackForTest()
    const args = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined))
    const text = 'text' in more && more.text === undefined ? {} : { text: 'Hello' }
    const given = { channel: 'C0HALL', ...quiet, ...text, ...args }
    expect((await call(slack, 'chat.postMessage', given)).body).toMatchObject({ ok: true })
    expect(slack.violations).toMatchObject([{ kind }])
  })
})

test('the call log has structures as structures, and no token', async () => {
  const slack = await slackForTest()
  await post(slack, 'C0HALL', { blocks, metadata: asked })
  expect(slack.calls).toMatchObject([
    {
      method: 'chat.postMessage',
      token: 'bot',
      outcome: 'ok',
      args: { blocks, metadata: asked },
      answer: { status: 200 },
    },
  ])
  expect(JSON.stringify(slack.calls)).not.toContain('xoxb')
})

describe('chat.update and chat.delete', () => {
  const posted = async (slack: SlackStandIn, more = {}) => String((await post(slack, 'C0HALL', more)).body.ts)

  test('an edit replaces text and blocks, keeps the metadata and remembers what stood there', async () => {
    const slack = await slackForTest()
    const ts = await posted(slack, { blocks, metadata: asked })
    expect((await call(slack, 'chat.update', { channel: 'C0HALL', ts, text: 'Bye' })).body).toMatchObject({ ok: true })
    expect(slack.messages('C0HALL')).toMatchObject([
      { text: 'Bye', blocks: [], metadata: asked, edits: [{ text: 'Hello', blocks: [{ type: 'section' }] }] },
    ])
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a message that is not there', { ts: '1.2' }, 'message_not_found'],
    ["a person's message", { ts: 'hers' }, 'cant_update_message'],
    ['a user id for a channel', { channel: 'U0ANNA' }, 'channel_not_found'],
    ['more than 4,000 characters', { text: 'x'.repeat(4001) }, 'msg_too_long'],
    ['a text of nothing', { text: '' }, 'no_text'],
  ])('%s is refused', async (_, more, error) => {
    const slack = await slackForTest()
    const ts = await posted(slack)
    const hers = slack.person('U0ANNA').say('C0HALL', 'Mine')
    const args = { channel: 'C0HALL', ts, text: 'Bye', ...more }
    if (args.ts === 'hers') args.ts = hers.ts
    expect((await call(slack, 'chat.update', args)).body).toMatchObject({ ok: false, error })
    expect(slack.messages('C0HALL')).toMatchObject([{ text: 'Hello' }, { text: 'Mine' }])
  })

  test('a closed edit window, an archived channel and an ephemeral message cannot be edited', async () => {
    const slack = await slackForTest()
    const ts = await posted(slack)
    const update = async (at: string) =>
      (await call(slack, 'chat.update', { channel: 'C0HALL', ts: at, text: 'Bye' })).body.error
    slack.rules.editWindowClosed = true
    expect(await update(ts)).toBe('edit_window_closed')
    slack.rules.editWindowClosed = false
    const { body } = await call(slack, 'chat.postEphemeral', { channel: 'C0HALL', user: 'U0BEN', text: 'Psst' })
    expect(await update(String(body.message_ts))).toBe('message_not_found')
    slack.addChannel({ id: 'C0HALL', name: 'hall', members: [], botIsMember: true, isArchived: true })
    expect(await update(ts)).toBe('is_inactive')
  })

  test('a deleted message is gone for everyone, but remembered', async () => {
    const slack = await slackForTest()
    const ts = await posted(slack)
    const remove = async () => (await call(slack, 'chat.delete', { channel: 'C0HALL', ts })).body
    expect(await remove()).toMatchObject({ ok: true, ts })
    expect(slack.person('U0BEN').sees('C0HALL')).toEqual([])
    expect(slack.messages('C0HALL')).toMatchObject([{ ts, deleted: true }])
    expect(await remove()).toMatchObject({ error: 'message_not_found' })
  })

  test('an ephemeral message is for one member only', async () => {
    const slack = await slackForTest()
    const whisper = async (user: string, channel = 'C0HALL') =>
      (await call(slack, 'chat.postEphemeral', { channel, user, text: 'Psst' })).body
    expect(await whisper('U0BEN')).toMatchObject({ ok: true })
    expect(slack.person('U0BEN').sees('C0HALL')).toMatchObject([{ text: 'Psst', ephemeralTo: 'U0BEN' }])
    expect(slack.person('U0ANNA').sees('C0HALL')).toEqual([])
    expect(await whisper('W0CARLA')).toMatchObject({ error: 'user_not_in_channel' })
    expect(await whisper('U0ANNA', 'C0YARD')).toMatchObject({ error: 'not_in_channel' })
  })
})

describe('conversations.open', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['nobody', {}, 'users_list_not_supplied'],
    ['an unknown person', { users: 'U0NIX' }, 'user_not_found'],
    ['a deactivated person', { users: 'U0GONE' }, 'user_disabled'],
    ['Slackbot', { users: 'USLACKBOT' }, 'cannot_dm_bot'],
    ['nine people', { users: 'U1,U2,U3,U4,U5,U6,U7,U8,U9' }, 'too_many_users'],
    ['a group, without the scope', { users: 'U0ANNA,U0BEN' }, 'missing_scope'],
  ])('%s is refused', async (_, args, error) => {
    const slack = await slackForTest()
    slack.addPerson({ id: 'U0GONE', name: 'gone', deleted: true })
    expect((await call(slack, 'conversations.open', args)).body).toMatchObject({ ok: false, error })
  })

  test('opens the DM once, and posting finds it', async () => {
    const slack = await slackForTest()
    const open = async () => (await call(slack, 'conversations.open', { users: 'U0ANNA' })).body
    const id = slack.person('U0ANNA').dm()
    expect(await open()).toMatchObject({ ok: true, already_open: false, channel: { id } })
    expect(await open()).toMatchObject({ ok: true, already_open: true, channel: { id } })
    expect((await post(slack, id)).body).toMatchObject({ ok: true, channel: id })
  })
})
