import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { fill, isConfirmed } from '../../sandbox/as-seen.ts'
import type { Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import { PRIVATE_FIELDS } from '../../sandbox/easyfreelance/partner-answers.ts'
import { startBotChild } from './helpers/bot-child.ts'
import { openStage, type Stage, type StageOptions, type Transport } from './helpers/stage.ts'
import { askFor, formText, held, invited, isAccepted, openForm, toldPrivately } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const NUMBER = /employee id/
const TICK = /^No id at hand/
const FIND = 'Find <@U0OLA> by e-mail'
const NOT_SENT = '*Nothing was sent yet.* If it is the right person, press Send again.'

const open = (context: Parameters<typeof openStage>[0], options: StageOptions = {}) =>
  openStage(context, { ...options, settings: { EMPLOYEE_LOOKUP: 'email', ...options.settings } })
const links = ({ easyfreelance }: Stage) => easyfreelance.calls.filter(({ route }) => route === 'link')
const says = (stage: Stage, person: Parameters<typeof formText>[0], words: string) =>
  stage.slack.until(() => formText(person).includes(words), { what: `the form to say ${words}` })

/** The form about Ola, whose number nobody knows, with the wish to have it found. */
async function ticked(stage: Stage) {
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  await fill(petter, TICK, FIND)
  return petter
}

function audited({ settings }: Stage): string[] {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const rows = db
    .prepare("select action, actor_id, subject_id, result, reason from audit where action = 'lookup'")
    .raw()
  const all = rows.all().map((row) => String(row))
  db.close()
  return all
}

describe.each(TRANSPORTS)('finding somebody by e-mail, over %s', (transport) => {
  test('fills in the number, says who that is, and leaves it to the next Send', async (context) => {
    const stage = await open(context, { transport })
    const petter = await ticked(stage)
    await fill(petter, /^Note/, 'Hei!')
    const first = await petter.submit()
    expect(JSON.stringify(first.updated?.blocks)).toContain('_Asking EasyFreelance for the account of <@U0OLA>…_')
    await says(
      stage,
      petter,
      `At EasyFreelance 4711 is *Ola Nordmann*, \`…@example.com\`. Is that <@U0OLA>?\n${NOT_SENT}`,
    )
    expect([held(petter, NUMBER), held(petter, /^Note/)]).toEqual(['4711', 'Hei!'])
    expect(formText(petter)).toContain('Linked to this person.')
    expect(formText(petter)).not.toContain('No id at hand')
    expect(stage.easyfreelance.sessions()).toEqual([])

    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
    expect(links(stage).map(({ request }) => request)).toEqual([{ email: 'ola@example.com' }])
    expect(stage.easyfreelance.calls.filter(({ route }) => route === 'user')).toEqual([])
    expect(audited(stage)).toEqual(['lookup,U0PETTER,U0OLA,done,asked', 'lookup,U0PETTER,U0OLA,done,found'])
  })

  test('creates an account for an address that EasyFreelance does not know', async (context) => {
    const stage = await open(context, { transport })
    stage.slack.updatePerson('U0OLA', { email: 'brand.new@example.com' })
    const petter = await ticked(stage)
    await petter.submit()
    await says(stage, petter, 'At EasyFreelance 4800 is *somebody without a name*, `b…w@example.com`.')
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
  })
})

describe('the form', () => {
  test('offers it only for somebody whose number is not known', async (context) => {
    const stage = await open(context)
    await askFor(stage)
    await invited(stage)
    const maria = await openForm(stage, 'U0MARIA', '@ola')
    expect(formText(maria)).not.toContain('No id at hand')
    await maria.choose('choose_employee', 'U0KARI')
    await says(stage, maria, 'No id at hand?')
    expect(formText(maria)).toContain('or creates one when there is none')
  })

  test('says both ways to go on when there is neither', async (context) => {
    const stage = await open(context)
    const petter = await openForm(stage, 'U0PETTER', '@ola')
    expect((await petter.submit()).errors).toEqual({
      'employee_number-U0OLA': 'Type the id, or tick the box below to have it found by e-mail.',
    })
    expect(stage.easyfreelance.calls).toEqual([])
  })

  test('goes by the number where one was typed', async (context) => {
    const stage = await open(context)
    const petter = await ticked(stage)
    await fill(petter, NUMBER, '4711')
    await stage.slack.until(() => isConfirmed(petter, 4711))
    expect(isAccepted(await petter.submit())).toBe(true)
    expect(links(stage)).toEqual([])
  })

  test('has nobody found who has an open verification already', async (context) => {
    const stage = await open(context)
    const petter = await ticked(stage)
    await askFor(stage, { by: 'U0MARIA', number: 4711 })
    await petter.submit()
    expect(formText(petter)).toContain('already has an open verification')
    expect(links(stage)).toEqual([])
  })
})

const REFUSED: [string, Misbehaviour, RegExp][] = [
  ['does not take the address', { status: 422 }, /did not take the e-mail address of <@U0OLA>.*No account was linked/],
  ['does not let the app do that', { status: 403 }, /does not let this app look up <@U0OLA>/],
  ['does not let the app in', { status: 401 }, /does not let this app in/],
  ['is asked too much', { status: 429 }, /asked too much just now/],
]
const UNKNOWN: Misbehaviour[] = [{ status: 500, done: true }, 'lose', { garbage: 'html' }, { garbage: 'empty' }]

describe('when EasyFreelance', () => {
  test.for(REFUSED)('%s, the form says so, and takes a number instead', async ([, fault, words], context) => {
    const stage = await open(context)
    stage.easyfreelance.fault({ route: 'link', do: fault })
    const petter = await ticked(stage)
    await petter.submit()
    await stage.slack.until(() => words.test(formText(petter)))
    expect(formText(petter)).toContain('Please type the id instead.')
    await fill(petter, NUMBER, '4711')
    await stage.slack.until(() => isConfirmed(petter, 4711))
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test.for(UNKNOWN)('gives no clear answer (%j), Send can be pressed again', async (fault, context) => {
    const stage = await open(context)
    stage.slack.updatePerson('U0OLA', { email: 'new@example.com' })
    stage.easyfreelance.fault({ route: 'link', do: fault })
    const petter = await ticked(stage)
    await petter.submit()
    await says(stage, petter, "*We don't know whether EasyFreelance linked the account of <@U0OLA>.*")
    await petter.submit()
    await says(stage, petter, 'At EasyFreelance 4800 is ')
    expect(isAccepted(await petter.submit())).toBe(true)
    expect(links(stage)).toHaveLength(2)
    expect(audited(stage).map((row) => row.split(',').slice(3).join())).toEqual([
      'done,asked',
      expect.stringMatching(/^unsure,/),
      'done,asked',
      'done,found',
    ])
  })

  test('names somebody else’s number, nothing is linked and the form says whose it is', async (context) => {
    const stage = await open(context)
    await stage.slack.person('U0MARIA').command('/verify', 'link @kari 4711')
    await toldPrivately(stage, 'U0MARIA', /is now linked/)
    const petter = await ticked(stage)
    await petter.submit()
    await says(stage, petter, 'under the id 4711, which is used for <@U0KARI> here.')
    expect(held(petter, NUMBER)).toBeNull()
    expect(audited(stage).at(-1)).toBe('lookup,U0PETTER,U0OLA,refused,number_taken')
  })

  test('is asked once, however often Send is pressed', async (context) => {
    const stage = await open(context)
    stage.easyfreelance.fault({ route: 'link', do: { lateMs: 300 } })
    const petter = await ticked(stage)
    await petter.submit()
    await petter.submit()
    await says(stage, petter, 'At EasyFreelance 4711 is *Ola Nordmann*')
    expect(links(stage)).toHaveLength(1)
    expect(isAccepted(await petter.submit())).toBe(true)
  })
})

test('an answer that could not be shown is there at the next Send, without another call', async (context) => {
  const stage = await open(context)
  stage.slack.fault({ method: 'views.update', do: 'loseBefore' })
  const petter = await ticked(stage)
  await petter.submit()
  while (!stage.log.some((line) => line.includes('form not updated'))) await turn()
  await petter.submit()
  expect(held(petter, NUMBER)).toBe('4711')
  expect(formText(petter)).toContain('4711 is *Ola Nordmann*')
  expect(isAccepted(await petter.submit())).toBe(true)
  expect(links(stage)).toHaveLength(1)
})

test('a bot that is killed while it asks has the intent on record, and goes on', async (context) => {
  const stage = await open(context, { withoutBot: true })
  const killed = startBotChild(stage.settings, stage.hear)
  await killed.ready
  stage.easyfreelance.fault({ route: 'link', do: 'hang_after' })
  const petter = await ticked(stage)
  await petter.submit()
  await stage.easyfreelance.until(() => links(stage).length === 1)
  await killed.signal('SIGKILL')
  expect(audited(stage)).toEqual(['lookup,U0PETTER,U0OLA,done,asked'])
  await stage.startBot()
  await petter.submit()
  await says(stage, petter, 'At EasyFreelance 4711 is *Ola Nordmann*')
  expect(isAccepted(await petter.submit())).toBe(true)
  await invited(stage)
})

describe('without a confirmed address', () => {
  test('nobody is asked, and the form says what to do', async (context) => {
    const stage = await open(context)
    stage.slack.updatePerson('U0OLA', { isEmailConfirmed: false })
    const petter = await ticked(stage)
    await petter.submit()
    await says(stage, petter, '*Slack tells this app no confirmed e-mail address of <@U0OLA>.*')
    expect(stage.easyfreelance.calls).toEqual([])
    expect(audited(stage)).toEqual(['lookup,U0PETTER,U0OLA,refused,no_email'])
  })
})

describe('nobody is looked up', () => {
  test('for somebody who may not verify any more', async (context) => {
    const stage = await open(context)
    const petter = await ticked(stage)
    stage.slack.updatePerson('U0PETTER', { isRestricted: true })
    await petter.submit()
    expect(formText(petter)).toContain('You may not verify employees')
    expect(stage.easyfreelance.calls).toEqual([])
  })

  test('who is no full member', async (context) => {
    const stage = await open(context)
    const petter = await ticked(stage)
    stage.slack.updatePerson('U0OLA', { isRestricted: true })
    expect((await petter.submit()).errors?.employee).toContain('Guests cannot be verified here')
    expect(stage.easyfreelance.calls).toEqual([])
  })
})

test('the address is nowhere but at EasyFreelance, and nothing private of the answer is anywhere', async (context) => {
  const stage = await open(context)
  const email = 'canary.person@example.org'
  stage.slack.updatePerson('U0OLA', { email })
  const petter = await ticked(stage)
  await petter.submit()
  await says(stage, petter, '`c…n@example.org`')
  await petter.submit()
  await invited(stage)
  await stage.quiet()
  const files = ['', '-wal'].map((end) => readFileSync(`${stage.settings.DATABASE_PATH}${end}`, 'latin1'))
  const kept = [...stage.log, ...files, JSON.stringify(stage.slack.messages())].join('\n')
  expect(kept).not.toMatch(/canary/i)
  const everywhere = `${kept}${JSON.stringify([stage.slack.calls.map(({ args }) => args), stage.slack.views()])}`
  expect(everywhere).not.toContain(email)
  for (const word of Object.values(PRIVATE_FIELDS)) expect(everywhere).not.toContain(word)
})
