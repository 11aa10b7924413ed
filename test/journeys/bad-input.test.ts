import { describe, expect, test } from 'vitest'
import { isConfirmed } from '../../sandbox/as-seen.ts'
import { openStage, type Transport } from './helpers/stage.ts'
import {
  askFor,
  cardOf,
  fillForm,
  formText,
  invited,
  isAccepted,
  openForm,
  sessionCalls,
  titleOf,
} from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('the same form sent twice at once, and delivered once more, asks once', async (context) => {
    const stage = await openStage(context, { transport })
    const { slack, easyfreelance } = stage
    const petter = await fillForm(stage)
    const results = await Promise.all([petter.submit(), petter.submit()])
    expect(results.some(isAccepted)).toBe(true)
    await invited(stage)
    const first = slack.deliveries.find(({ payload }) => payload.type === 'view_submission')
    for (let time = 0; time < 2; time += 1) {
      expect(await slack.replay(first?.id ?? 0)).toMatchObject({
        outcome: 'acked',
        body: { response_action: 'update', view: { title: { text: 'Accepted' } } },
      })
    }
    await stage.quiet()
    expect(easyfreelance.sessions()).toHaveLength(1)
    expect(slack.person('U0PETTER').inbox()).toHaveLength(1)
    expect(slack.person('U0OLA').inbox()).toHaveLength(1)
  })

  test('two managers at once for one employee: one asks, the other reads who does', async (context) => {
    const stage = await openStage(context, { transport })
    const forms = [await fillForm(stage, { by: 'U0PETTER' }), await fillForm(stage, { by: 'U0MARIA', note: 'Mine' })]
    const results = await Promise.all(forms.map((form) => form.submit()))
    expect(results.filter(isAccepted)).toHaveLength(1)
    const loser = forms[results.findIndex((result) => !isAccepted(result))]
    const winner = forms[results.findIndex(isAccepted)]
    expect(loser && formText(loser)).toContain(
      `*<@U0OLA> already has an open verification*, asked by <@${winner?.id}> <!date^`,
    )
    expect(loser && formText(loser)).toContain('Nothing was sent.')
    await invited(stage)
    await stage.quiet()
    expect(stage.easyfreelance.sessions()).toHaveLength(1)
  })
})

test('an employee with an open verification is shown with who asked and since when, before anything is filled in', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await invited(stage)
  await stage.jump(60 * 60_000)
  const maria = await openForm(stage, 'U0MARIA', '@ola')
  const [, since] = /asked by <@U0PETTER> <!date\^(\d+)\^/.exec(formText(maria)) ?? []
  expect(Number(since)).toBeLessThan(stage.now() / 1000 - 3500)
  expect(formText(maria)).toContain('State: Link sent. Nothing was sent.')

  // The same when the person is chosen in the form; and it goes away with another.
  await maria.choose('choose_employee', 'U0KARI')
  await stage.slack.until(() => !formText(maria).includes('already has an open verification'))
  await maria.choose('choose_employee', 'U0OLA')
  await stage.slack.until(() => formText(maria).includes('already has an open verification'))
})

/** What a form of an older build, or a forged one, could hold; and at which field that is said. */
const STRANGE: [string, (view: Record<string, unknown>) => Record<string, unknown>, Record<string, unknown>][] = [
  ['nothing at all', (view) => ({ ...view, state: { values: {} } }), { employee: expect.any(String) }],
  ['no state', ({ state: _, ...view }) => view, { employee: expect.any(String) }],
  [
    'a provider of old',
    change('provider', 'choose_provider', { selected_option: { value: 'buypass' } }),
    { provider: expect.any(String) },
  ],
  [
    'no person',
    change('employee', 'choose_employee', { selected_user: '<!channel>' }),
    { employee: expect.any(String) },
  ],
  [
    'a negative number',
    change('employee_number-U0OLA', 'employee_number', { value: '-4711' }),
    { 'employee_number-U0OLA': expect.any(String) },
  ],
  [
    'a number beyond all',
    change('employee_number-U0OLA', 'employee_number', { value: '99999999999' }),
    { 'employee_number-U0OLA': expect.any(String) },
  ],
  [
    'a path for a number',
    change('employee_number-U0OLA', 'employee_number', { value: '4711/../4712' }),
    { 'employee_number-U0OLA': expect.any(String) },
  ],
]

function change(block: string, action: string, value: object) {
  return (view: Record<string, unknown>): Record<string, unknown> => {
    const { values } = view.state as { values: Record<string, unknown> }
    return { ...view, state: { values: { ...values, [block]: { [action]: value } } } }
  }
}

describe('a form that holds', () => {
  test.for(STRANGE)('%s is answered at the field, and nothing is stored', async ([, spoil, errors], context) => {
    const stage = await openStage(context)
    const { slack } = stage
    const petter = await fillForm(stage)
    slack.fault({ method: 'users.info', do: 'loseBefore' })
    await petter.submit()
    const { payload = {} } = slack.deliveries.findLast(({ kind }) => kind === 'interaction') ?? {}
    const view = spoil(payload.view as Record<string, unknown>)
    const ack = await slack.deliver('interaction', { ...payload, view })
    expect(ack).toMatchObject({ outcome: 'acked', body: { response_action: 'errors', errors } })
    await stage.quiet()
    expect(sessionCalls(stage)).toEqual([])
    expect(slack.messages()).toEqual([])
  })

  test('a memory that is none sends the card to the direct messages, never to a channel it names', async (context) => {
    const stage = await openStage(context)
    const { slack } = stage
    const petter = await fillForm(stage, { from: 'C0GENERAL', card: 'To this channel' })
    slack.fault({ method: 'users.info', do: 'loseBefore' })
    await petter.submit()
    const { payload = {} } = slack.deliveries.findLast(({ kind }) => kind === 'interaction') ?? {}
    const view = { ...(payload.view as object), private_metadata: '{"channelId":"#general","employeeId":7}' }
    await slack.deliver('interaction', { ...payload, view })
    await invited(stage)
    await stage.quiet()
    expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
  })
})

test('two changes at once are both shown, whichever Slack shows first', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  const petter = await fillForm(stage)
  await Promise.all([petter.choose('choose_employee', 'U0KARI'), petter.choose('choose_provider', 'veriff')])
  const shown = () => JSON.stringify(petter.view()?.blocks)
  await slack.until(() => shown().includes('Which documents') && shown().includes('employee_number-U0KARI'))

  await petter.choose('id_type', 'local')
  await petter.type('employee_number', '4712')
  await slack.until(() => isConfirmed(petter, 4712))
  expect(titleOf(await petter.submit())).toBe('Accepted')
  await invited(stage, 'U0KARI')
})

test('a change that could not be shown: Send shows the form again, and takes it then', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  const petter = await fillForm(stage)
  slack.fault({ method: 'views.update', do: 'loseBefore' })
  await petter.choose('choose_provider', 'veriff')
  await petter.submit()
  expect(JSON.stringify(petter.view()?.blocks)).toContain('The form has changed')
  expect(slack.messages()).toEqual([])

  await petter.choose('id_type', 'local')
  expect(titleOf(await petter.submit())).toBe('Accepted')
  await invited(stage)
})
