import type { ViewResponseAction } from '@slack/bolt'
import { expect, test } from 'vitest'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { httpApp, inputBlock, modal, plain, slackForTest } from './small-app.ts'

const NAME = inputBlock('name', { type: 'plain_text_input', action_id: 'text' }, { optional: true })
const NOTE = { type: 'section', block_id: 'note', text: plain('A note') }
const FORM = modal([NAME, NOTE], { notify_on_close: true }) as never

/** An app that opens a form and answers its submission with `answer`. */
async function formApp(answer: ViewResponseAction | undefined): Promise<SlackStandIn> {
  const slack = await slackForTest()
  const app = await httpApp(slack)
  app.command('/ask', async ({ ack, client, command }) => {
    await client.views.open({ trigger_id: command.trigger_id, view: FORM })
    await ack()
  })
  app.view('form', async ({ ack }) => void (await ack(answer)))
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => void (await ack()))
  await slack.person('U0ANNA').command('/ask')
  return slack
}

/** The answer, what the person sees, which modal then stands, and what is written down. */
const ANSWERS: [claim: string, answer: unknown, sees: object, stands: string | undefined, kinds: string[]][] = [
  ['nothing closes', undefined, { closed: true }, undefined, []],
  ['clear closes', { response_action: 'clear' }, { closed: true }, undefined, []],
  [
    'an update replaces',
    { response_action: 'update', view: modal([NOTE], { title: plain('Done') }) },
    { updated: {} },
    'Done',
    [],
  ],
  [
    'a push covers',
    { response_action: 'push', view: modal([NOTE], { title: plain('More') }) },
    { pushed: {} },
    'More',
    [],
  ],
  ['errors are shown', { response_action: 'errors', errors: { name: 'No' } }, { errors: { name: 'No' } }, 'Form', []],
  [
    'errors must name a block',
    { response_action: 'errors', errors: { nom: 'No' } },
    { failed: 'bad_errors' },
    'Form',
    ['bad_errors'],
  ],
  [
    'errors must name an input',
    { response_action: 'errors', errors: { note: 'No' } },
    { failed: 'bad_errors' },
    'Form',
    ['bad_errors'],
  ],
  [
    'errors cannot be empty',
    { response_action: 'errors', errors: {} },
    { failed: 'bad_errors' },
    'Form',
    ['bad_errors'],
  ],
  ['an unknown word fails', { response_action: 'close' }, { failed: 'unknown_ack_body' }, 'Form', ['unknown_ack_body']],
  [
    'an invalid view fails',
    { response_action: 'update', view: modal([]) },
    { failed: 'invalid_arguments' },
    'Form',
    ['invalid_arguments'],
  ],
]

test.each(ANSWERS)('of the answers to view_submission, %s', async (_, answer, sees, stands, kinds) => {
  const slack = await formApp(answer as ViewResponseAction | undefined)
  const anna = slack.person('U0ANNA')
  expect(await anna.submit()).toMatchObject(sees)
  expect(anna.view()?.definition.title).toEqual(stands && plain(stands))
  expect(slack.violations.map(({ kind }) => kind)).toEqual(kinds)
})

test('submitting twice at once sends the same view id twice', async () => {
  const slack = await formApp(undefined)
  const anna = slack.person('U0ANNA')
  expect(await Promise.all([anna.submit(), anna.submit()])).toEqual([{ closed: true }, { closed: true }])
  const views = slack.deliveries.map(({ payload }) => payload.view).filter((view) => view !== undefined)
  expect(views).toHaveLength(2)
  expect(views[0]).toMatchObject({ id: Object(views[1]).id, state: { values: { name: { text: { value: null } } } } })
})

test('a view that asks for it is told that it was closed', async () => {
  const slack = await formApp(undefined)
  await slack.person('U0ANNA').close()
  expect(slack.deliveries.at(-1)).toMatchObject({
    payload: { type: 'view_closed', is_cleared: false },
    ack: { outcome: 'acked' },
  })
})

test('an app that answers 500 leaves the modal open', async () => {
  const slack = await formApp(undefined)
  slack.setDelivery({ url: `${slack.apiUrl}not-here`.replace('/api/', '/nowhere/') })
  expect(await slack.person('U0ANNA').submit()).toEqual({ failed: 'http_404' })
  expect(slack.person('U0ANNA').view()).toBeDefined()
})
