import type { App } from '@slack/bolt'
import { describe, expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { httpApp, inputBlock, modal, plain, slackForTest, socketApp } from './small-app.ts'

const WHO = inputBlock('who', { type: 'users_select', action_id: 'person' })
const WHY = inputBlock(
  'why',
  { type: 'plain_text_input', action_id: 'reason', max_length: 20 },
  { dispatch_action: true },
)

/** A command that opens a form, a form that writes to someone, and a button that edits what was written. */
function addListeners(app: App): void {
  app.command('/ask', async ({ ack, client, command }) => {
    await ack()
    await client.views.open({
      trigger_id: command.trigger_id,
      view: modal([WHO, WHY], { private_metadata: command.text }) as never,
    })
  })
  app.action('reason', async ({ ack, client, body }) => {
    await ack()
    if (body.type !== 'block_actions' || body.view === undefined) return
    const view = modal([WHO, WHY, { type: 'section', text: plain('Thank you') }]) as never
    await client.views.update({ view_id: body.view.id, hash: body.view.hash, view })
  })
  app.view('form', async ({ ack, view, client }) => {
    const reason = view.state.values.why?.reason?.value ?? ''
    if (reason === 'no') return void (await ack({ response_action: 'errors', errors: { why: 'Say more' } }))
    await ack()
    await client.chat.postMessage({
      channel: view.state.values.who?.person?.selected_user ?? '',
      text: `Someone asks: ${reason}`,
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'asked', event_payload: { request_id: 'r1' } },
      blocks: [
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              action_id: 'fine',
              text: { type: 'plain_text', text: 'Fine' },
              url: 'https://example.com/',
            },
          ],
        },
      ],
    })
  })
  app.action('fine', async ({ ack, body, client, respond }) => {
    await ack()
    if (body.type !== 'block_actions') return
    const channel = body.channel?.id ?? ''
    await client.chat.update({ channel, ts: body.message?.ts ?? '', text: 'It is fine', blocks: [] })
    await respond({ text: 'Noted', replace_original: false })
  })
}

async function playOut(slack: SlackStandIn): Promise<void> {
  const anna = slack.person('U0ANNA')
  const ben = slack.person('U0BEN')

  expect(await anna.command('/ask', '@ben please', { channelId: 'C0HALL' })).toEqual({ acked: true })
  const first = await slack.until(() => anna.view())
  expect(first.definition.private_metadata).toBe('<@U0BEN|ben> please')

  expect(await anna.submit()).toMatchObject({ byClient: true, errors: { who: 'Please complete this required field' } })
  await anna.choose('person', 'U0BEN')
  await anna.type('reason', 'no')
  await slack.until(() => anna.view()?.blocks.length === 3)
  expect(anna.view()?.state.who).toEqual({ person: { type: 'users_select', selected_user: 'U0BEN' } })

  expect(await anna.submit()).toEqual({ errors: { why: 'Say more' } })
  await anna.type('reason', 'because')
  expect(await anna.submit()).toEqual({ closed: true })
  expect(anna.view()).toBeUndefined()

  const [message] = await slack.until(() => ben.inbox().length > 0 && ben.inbox())
  expect(message?.metadata).toEqual({ event_type: 'asked', event_payload: { request_id: 'r1' } })
  if (message === undefined) return
  expect(await ben.press(message, 'fine')).toMatchObject({ acked: true, url: 'https://example.com/' })
  await slack.until(() => ben.sees(ben.dm()).some(({ text }) => text === 'Noted'))
  expect(ben.inbox()).toMatchObject([{ text: 'It is fine', blocks: [], edits: [{ text: 'Someone asks: because' }] }])
  expect(ben.sees(ben.dm())).toMatchObject([{ text: 'It is fine' }, { text: 'Noted', ephemeralTo: 'U0BEN' }])
  expect(slack.violations).toEqual([])
}

describe('a real Bolt app', () => {
  test('lives its whole story over Socket Mode', async () => {
    const slack = await slackForTest()
    const app = socketApp(slack)
    addListeners(app)
    await app.start()
    await playOut(slack)
  })

  test('lives the same story over signed HTTP', async () => {
    const slack = await slackForTest()
    addListeners(await httpApp(slack))
    await playOut(slack)
  })
})
