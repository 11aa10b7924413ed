import { describe, expect, test } from 'vitest'
import { call, inputBlock, MANIFEST, modal, plain, slackForTest, withScopes } from './small-app.ts'

const hello = { channel: 'C0HALL', text: 'Hello', unfurl_links: false, unfurl_media: false }

describe('the gate of the Web API', () => {
  test.each<[string, string, (tokens: { botToken: string; appToken: string }) => string, string]>([
    ['no token', 'auth.test', () => '', 'not_authed'],
    ['a made-up token', 'auth.test', () => 'xoxb-made-up', 'invalid_auth'],
    ['the app token for a bot method', 'chat.postMessage', ({ appToken }) => appToken, 'not_allowed_token_type'],
    ['the bot token for a socket', 'apps.connections.open', ({ botToken }) => botToken, 'not_allowed_token_type'],
    ['a method that does not exist', 'chat.shout', ({ botToken }) => botToken, 'unknown_method'],
  ])('%s is refused', async (_, method, token, error) => {
    const slack = await slackForTest()
    expect((await call(slack, method, {}, token(slack))).body).toMatchObject({ ok: false, error })
    expect(slack.violations).toMatchObject([{ kind: error }])
  })

  test('auth.test says who the bot is', async () => {
    const slack = await slackForTest()
    const { botUserId: user_id, botId: bot_id, teamId: team_id } = slack
    expect((await call(slack, 'auth.test')).body).toMatchObject({ ok: true, user_id, bot_id, team_id })
  })

  test.each<[string, string[], string, Record<string, unknown>, string]>([
    ['posting', ['commands'], 'chat.postMessage', hello, 'chat:write'],
    ['looking someone up', ['chat:write'], 'users.info', { user: 'U0ANNA' }, 'users:read'],
    ['opening a DM', ['chat:write'], 'conversations.open', { users: 'U0ANNA' }, 'im:write'],
    ['the history of a channel', ['im:history'], 'conversations.history', { channel: 'C0HALL' }, 'channels:history'],
    ['the history of a private one', ['im:history'], 'conversations.history', { channel: 'C0ROOM' }, 'groups:history'],
    ['the members of a channel', ['users:read'], 'conversations.members', { channel: 'C0HALL' }, 'channels:read'],
    ['user groups', ['users:read'], 'usergroups.users.list', { usergroup: 'S0HR' }, 'usergroups:read'],
    ['another author', ['chat:write'], 'chat.postMessage', { ...hello, username: 'x' }, 'chat:write.customize'],
  ])('%s needs its scope', async (_, scopes, method, args, needed) => {
    const slack = await slackForTest({ manifest: withScopes(...scopes) })
    const { body } = await call(slack, method, args)
    expect(body).toMatchObject({ ok: false, error: 'missing_scope', needed, provided: scopes.join(',') })
    const granted = await slackForTest({
      manifest: withScopes(...scopes, needed),
      usergroups: { S0HR: ['U0ANNA'] },
    })
    expect((await call(granted, method, args)).body).toMatchObject({ ok: true })
  })

  test('an e-mail address, and whether it is confirmed, needs a scope of its own', async () => {
    const email = 'anna@example.com'
    const info = async (...more: string[]) => {
      const slack = await slackForTest({ manifest: withScopes('users:read', ...more) })
      slack.updatePerson('U0ANNA', { email })
      return JSON.stringify((await call(slack, 'users.info', { user: 'U0ANNA' })).body.user)
    }
    expect(await info()).not.toMatch(/email/)
    expect(JSON.parse(await info('users:read.email'))).toMatchObject({ profile: { email }, is_email_confirmed: true })
  })

  test.each<[string, string, Record<string, unknown>, string]>([
    ['a missing argument', 'chat.postMessage', { text: 'Hello' }, 'missing required field: channel'],
    ['an argument that does not exist', 'chat.postMessage', { ...hello, colour: 'red' }, 'unknown argument: colour'],
    ['a boolean that is none', 'users.info', { user: 'U0ANNA', include_locale: 'maybe' }, 'invalid boolean'],
    ['JSON that is none', 'chat.postMessage', { ...hello, metadata: '{' }, 'invalid json'],
  ])('%s is refused', async (_, method, args, says) => {
    const slack = await slackForTest()
    const { body } = await call(slack, method, args)
    expect(body).toMatchObject({ ok: false, error: 'invalid_arguments' })
    expect(JSON.stringify(body)).toContain(says)
  })

  test('JSON bodies and tokens in the body work as well', async () => {
    const slack = await slackForTest()
    const post = (body: object, headers: object) =>
      fetch(`${slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
      }).then((response) => response.json())
    expect(await post(hello, { authorization: `Bearer ${slack.botToken}` })).toMatchObject({ ok: true })
    expect(await post({ ...hello, token: slack.botToken }, {})).toMatchObject({ ok: true })
    expect(JSON.stringify(slack.calls)).not.toContain(slack.botToken)
  })

  test('another workspace is not ours', async () => {
    const slack = await slackForTest()
    expect((await call(slack, 'users.info', { user: 'U0ANNA', team_id: 'T0OTHER' })).body).toMatchObject({
      error: 'team_access_not_granted',
    })
  })
})

describe('rate limits', () => {
  test('a call too many gets 429 with Retry-After, for that method only, until the window has passed', async () => {
    let now = 1_700_000_000_000
    const slack = await slackForTest({ now: () => now, limits: { 'users.info': { calls: 2, perMs: 60_000 } } })
    const info = () => call(slack, 'users.info', { user: 'U0ANNA' })
    expect([(await info()).status, (await info()).status]).toEqual([200, 200])
    now += 20_000
    expect(await info()).toMatchObject({ status: 429, retryAfter: '40', body: { ok: false, error: 'ratelimited' } })
    expect((await call(slack, 'auth.test')).status).toBe(200)
    now += 40_000
    expect((await info()).status).toBe(200)
  })

  test('at scale 1 the documented tiers hold', async () => {
    const slack = await slackForTest({ now: () => 0, limitScale: 1 })
    const open = () => call(slack, 'conversations.open', { users: 'U0ANNA' })
    for (let count = 0; count < 50; count += 1) expect((await open()).status).toBe(200)
    expect((await open()).status).toBe(429)
  })

  test('posting is counted for each channel', async () => {
    const slack = await slackForTest({ limits: { 'chat.postMessage': { calls: 1, perMs: 1000 } }, now: () => 0 })
    expect((await call(slack, 'chat.postMessage', hello)).status).toBe(200)
    expect((await call(slack, 'chat.postMessage', { ...hello, channel: 'C0ROOM' })).status).toBe(200)
    expect((await call(slack, 'chat.postMessage', hello)).status).toBe(429)
  })
})

describe('refused blocks', () => {
  test('chat.* says invalid_blocks and where', async () => {
    const slack = await slackForTest()
    const blocks = [{ type: 'section', text: plain('x'.repeat(3001)) }]
    const { body } = await call(slack, 'chat.postMessage', { ...hello, blocks })
    expect(body).toMatchObject({
      error: 'invalid_blocks',
      response_metadata: { messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'] },
    })
    expect(slack.messages('C0HALL')).toEqual([])
    expect(slack.violations).toMatchObject([{ kind: 'invalid_blocks' }])
  })

  test('chat.* says invalid_blocks_format where they are no list', async () => {
    const slack = await slackForTest()
    const { body } = await call(slack, 'chat.postMessage', { ...hello, blocks: { type: 'divider' } })
    expect(body).toMatchObject({ error: 'invalid_blocks_format' })
  })

  test('views.* says invalid_arguments and where, and view_too_large above 250 kB', async () => {
    const slack = await slackForTest()
    const open = (view: object) => call(slack, 'views.open', { trigger_id: '1.2.x', view })
    expect(JSON.stringify((await open(modal([], { title: plain('x'.repeat(25)) }))).body)).toContain(
      '[ERROR] must be less than 25 characters [json-pointer:/view/title/text]',
    )
    const big = modal(
      Array.from({ length: 90 }, (_, i) =>
        inputBlock(`b${i}`, { type: 'plain_text_input', initial_value: 'x'.repeat(2900) }),
      ),
    )
    expect((await open(big)).body).toMatchObject({ error: 'view_too_large' })
  })
})

describe('people', () => {
  test('users.info tells what an app must know of a person', async () => {
    const slack = await slackForTest()
    slack.addPerson({ id: 'U0GONE', name: 'gone', deleted: true, isUltraRestricted: true, email: 'gone@example.com' })
    slack.addPerson({ id: 'U0FAR', name: 'far', isStranger: true, isInvitedUser: true })
    const info = async (user: string) => (await call(slack, 'users.info', { user, include_locale: true })).body.user
    expect(await info('U0GONE')).toMatchObject({ deleted: true, is_ultra_restricted: true, locale: 'en-GB' })
    expect(JSON.stringify(await info('U0GONE'))).not.toContain('gone@example.com')
    expect(await info('U0FAR')).toMatchObject({ is_stranger: true, is_invited_user: true, team_id: 'T0STRANGER' })
    expect(await info('U0FAR')).not.toHaveProperty('locale')
    expect(await info('USLACKBOT')).toMatchObject({ is_bot: false })
    expect(await info(slack.botUserId)).toMatchObject({ is_bot: true })
    expect((await call(slack, 'users.info', { user: 'U0NIX' })).body).toMatchObject({ error: 'user_not_found' })
  })

  test('an e-mail address is shown to who may read it', async () => {
    const slack = await slackForTest({ manifest: withScopes('users:read', 'users:read.email') })
    slack.addPerson({ id: 'U0MAIL', name: 'mail', email: 'mail@example.com' })
    expect(JSON.stringify((await call(slack, 'users.info', { user: 'U0MAIL' })).body)).toContain('mail@example.com')
  })

  test('users.list comes in pages', async () => {
    const slack = await slackForTest()
    const ids: unknown[] = []
    let cursor = ''
    do {
      const { body } = await call(slack, 'users.list', { limit: 2, ...(cursor && { cursor }) })
      ids.push(...(body.members as { id: string }[]).map(({ id }) => id))
      cursor = (body.response_metadata as { next_cursor: string }).next_cursor
    } while (cursor !== '')
    expect(ids).toEqual(['USLACKBOT', slack.botUserId, 'U0ANNA', 'U0BEN', 'W0CARLA'])
  })
})

test('a manifest without Home tab publishes none', async () => {
  const features = { ...MANIFEST.features, app_home: { messages_tab_enabled: true } }
  const slack = await slackForTest({ manifest: { ...MANIFEST, features } })
  const view = { type: 'home', blocks: [{ type: 'divider' }] }
  expect((await call(slack, 'views.publish', { user_id: 'U0ANNA', view })).body).toMatchObject({ error: 'not_enabled' })
})
