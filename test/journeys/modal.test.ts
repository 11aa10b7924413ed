import { describe, expect, test } from 'vitest'
import { fill, isConfirmed } from '../../sandbox/as-seen.ts'
import { openStage, type Transport } from './helpers/stage.ts'
import {
  askFor,
  cardSays,
  fillForm,
  formText,
  hasField,
  held,
  invited,
  openForm,
  sessionCalls,
  titleOf,
} from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const ID_TYPE = /^Which documents/
const NUMBER = /employee id/

describe.each(TRANSPORTS)('the form over %s', (transport) => {
  test('shows the ID type for Veriff only, and keeps what was filled in', async (context) => {
    const stage = await openStage(context, { transport })
    const petter = await openForm(stage, 'U0PETTER', '@ola', 'C0GENERAL')
    expect(hasField(petter, ID_TYPE)).toBe(false)
    await fill(petter, NUMBER, '4711')
    await fill(petter, /^Note/, 'Hei & velkommen <3')
    await fill(petter, /^Where should/, 'To this channel')

    await fill(petter, /^How should/, 'Veriff')
    await stage.slack.until(() => hasField(petter, ID_TYPE))
    await fill(petter, ID_TYPE, 'Foreign documents')
    await fill(petter, /^How should/, 'BankID')
    await stage.slack.until(() => !hasField(petter, ID_TYPE))

    const kept = [/^Employee/, NUMBER, /^Note/, /^Where should/, /^How should/].map((field) => held(petter, field))
    expect(kept).toEqual(['U0OLA', '4711', 'Hei & velkommen <3', 'channel', 'bankid'])
  })

  test('says what is wrong at each field, stores nothing, and then says that it was accepted', async (context) => {
    const stage = await openStage(context, { transport })
    const petter = await fillForm(stage, { provider: 'Veriff', number: 4711 })
    await fill(petter, NUMBER, 'four')
    await fill(petter, /^Note/, 'n'.repeat(301))
    const refused = await petter.submit()
    expect(refused.errors).toEqual({
      'employee_number-U0OLA': 'Type the id as a whole number between 1 and 2147483647.',
      note: 'The note is too long. Please keep it within 300 characters.',
    })
    expect(sessionCalls(stage)).toEqual([])

    await fill(petter, NUMBER, ' 4711 ')
    await stage.slack.until(() => isConfirmed(petter, 4711))
    await fill(petter, /^Note/, 'n'.repeat(300))
    const taken = await petter.submit()
    expect(titleOf(taken)).toBe('Accepted')
    expect(formText(petter)).toContain('<@U0OLA> will get a link to Veriff by direct message in a moment.')
    expect((await invited(stage)).text).toContain('n'.repeat(300))
  })
})

test('a number is remembered after the first success, and shown for its person only', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await invited(stage)
  const maria = await openForm(stage, 'U0MARIA', '@kari')
  expect(held(maria, NUMBER)).toBeNull()
  await maria.choose('choose_employee', 'U0OLA')
  await stage.slack.until(() => held(maria, NUMBER) === '4711')
  expect(formText(maria)).toContain('Remembered from last time.')
  await maria.choose('choose_employee', 'U0KARI')
  await stage.slack.until(() => held(maria, NUMBER) === null)
})

test('a number that EasyFreelance did not take is not remembered', async (context) => {
  const stage = await openStage(context)
  stage.easyfreelance.fault({ route: 'user', do: { status: 500 } })
  await askFor(stage, { number: 999 })
  await cardSays(stage, /^Not started\./)
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  expect(held(petter, NUMBER)).toBeNull()
})

test('a number that is in use for somebody else is refused, naming them and what to do', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await invited(stage)
  const petter = await fillForm(stage, { employee: 'U0KARI', number: 4711 })
  await petter.submit()
  const blocks = JSON.stringify(petter.view()?.blocks)
  expect(blocks).toContain('EasyFreelance id 4711 is already used for <@U0OLA>.')
  expect(held(petter, NUMBER)).toBe('4711')
  expect(stage.easyfreelance.sessions()).toHaveLength(1)
})

test('the card can go to a channel only when the command came from one', async (context) => {
  const stage = await openStage(context)
  const fromDm = await openForm(stage, 'U0PETTER', '@ola')
  expect(hasField(fromDm, /^Where should/)).toBe(false)
  const fromChannel = await openForm(stage, 'U0MARIA', '@ola', 'C0GENERAL')
  expect(held(fromChannel, /^Where should/)).toBe('dm')
})

test('a form sent before it could be shown again for the new person is shown again, not taken', async (context) => {
  const stage = await openStage(context)
  const petter = await fillForm(stage, { number: 4711 })
  stage.slack.fault({ method: 'views.update', do: 'loseBefore' })
  await petter.choose('choose_employee', 'U0KARI')
  await petter.submit()
  const blocks = JSON.stringify(petter.view()?.blocks)
  expect(blocks).toContain('The form has changed')
  expect(blocks).toContain('Please check that it is theirs')
  expect(sessionCalls(stage)).toEqual([])
})
