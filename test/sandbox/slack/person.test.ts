import { describe, expect, test } from 'vitest'
import { NotOffered } from '../../../sandbox/slack/client-rules.ts'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { call, inputBlock, MANIFEST, modal, plain, slackForTest, withScopes } from './small-app.ts'

const lastPayload = (slack: SlackStandIn) => slack.deliveries.at(-1)?.payload

describe('the composer', () => {
  test.each([
    ['/ask', '@anna', '<@U0ANNA|anna>'],
    ['/ask', 'status @carla now', 'status <@W0CARLA|carla> now'],
    ['/ask', '@nobody', '@nobody'],
    ['/ask', '#hall #vault', '<#C0HALL|hall> <#C0VAULT|>'],
    ['/ask', 'see https://x.no/', 'see <https://x.no/>'],
    ['/plain', '@anna #hall', '@anna #hall'],
  ])('%s %s arrives as %s', async (command, text, wire) => {
    const slack = await slackForTest()
    await slack.person('U0BEN').command(command, text)
    expect(lastPayload(slack)).toMatchObject({ command, text: wire, user_id: 'U0BEN' })
  })

  test('does not tell the name of a private channel', async () => {
    const slack = await slackForTest()
    await slack.person('U0ANNA').command('/ask', '', { channelId: 'C0VAULT' })
    expect(lastPayload(slack)).toMatchObject({ channel_id: 'C0VAULT', channel_name: 'privategroup' })
  })

  test.each<[string, (slack: SlackStandIn) => Promise<unknown>]>([
    ['a command that does not exist', (slack) => slack.person('U0ANNA').command('/nix')],
    ['a channel one cannot see', (slack) => slack.person('U0BEN').command('/ask', '', { channelId: 'C0VAULT' })],
    [
      'a member of another organisation',
      (slack) => {
        slack.addPerson({ id: 'U0FAR', name: 'far', isStranger: true })
        return slack.person('U0FAR').command('/ask')
      },
    ],
  ])('refuses %s', async (_, attempt) => {
    const slack = await slackForTest()
    await expect(attempt(slack)).rejects.toThrow(NotOffered)
    expect(slack.deliveries).toEqual([])
  })

  test('offers no commands without the scope', async () => {
    const slack = await slackForTest({ manifest: withScopes('chat:write') })
    await expect(slack.person('U0ANNA').command('/ask')).rejects.toThrow('commands')
  })
})

const option = (value: string) => ({ text: plain(value), value })
const FORM = modal([
  inputBlock('text', { type: 'plain_text_input', action_id: 'text', max_length: 5, min_length: 2 }),
  inputBlock(
    'number',
    { type: 'number_input', action_id: 'number', is_decimal_allowed: false, min_value: '1', max_value: '9' },
    { optional: true },
  ),
  inputBlock(
    'radio',
    { type: 'radio_buttons', action_id: 'radio', options: [option('a'), option('b')] },
    { dispatch_action: true },
  ),
  inputBlock(
    'boxes',
    { type: 'checkboxes', action_id: 'boxes', options: [option('a'), option('b')] },
    { optional: true },
  ),
  inputBlock('date', { type: 'datepicker', action_id: 'date' }, { optional: true }),
  inputBlock('where', { type: 'conversations_select', action_id: 'where' }, { optional: true }),
  { type: 'actions', block_id: 'more', elements: [{ type: 'users_select', action_id: 'who' }] },
])

async function withForm() {
  const slack = await slackForTest()
  const anna = slack.person('U0ANNA')
  await anna.command('/ask')
  await call(slack, 'views.open', { trigger_id: lastPayload(slack)?.trigger_id, view: FORM })
  return { slack, anna }
}

describe('a form', () => {
  test('tells the app of a change where the block dispatches, and only there', async () => {
    const { slack, anna } = await withForm()
    expect(await anna.type('text', 'Hei')).toEqual({ dispatched: false, acked: false })
    expect(await anna.choose('radio', 'b')).toMatchObject({ dispatched: true, error: 'operation_timeout' })
    expect(lastPayload(slack)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ANNA', team_id: slack.teamId },
      container: { type: 'view', view_id: anna.view()?.id },
      actions: [{ type: 'radio_buttons', action_id: 'radio', block_id: 'radio', selected_option: option('b') }],
      view: { state: { values: { text: { text: { value: 'Hei' } } } }, bot_id: slack.botId, app_id: slack.appId },
    })
    expect(await anna.choose('who', 'U0BEN')).toMatchObject({ dispatched: true })
    expect(lastPayload(slack)).toMatchObject({ actions: [{ selected_user: 'U0BEN' }] })
  })

  test.each<[string[] | undefined, boolean, boolean]>([
    [undefined, false, true],
    [['on_enter_pressed'], false, true],
    [['on_character_entered'], true, true],
    [['on_character_entered', 'on_enter_pressed'], true, true],
  ])('tells the app of a text at the moments it names: %j', async (moments, whenTyped, onEnter) => {
    const slack = await slackForTest()
    const anna = slack.person('U0ANNA')
    await anna.command('/ask')
    const config = moments === undefined ? {} : { dispatch_action_config: { trigger_actions_on: moments } }
    const element = { type: 'plain_text_input', action_id: 'text', ...config }
    const view = modal([inputBlock('text', element, { dispatch_action: true })])
    await call(slack, 'views.open', { trigger_id: lastPayload(slack)?.trigger_id, view })
    expect((await anna.write('text', 'Hei')).dispatched).toBe(whenTyped)
    expect((await anna.type('text', 'Hei')).dispatched).toBe(onEnter)
  })

  test('holds every kind of answer', async () => {
    const { anna } = await withForm()
    await anna.choose('boxes', ['a', 'b'])
    await anna.choose('date', '2026-02-01')
    await anna.choose('where', 'C0HALL')
    await anna.type('number', '7')
    expect(anna.view()?.state).toMatchObject({
      boxes: { boxes: { selected_options: [option('a'), option('b')] } },
      date: { date: { selected_date: '2026-02-01' } },
      where: { where: { selected_conversation: 'C0HALL' } },
      number: { number: { value: '7' } },
    })
    await anna.choose('where', null)
    await anna.type('number', '')
    expect(anna.view()?.state).toMatchObject({
      where: { where: { selected_conversation: null } },
      number: { number: { value: null } },
    })
  })

  test.each<[string, string, string | string[] | null]>([
    ['an option that is not there', 'radio', 'c'],
    ['clearing a radio group', 'radio', null],
    ['a person who does not exist', 'who', 'U0NIX'],
    ['a conversation that does not exist', 'where', 'C0NIX'],
    ['a date that is none', 'date', 'tomorrow'],
    ['choosing in a text field', 'text', 'a'],
    ['an element that is not there', 'nix', 'a'],
  ])('does not offer %s', async (_, actionId, value) => {
    const { anna } = await withForm()
    await expect(anna.choose(actionId, value)).rejects.toThrow(NotOffered)
  })

  test.each([
    ['too long a text', 'text', '123456'],
    ['letters for a number', 'number', 'x'],
    ['a decimal', 'number', '1.5'],
    ['typing into a radio group', 'radio', 'a'],
  ])('does not take %s', async (_, actionId, value) => {
    const { anna } = await withForm()
    await expect(anna.type(actionId, value)).rejects.toThrow(NotOffered)
  })

  test('complains on submit without asking the app', async () => {
    const { slack, anna } = await withForm()
    await anna.type('text', 'x')
    await anna.type('number', '10')
    const before = slack.deliveries.length
    expect(await anna.submit()).toEqual({
      byClient: true,
      errors: {
        text: 'Please enter at least 2 characters',
        number: 'Must be at most 9',
        radio: 'Please complete this required field',
      },
    })
    expect(slack.deliveries).toHaveLength(before)
    expect(anna.view()?.errors).toHaveProperty('radio')
  })
})

const CONFIRM = { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') }
const BUTTONS = {
  type: 'actions',
  block_id: 'buttons',
  elements: [
    { type: 'button', action_id: 'link', text: plain('Open'), url: 'https://x.no/', value: 'v1' },
    { type: 'button', action_id: 'ask', text: plain('Ask'), confirm: CONFIRM },
  ],
}

async function withMessage(channel: string) {
  const slack = await slackForTest()
  const quiet = { unfurl_links: false, unfurl_media: false }
  const { body } = await call(slack, 'chat.postMessage', { channel, text: 'Press', blocks: [BUTTONS], ...quiet })
  const [message] = slack.messages(String(body.channel))
  if (message === undefined) throw new Error('not posted')
  return { slack, message }
}

describe('a button', () => {
  test('with a url opens it and tells the app', async () => {
    const { slack, message } = await withMessage('U0ANNA')
    expect(await slack.person('U0ANNA').press(message, 'link')).toMatchObject({
      url: 'https://x.no/',
      dispatched: true,
    })
    expect(lastPayload(slack)).toMatchObject({
      container: { type: 'message', message_ts: message.ts, channel_id: message.channelId, is_ephemeral: false },
      channel: { id: message.channelId, name: 'directmessage' },
      message: { ts: message.ts, bot_id: slack.botId },
      actions: [{ action_id: 'link', block_id: 'buttons', type: 'button', value: 'v1', url: 'https://x.no/' }],
    })
  })

  test('asks first where it has a confirmation', async () => {
    const { slack, message } = await withMessage('U0ANNA')
    const anna = slack.person('U0ANNA')
    expect(await anna.press(message, 'ask', { decline: true })).toEqual({ dispatched: false, acked: false })
    expect(slack.deliveries).toEqual([])
    expect(await anna.press(message, 'ask')).toMatchObject({ dispatched: true, confirm: { title: plain('Sure?') } })
  })

  test('is for anyone who can see the message, and nobody else', async () => {
    const { slack, message } = await withMessage('C0ROOM')
    expect(await slack.person('U0ANNA').press(message, 'link')).toMatchObject({ dispatched: true })
    await expect(slack.person('U0BEN').press(message, 'link')).rejects.toThrow(NotOffered)
    const hall = await withMessage('C0HALL')
    expect(await hall.slack.person('W0CARLA').press(hall.message, 'link')).toMatchObject({ dispatched: true })
    hall.slack.updatePerson('W0CARLA', { isUltraRestricted: true })
    await expect(hall.slack.person('W0CARLA').press(hall.message, 'link')).rejects.toThrow(NotOffered)
  })

  test('that is gone can be pressed only from a stale screen', async () => {
    const { slack, message } = await withMessage('C0HALL')
    await call(slack, 'chat.update', { channel: 'C0HALL', ts: message.ts, text: 'Over' })
    const anna = slack.person('U0ANNA')
    await expect(anna.press(message, 'link')).rejects.toThrow('there is no link')
    expect(await anna.press(message, 'link', { stale: true })).toMatchObject({ dispatched: true })
  })

  test('is dead where the manifest has interactivity switched off', async () => {
    const settings = { ...MANIFEST.settings, interactivity: { is_enabled: false } }
    const slack = await slackForTest({ manifest: { ...MANIFEST, settings } })
    const message = { channel: 'C0HALL', text: 'Press', blocks: [BUTTONS], unfurl_links: false, unfurl_media: false }
    const { ts } = (await call(slack, 'chat.postMessage', message)).body
    const press = slack.person('U0ANNA').press({ channelId: 'C0HALL', ts: String(ts) }, 'link')
    await expect(press).rejects.toThrow('interactivity')
  })

  test('can be forged with another user', async () => {
    const { slack, message } = await withMessage('U0ANNA')
    await slack.person('U0ANNA').press(message, 'link')
    const forged = { ...lastPayload(slack), user: { id: 'U0BEN' } }
    await slack.deliver('interaction', forged)
    expect(lastPayload(slack)).toMatchObject({ user: { id: 'U0BEN' }, actions: [{ action_id: 'link' }] })
  })
})

test('opening the Home tab is an event', async () => {
  const slack = await slackForTest()
  await slack.person('U0ANNA').openHome()
  expect(lastPayload(slack)).toMatchObject({ event: { type: 'app_home_opened', user: 'U0ANNA', tab: 'home' } })
})
