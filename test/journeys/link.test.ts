import { describe, expect, test } from 'vitest'
import { fill, isConfirmed } from '../../sandbox/as-seen.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import {
  askFor,
  fillForm,
  formText,
  held,
  invited,
  isAccepted,
  openForm,
  sessionCalls,
  toldPrivately,
} from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const NUMBER = /employee id/

async function type(stage: Stage, by: string, text: string, answer: RegExp): Promise<string> {
  const before = stage.slack.messages().length
  await stage.slack.person(by).command('/verify', text)
  const told = await stage.slack.until(
    () =>
      stage.slack
        .messages()
        .slice(before)
        .find(({ ephemeralTo, text: said }) => ephemeralTo === by && answer.test(said)),
    { what: `a private answer that says ${answer}` },
  )
  return told.text
}

describe.each(TRANSPORTS)('a link over %s', (transport) => {
  test('is made by a manager, fills in the form, and is the only number it takes', async (context) => {
    const stage = await openStage(context, { transport })
    await type(stage, 'U0PETTER', 'link @ola 4711', /<@U0OLA> is now linked to 4711/)
    await type(stage, 'U0MARIA', 'link @ola 4711', /is linked to 4711 at EasyFreelance already/)

    const petter = await openForm(stage, 'U0PETTER', '@ola')
    expect(held(petter, NUMBER)).toBe('4711')
    expect(formText(petter)).toContain('Linked to this person.')
    await fill(petter, NUMBER, '4712')
    expect((await petter.submit()).errors).toEqual({
      'employee_number-U0OLA-4711': expect.stringContaining('is linked to 4711, not to this id'),
    })
    expect(stage.easyfreelance.sessions()).toEqual([])

    await fill(petter, NUMBER, '4711')
    await stage.slack.until(() => isConfirmed(petter, 4711))
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage)
  })
})

test('a number that is somebody else’s is refused with whose it is, until it is unlinked', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await invited(stage)
  await type(stage, 'U0MARIA', 'link @kari 4711', /4711 belongs to <@U0OLA>/)
  await stage.jump(1000)
  stage.easyfreelance.decide(String(stage.easyfreelance.sessions()[0]?.id), 'approved')
  await stage.later(() => stage.slack.messages().find(({ text }) => /Approved/.test(text)), 20 * 60_000)
  await type(stage, 'U0MARIA', 'unlink @ola', /<@U0OLA> is no longer linked to 4711/)
  await type(stage, 'U0MARIA', 'link @kari 4711', /<@U0KARI> is now linked to 4711/)
  expect(held(await openForm(stage, 'U0MARIA', '@ola'), NUMBER)).toBeNull()
  await askFor(stage, { by: 'U0MARIA', employee: 'U0KARI' })
  await invited(stage, 'U0KARI')
})

test.each([
  ['U0NILS', 'link @ola 4711', /You may not verify employees/],
  ['U0NILS', 'unlink @ola', /You may not verify employees/],
  ['U0PETTER', 'link @petter 4711', /You cannot change your own link/],
  ['U0PETTER', 'unlink @petter', /You cannot change your own link/],
  ['U0PETTER', 'link @guest 4711', /Guests cannot be verified here/],
  ['U0PETTER', 'link @single 4711', /Guests cannot be verified here/],
  ['U0PETTER', 'link @gone 4711', /deactivated/],
  ['U0PETTER', 'link @robot 4711', /is an app/],
  ['U0PETTER', 'link @stranger 4711', /another company/],
  ['U0PETTER', 'link @invited 4711', /never signed in/],
  ['U0PETTER', 'link @slackbot 4711', /Slackbot is not a person/],
  ['U0PETTER', 'link @ola', /Type `\/verify link @employee 4711`/],
  ['U0PETTER', 'link 4711', /Type `\/verify link @employee 4711`/],
  ['U0PETTER', 'unlink', /Type `\/verify unlink @employee`/],
  ['U0PETTER', 'unlink @kari', /No number at EasyFreelance is known for <@U0KARI>/],
  ['U0PETTER', 'unlink @gone', /No number at EasyFreelance is known for <@U0GONE>/],
] as const)('%s types /verify %s and nothing is changed', async (by, text, answer) => {
  const finish: (() => Promise<void>)[] = []
  const stage = await openStage({ onTestFinished: (fn) => void finish.push(fn) })
  await type(stage, by, text, answer)
  expect(held(await openForm(stage, 'U0MARIA', '@ola'), NUMBER)).toBeNull()
  for (const end of finish) await end()
})

test('when Slack doesn’t say who somebody is, nothing is linked', async (context) => {
  const stage = await openStage(context)
  stage.slack.fault({ method: 'users.info', when: ({ user }) => user === 'U0OLA', do: { status: 500 } })
  await stage.slack.person('U0PETTER').command('/verify', 'link @ola 4711')
  await toldPrivately(stage, 'U0PETTER', /Slack did not tell us in time who this is/)
  expect(held(await openForm(stage, 'U0MARIA', '@ola'), NUMBER)).toBeNull()
})

test('a link changed after the form was opened wins over what the form shows', async (context) => {
  const stage = await openStage(context)
  const petter = await fillForm(stage, { number: 4712 })
  await type(stage, 'U0MARIA', 'link @ola 4711', /is now linked/)
  expect((await petter.submit()).errors).toEqual({
    'employee_number-U0OLA': expect.stringContaining('is linked to 4711'),
  })
  expect(sessionCalls(stage)).toEqual([])
})
