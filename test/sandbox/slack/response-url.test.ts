import { describe, expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { call, slackForTest } from './small-app.ts'

const BUTTON = {
  type: 'actions',
  elements: [{ type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } }],
}

async function post(url: string, body: object) {
  const response = await fetch(url, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

const lastUrl = (slack: SlackStandIn) => String(slack.deliveries.at(-1)?.payload.response_url)

/** The response_url of a command typed in a private channel the bot is not in. */
async function commandUrl(slack: SlackStandIn): Promise<string> {
  await slack.person('U0ANNA').command('/ask', '', { channelId: 'C0VAULT' })
  return lastUrl(slack)
}

async function buttonUrl(slack: SlackStandIn): Promise<string> {
  await call(slack, 'chat.postMessage', { channel: 'C0HALL', text: 'Press', blocks: [BUTTON] })
  const [message] = slack.messages('C0HALL')
  if (message) await slack.person('U0BEN').press(message, 'go')
  return lastUrl(slack)
}

describe('a response_url', () => {
  test('answers the person alone, even where the bot is not a member', async () => {
    const slack = await slackForTest()
    expect(await post(await commandUrl(slack), { text: 'Psst' })).toMatchObject({ status: 200, body: { ok: true } })
    expect(slack.person('U0ANNA').sees('C0VAULT')).toMatchObject([{ text: 'Psst', ephemeralTo: 'U0ANNA' }])
  })

  test('answers everyone with in_channel', async () => {
    const slack = await slackForTest()
    await call(slack, 'auth.test')
    await slack.person('U0ANNA').command('/ask', '', { channelId: 'C0HALL' })
    await post(lastUrl(slack), { text: 'All', response_type: 'in_channel' })
    expect(slack.person('U0BEN').sees('C0HALL')).toMatchObject([{ text: 'All' }])
  })

  test('works five times', async () => {
    const slack = await slackForTest()
    const url = await commandUrl(slack)
    for (let use = 0; use < 5; use += 1) expect((await post(url, { text: 'Psst' })).status).toBe(200)
    expect(await post(url, { text: 'Psst' })).toMatchObject({ status: 404, body: { error: 'used_url' } })
    expect(slack.violations).toMatchObject([{ kind: 'response_url_overuse' }])
  })

  test('works for thirty minutes', async () => {
    let now = 0
    const slack = await slackForTest({ now: () => now })
    const url = await commandUrl(slack)
    now = 30 * 60_000
    expect((await post(url, { text: 'Psst' })).status).toBe(200)
    now += 1
    expect(await post(url, { text: 'Psst' })).toMatchObject({ status: 404, body: { error: 'expired_url' } })
    expect(slack.violations).toMatchObject([{ kind: 'response_url_expired' }])
  })

  test('of a message replaces or deletes that message', async () => {
    const slack = await slackForTest()
    const url = await buttonUrl(slack)
    await post(url, { text: 'Pressed', replace_original: true })
    expect(slack.messages('C0HALL')).toMatchObject([{ text: 'Pressed', blocks: [], edits: [{ text: 'Press' }] }])
    await post(url, { delete_original: true })
    expect(slack.messages('C0HALL')).toMatchObject([{ deleted: true }])
  })

  test.each<[string, object, number, string]>([
    ['delete_original beside another field', { delete_original: true, text: 'x' }, 400, 'invalid_payload'],
    ['delete_original for a command', { delete_original: true }, 200, 'delete_original'],
    ['replace_original for a command', { replace_original: true, text: 'x' }, 200, 'replace_original'],
    ['blocks that are invalid', { text: 'x', blocks: [{ type: 'marquee' }] }, 400, 'invalid_blocks'],
    ['nothing to show', {}, 400, 'no_text'],
    ['a field that does not exist', { text: 'x', colour: 'red' }, 400, 'invalid_payload'],
  ])('%s is written down', async (_, body, status, kind) => {
    const slack = await slackForTest()
    expect((await post(await commandUrl(slack), body)).status).toBe(status)
    expect(slack.violations).toMatchObject([{ kind }])
  })
})
