import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { fill, isConfirmed } from '../../sandbox/as-seen.ts'
import type { Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import { PRIVATE_FIELDS } from '../../sandbox/easyfreelance/partner-answers.ts'
import { readManifest } from '../../sandbox/start-sandbox.ts'
import { startBotChild } from './helpers/bot-child.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import { askFor, fillForm, formText, held, invited, isAccepted, openForm, sessionCalls } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const NUMBER = /employee id/
const OLA = 'At EasyFreelance 4711 is *Ola Nordmann*, `…@example.com`. Is that <@U0OLA>?'
const ASKING = '_Asking EasyFreelance who 4711 is…_'
const NOT_SAID = '*EasyFreelance did not say who 4711 is.* You can go on; please check the id yourself.'
const NOT_SENT = '*Nothing was sent yet.* If it is the right person, press Send again.'

const questions = ({ easyfreelance }: Stage) => easyfreelance.calls.filter(({ route }) => route === 'user').length
const says = (stage: Stage, person: Parameters<typeof formText>[0], words: string) =>
  stage.slack.until(() => formText(person).includes(words), { what: `the form to say ${words}` })

/** The form with everything filled in but Enter pressed at the number, as somebody does who goes on with the mouse. */
async function withoutEnter(stage: Stage, number = '4711') {
  const petter = await openForm(stage, 'U0PETTER', '@ola', 'C0GENERAL')
  await petter.write('employee_number', number)
  await fill(petter, /^Note/, 'Hei!')
  await fill(petter, /^Where should/, 'To this channel')
  return petter
}

async function linkOla(stage: Stage): Promise<void> {
  const { slack } = stage
  await slack.person('U0MARIA').command('/verify', 'link @ola 4711')
  await slack.until(() => slack.messages().some(({ text }) => text.includes('is now linked to 4711')))
}

describe.each(TRANSPORTS)('who has the number, over %s', (transport) => {
  test('is shown after the form opened with a number that is known', async (context) => {
    const stage = await openStage(context, { transport })
    await linkOla(stage)
    const petter = await openForm(stage, 'U0PETTER', '@ola')
    await says(stage, petter, OLA)
    expect(isAccepted(await petter.submit())).toBe(true)
    expect(questions(stage)).toBe(1)
  })

  test('is shown when another person is chosen', async (context) => {
    const stage = await openStage(context, { transport })
    await linkOla(stage)
    const petter = await openForm(stage, 'U0PETTER', '@kari')
    await fill(petter, NUMBER, '4712')
    await says(stage, petter, '4712 is *Kari Nordmann*')
    await petter.choose('choose_employee', 'U0OLA')
    await says(stage, petter, OLA)
    expect(formText(petter)).not.toContain('Kari')
  })

  test('is shown when Enter is pressed at the number, and stays when something else is chosen', async (context) => {
    const stage = await openStage(context, { transport })
    const petter = await openForm(stage, 'U0PETTER', '@ola')
    expect((await petter.write('employee_number', '4711')).dispatched).toBe(false)
    expect(questions(stage)).toBe(0)
    await petter.type('employee_number', '4711')
    await says(stage, petter, OLA)
    stage.advance(120_000)
    await fill(petter, /^How should/, 'Veriff')
    await says(stage, petter, 'Which documents')
    expect(formText(petter)).toContain(OLA)
    expect(questions(stage)).toBe(1)
  })

  test('is shown before anything is sent, and everything that was filled in stays', async (context) => {
    const stage = await openStage(context, { transport })
    const petter = await withoutEnter(stage)
    const held1 = await petter.submit()
    expect(JSON.stringify(held1.updated?.blocks)).toContain(ASKING)
    await says(stage, petter, `${OLA}\n${NOT_SENT}`)
    expect([NUMBER, /^Note/, /^Where should/].map((field) => held(petter, field))).toEqual(['4711', 'Hei!', 'channel'])
    expect(sessionCalls(stage)).toEqual([])
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
  })
})

describe('Send', () => {
  test('shows who it is at once when that is known, and goes on the next time', async (context) => {
    const stage = await openStage(context)
    await fillForm(stage, { by: 'U0MARIA', number: 4711 })
    const petter = await withoutEnter(stage)
    const first = await petter.submit()
    expect(formText(petter)).toContain(`${OLA}\n${NOT_SENT}`)
    expect(isAccepted(first)).toBe(false)
    expect(isAccepted(await petter.submit())).toBe(true)
    expect(questions(stage)).toBe(1)
  })

  test('is about the number that stands there, not the one that was shown', async (context) => {
    const stage = await openStage(context)
    const petter = await fillForm(stage, { number: 4711 })
    await petter.write('employee_number', '4712')
    expect(isAccepted(await petter.submit())).toBe(false)
    await says(stage, petter, '4712 is *Kari Nordmann*')
    expect(formText(petter)).toContain('not the e-mail address they have in Slack')
    expect(sessionCalls(stage)).toEqual([])
  })

  test('is about the number that we know, once another one was typed and taken back', async (context) => {
    const stage = await openStage(context)
    await linkOla(stage)
    const petter = await openForm(stage, 'U0PETTER', '@ola')
    await says(stage, petter, OLA)
    await petter.type('employee_number', '4712')
    await says(stage, petter, '4712 is *Kari Nordmann*')
    expect((await petter.submit()).errors).toBeDefined()
    await petter.write('employee_number', '4711')
    expect(isAccepted(await petter.submit())).toBe(false)
    await says(stage, petter, OLA)
    expect(formText(petter)).not.toContain('Kari')
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('pressed twice while EasyFreelance is asked is held twice, and asks once', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'user', do: { lateMs: 300 } })
    const petter = await withoutEnter(stage)
    const results = [await petter.submit(), await petter.submit()]
    expect(results.map(isAccepted)).toEqual([false, false])
    await says(stage, petter, OLA)
    expect(questions(stage)).toBe(1)
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
    expect(stage.easyfreelance.sessions()).toHaveLength(1)
  })

  test('is never held twice for an answer that could not be shown', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'user', do: { status: 500 } })
    stage.slack.fault({ method: 'views.update', do: 'loseBefore' })
    const petter = await withoutEnter(stage)
    await petter.submit()
    while (!stage.log.some((line) => line.includes('form not updated'))) await turn()
    expect(formText(petter)).toContain(ASKING)
    await petter.submit()
    expect(formText(petter)).toContain(`${NOT_SAID}\n${NOT_SENT}`)
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('goes on after the bot was killed while it asked', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const killed = startBotChild(stage.settings, stage.hear)
    await killed.ready
    const lift = stage.easyfreelance.fault({ route: 'user', do: 'hang' })
    const petter = await withoutEnter(stage)
    await petter.submit()
    await stage.easyfreelance.until(() => questions(stage) === 1)
    await killed.signal('SIGKILL')
    lift()
    await stage.startBot()
    expect(formText(petter)).toContain(ASKING)
    await petter.submit()
    expect(formText(petter)).toContain(NOT_SAID)
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
  })

  test('is refused at the field for a number of nobody, as often as it is pressed', async (context) => {
    const stage = await openStage(context)
    const petter = await withoutEnter(stage, '999')
    await petter.submit()
    await says(stage, petter, '*EasyFreelance knows nobody with the id 999.*')
    for (let press = 0; press < 2; press += 1) {
      expect((await petter.submit()).errors).toEqual({
        'employee_number-U0OLA':
          'EasyFreelance knows nobody with this id. Look it up in EasyFreelance, correct it and press Send again.',
      })
    }
    stage.advance(61_000)
    expect((await petter.submit()).updated).toBeDefined()
    await says(stage, petter, '*EasyFreelance knows nobody with the id 999.*')
    expect(sessionCalls(stage)).toEqual([])
    await fill(petter, NUMBER, '4711')
    await says(stage, petter, OLA)
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('says what is wrong with a link to a number of nobody', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'user', do: { status: 404 } })
    await linkOla(stage)
    const petter = await openForm(stage, 'U0PETTER', '@ola')
    await says(stage, petter, 'knows nobody with the id 4711')
    expect((await petter.submit()).errors?.['employee_number-U0OLA-4711']).toContain(
      'Have the link changed with /verify',
    )
  })
})

const UNANSWERED: [string, Misbehaviour, string][] = [
  ['fails', { status: 500 }, NOT_SAID],
  ['loses the question', 'lose', NOT_SAID],
  ['asks for silence', { status: 429, retryAfter: '1' }, NOT_SAID],
  ['does not let the app in', { status: 401 }, NOT_SAID],
  ['answers nonsense', { garbage: 'html' }, NOT_SAID],
  ['does not let the app see the person', { status: 403 }, 'does not let this app see who 4711 is'],
]

describe('when EasyFreelance', () => {
  test.for(UNANSWERED)('%s, the form says so and goes on', async ([, fault, words], context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'user', do: fault })
    const petter = await withoutEnter(stage)
    await petter.submit()
    await says(stage, petter, words)
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('never answers, Slack is answered at once all the same, and Send goes on soon', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'user', times: Number.POSITIVE_INFINITY, do: 'hang' })
    const petter = await withoutEnter(stage)
    // Both are answered while EasyFreelance hangs, which Slack would not wait for.
    for (let press = 0; press < 2; press += 1) {
      await petter.submit()
      expect(formText(petter)).toContain(ASKING)
    }
    await stage.slack.until(() => formText(petter).includes(NOT_SAID), { withinMs: 8000 })
    expect(questions(stage)).toBe(1)
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
  })

  test('has no request to spare, nothing is asked and Send goes on', async (context) => {
    const stage = await openStage(context, { settings: { EASYFREELANCE_REQUESTS_PER_MINUTE: '30' } })
    const petter = await withoutEnter(stage)
    await petter.submit()
    await says(stage, petter, NOT_SAID)
    expect(questions(stage)).toBe(0)
    expect(isAccepted(await petter.submit())).toBe(true)
    await stage.later(() => stage.easyfreelance.sessions().length === 1)
  })
})

describe('the form warns', () => {
  test('of somebody who is verified already, before anything is sent', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.addEmployee({ id: 4711, email: 'ola@example.com', name: 'Ola Nordmann', verified: true })
    const petter = await withoutEnter(stage)
    await petter.submit()
    await says(stage, petter, '*They are verified already.*')
    expect(sessionCalls(stage)).toEqual([])
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('of an e-mail address that is not the one in Slack', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.addEmployee({ id: 4711, email: 'other@example.com', name: 'Ola Nordmann' })
    await fillForm(stage, { number: 4711 })
    expect(formText(stage.slack.person('U0PETTER'))).toContain('not the e-mail address they have in Slack')
  })

  test.for([
    ['Slack has not confirmed it', {}],
    ['the app may not read it', { manifest: withoutEmailScope() }],
  ] as const)('of nothing when %s', async ([why, options], context) => {
    const stage = await openStage(context, options)
    if (!('manifest' in options)) stage.slack.updatePerson('U0OLA', { isEmailConfirmed: false })
    stage.easyfreelance.addEmployee({ id: 4711, email: 'other@example.com', name: 'Ola Nordmann' })
    const petter = await fillForm(stage, { number: 4711 })
    expect([why, formText(petter).includes('4711 is *Ola Nordmann*')]).toEqual([why, true])
    expect(formText(petter)).not.toContain('⚠️')
    expect(isAccepted(await petter.submit())).toBe(true)
  })

  test('a hostile name stays a name', async (context) => {
    const stage = await openStage(context)
    const name = '<!channel> *<@U0KARI>* <https://evil.test|here>\u202e\n> Approved'
    stage.easyfreelance.addEmployee({ id: 4711, email: 'ola@example.com', name })
    const petter = await fillForm(stage, { number: 4711 })
    expect(formText(petter)).toContain(
      '4711 is *&lt;!channel&gt; ∗&lt;@U0KARI&gt;∗ &lt;https://evil.test|here&gt; &gt; Approved*,',
    )
    expect(isAccepted(await petter.submit())).toBe(true)
  })
})

test('nobody may look who has a number without being a manager, or about themselves', async (context) => {
  const stage = await openStage(context)
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  const maria = await openForm(stage, 'U0MARIA', '@maria')
  await maria.type('employee_number', '4711')
  stage.slack.updatePerson('U0PETTER', { isRestricted: true })
  await petter.type('employee_number', '4711')
  await stage.slack.until(() => formText(petter).includes('You may not verify employees'))
  await stage.quiet()
  expect(stage.easyfreelance.calls).toEqual([])
})

test('nobody may look while Slack does not say who they are', async (context) => {
  const stage = await openStage(context)
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  stage.slack.fault({ method: 'users.info', when: ({ user }) => user === 'U0PETTER', do: { status: 500 } })
  await petter.type('employee_number', '4712')
  while (!stage.log.some((line) => line.includes('slack did not say enough'))) await turn()
  await petter.type('employee_number', '4711')
  await says(stage, petter, OLA)
  expect(questions(stage)).toBe(1)
})

test('what was chosen while EasyFreelance was asked is not lost', async (context) => {
  const stage = await openStage(context)
  await linkOla(stage)
  stage.easyfreelance.fault({ route: 'user', do: { lateMs: 300 } })
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  expect(formText(petter)).toContain(ASKING)
  await fill(petter, /^Note/, 'Hei!')
  await fill(petter, /^How should/, 'Veriff')
  await says(stage, petter, 'Which documents')
  await fill(petter, /^Which documents/, 'Foreign documents')
  await says(stage, petter, OLA)
  const kept = [/^How should/, /^Which documents/, /^Note/, NUMBER].map((field) => held(petter, field))
  expect(kept).toEqual(['veriff', 'international', 'Hei!', '4711'])
  expect(questions(stage)).toBe(1)
  expect(isAccepted(await petter.submit())).toBe(true)
})

test('nothing of it is kept: no name and no address in the log, the database, a message or what the form remembers', async (context) => {
  const stage = await openStage(context)
  const email = 'canary.address@example.org'
  stage.slack.updatePerson('U0OLA', { email })
  stage.easyfreelance.addEmployee({ id: 4711, email, name: 'Canary Name' })
  const petter = await fillForm(stage, { number: 4711 })
  expect(formText(petter)).toContain('4711 is *Canary Name*, `c…s@example.org`')
  const remembered = stage.slack.views().map(({ definition }) => definition.private_metadata)
  await petter.submit()
  await invited(stage)
  await stage.quiet()
  const files = ['', '-wal'].map((end) => readFileSync(`${stage.settings.DATABASE_PATH}${end}`, 'latin1'))
  const kept = [...stage.log, ...files, JSON.stringify(stage.slack.messages()), JSON.stringify(remembered)].join('\n')
  expect(kept).not.toMatch(/canary/i)
  const shown = JSON.stringify([stage.slack.calls.map(({ args }) => args), stage.slack.views()])
  expect(shown).not.toContain(email)
  for (const word of Object.values(PRIVATE_FIELDS)) expect(shown).not.toContain(word)
})

test('where looking up by e-mail was not asked for, nothing of it appears and nobody is created', async (context) => {
  const stage = await openStage(context)
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  expect(JSON.stringify(petter.view()?.blocks)).not.toMatch(/e-mail|checkboxes/)
  expect((await petter.submit()).errors).toEqual({ 'employee_number-U0OLA': 'Please complete this required field' })
  await petter.close()
  await askFor(stage)
  await invited(stage)
  expect(isConfirmed(petter, 4711)).toBe(false)
  expect(stage.easyfreelance.calls.filter(({ route }) => route === 'link')).toEqual([])
})

function withoutEmailScope(): object {
  const manifest = readManifest() as { oauth_config: { scopes: { bot: string[] } } }
  const bot = manifest.oauth_config.scopes.bot.filter((scope) => scope !== 'users:read.email')
  return { ...manifest, oauth_config: { scopes: { bot } } }
}
