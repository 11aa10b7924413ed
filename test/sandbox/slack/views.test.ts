import { describe, expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { type Answer, call, inputBlock, modal, plain, slackForTest } from './small-app.ts'

const NAME = inputBlock('name', { type: 'plain_text_input', action_id: 'text' })
const option = (value: string) => ({ text: plain(value), value })
const kind = (...values: string[]) =>
  inputBlock('kind', { type: 'radio_buttons', action_id: 'pick', options: values.map(option) })

/** A trigger as a command gives it; nobody is listening, so the command itself fails. */
async function trigger(slack: SlackStandIn): Promise<string> {
  await slack.person('U0ANNA').command('/ask')
  return String(slack.deliveries.at(-1)?.payload.trigger_id)
}

async function opened(slack: SlackStandIn, view: object = modal([NAME])): Promise<Answer['body']> {
  const { body } = await call(slack, 'views.open', { trigger_id: await trigger(slack), view })
  return body.view as Answer['body']
}

describe('trigger ids', () => {
  const open = async (slack: SlackStandIn, id: string) =>
    (await call(slack, 'views.open', { trigger_id: id, view: modal([NAME]) })).body.error

  test('work once, for three seconds, and only if Slack made them', async () => {
    let now = 0
    const slack = await slackForTest({ now: () => now })
    const [first, second] = [await trigger(slack), await trigger(slack)]
    now = 3000
    expect(await open(slack, first)).toBeUndefined()
    expect(await open(slack, first)).toBe('exchanged_trigger_id')
    now = 3001
    expect(await open(slack, second)).toBe('expired_trigger_id')
    expect(await open(slack, '1.2.made-up')).toBe('invalid_trigger_id')
  })

  test("are refused in the guide's spelling as well", async () => {
    let now = 0
    const slack = await slackForTest({ now: () => now })
    slack.rules.triggerErrors = 'guide'
    const [first, second] = [await trigger(slack), await trigger(slack)]
    await open(slack, first)
    now = 3001
    expect(await open(slack, first)).toBe('trigger_exchanged')
    expect(await open(slack, second)).toBe('trigger_expired')
  })

  test('survive a view that is refused', async () => {
    const slack = await slackForTest()
    const id = await trigger(slack)
    await call(slack, 'views.open', { trigger_id: id, view: {} })
    expect(await open(slack, id)).toBeUndefined()
  })
})

describe('views.update', () => {
  test('keeps what was filled in where block and action stay the same', async () => {
    const slack = await slackForTest()
    const anna = slack.person('U0ANNA')
    const { id } = await opened(slack, modal([NAME, kind('a', 'b')]))
    await anna.type('text', 'Filled in')
    await anna.choose('pick', 'b')
    const update = (...blocks: object[]) => call(slack, 'views.update', { view_id: id, view: modal(blocks) })

    await update(NAME, kind('a', 'b', 'c'))
    expect(anna.view()?.state).toMatchObject({
      name: { text: { value: 'Filled in' } },
      kind: { pick: { selected_option: option('b') } },
    })
    await update(NAME, kind('a'))
    expect(anna.view()?.state.kind?.pick).toEqual({ type: 'radio_buttons', selected_option: null })
    const renamed = inputBlock('name2', { type: 'plain_text_input', action_id: 'text', initial_value: 'Fresh' })
    await update(renamed)
    expect(anna.view()?.state).toEqual({ name2: { text: { type: 'plain_text_input', value: 'Fresh' } } })
  })

  test('a stale hash loses', async () => {
    const slack = await slackForTest()
    const { id, hash } = await opened(slack)
    const update = async () => (await call(slack, 'views.update', { view_id: id, hash, view: modal([NAME]) })).body
    const { view } = await update()
    expect(view).toMatchObject({ id })
    expect(await update()).toMatchObject({ error: 'hash_conflict' })
  })

  test('finds by external id, and not what is closed', async () => {
    const slack = await slackForTest()
    const view = modal([NAME], { external_id: 'mine' })
    const { id } = await opened(slack, view)
    const update = async (which: object) => (await call(slack, 'views.update', { ...which, view })).body.error
    expect(await update({ external_id: 'mine' })).toBeUndefined()
    expect(await update({ external_id: 'mine', view_id: id })).toBe('invalid_arguments')
    expect(await update({})).toBe('invalid_arguments')
    await slack.person('U0ANNA').close()
    expect(await update({ external_id: 'mine' })).toBe('not_found')
    expect(await update({ view_id: id })).toBe('not_found')
  })

  test('an external id is taken while its view is open', async () => {
    const slack = await slackForTest()
    const view = modal([NAME], { external_id: 'mine' })
    await opened(slack, view)
    const { body } = await call(slack, 'views.open', { trigger_id: await trigger(slack), view })
    expect(body).toMatchObject({ error: 'duplicate_external_id' })
  })
})

describe('the stack of modals', () => {
  test('holds three, and shows the one below when the top is closed', async () => {
    const slack = await slackForTest()
    const anna = slack.person('U0ANNA')
    const root = await opened(slack)
    const push = async () =>
      (await call(slack, 'views.push', { trigger_id: await trigger(slack), view: modal([NAME]) })).body
    expect(await push()).toMatchObject({ view: { root_view_id: root.id, previous_view_id: root.id } })
    await push()
    expect(await push()).toMatchObject({ error: 'push_limit_reached' })
    await anna.close()
    await anna.close()
    expect(anna.view()).toMatchObject({ id: root.id })
  })

  test('clear_on_close closes them all', async () => {
    const slack = await slackForTest()
    await opened(slack)
    const view = modal([NAME], { clear_on_close: true })
    await call(slack, 'views.push', { trigger_id: await trigger(slack), view })
    await slack.person('U0ANNA').close()
    expect(slack.person('U0ANNA').view()).toBeUndefined()
  })
})

test('a Home view is published for one person, and replaced', async () => {
  const slack = await slackForTest()
  const publish = (text: string, hash = '') =>
    call(slack, 'views.publish', {
      user_id: 'U0ANNA',
      hash,
      view: { type: 'home', blocks: [{ type: 'header', text: plain(text) }] },
    })
  await publish('One')
  const first = slack.person('U0ANNA').home()
  await publish('Two', first?.hash)
  expect(slack.person('U0ANNA').home()).toMatchObject({ id: first?.id, blocks: [{ text: { text: 'Two' } }] })
  expect((await publish('Three', first?.hash)).body).toMatchObject({ error: 'hash_conflict' })
  expect(slack.person('U0BEN').home()).toBeUndefined()
})
