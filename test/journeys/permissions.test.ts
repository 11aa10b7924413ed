import { describe, expect, test } from 'vitest'
import { isConfirmed } from '../../sandbox/as-seen.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import {
  askFor,
  fillForm,
  formText,
  invited,
  isAccepted,
  openForm,
  sessionCalls,
  titleOf,
  toldPrivately,
} from './helpers/steps.ts'

const REFUSED = /^You may not verify employees with this app\. If you should, ask whoever runs the app to add you\.$/

const ACTORS = [
  ['an admin', 'U0MARIA', true],
  ['a manager who is named', 'U0PETTER', true],
  ['another member', 'U0NILS', false],
  ['a guest', 'U0GUEST', false],
  ['a guest of one channel', 'U0SINGLE', false],
  ['an app', 'U0ROBOT', false],
  ['somebody who never signed in', 'U0INVITED', false],
] as const

/** A submission by somebody else of the form that Petter has open: what a forged or replayed payload would be. */
async function submitAs(stage: Stage, userId: string): Promise<unknown> {
  const { slack } = stage
  const petter = await fillForm(stage)
  slack.fault({ method: 'users.info', do: 'loseBefore' })
  await petter.submit()
  const { payload = {} } = slack.deliveries.findLast(({ kind }) => kind === 'interaction') ?? {}
  const ack = await slack.deliver('interaction', { ...payload, user: { id: userId, team_id: slack.teamId } })
  return ack.outcome === 'acked' ? ack.body : ack
}

describe('who may ask', () => {
  test.for(ACTORS)('%s types the command', async ([, userId, may], context) => {
    const stage = await openStage(context)
    const person = stage.slack.person(userId)
    const answers = () => stage.slack.messages().filter(({ ephemeralTo }) => ephemeralTo === userId)
    for (const [nth, typed] of ['list', 'status @ola', 'help', '@ola', ''].entries()) {
      if (may && nth > 2) {
        await openForm(stage, userId, typed)
        continue
      }
      await person.command('/verify', typed, { channelId: 'C0GENERAL' })
      await stage.slack.until(() => answers().length > nth)
    }
    expect(answers().filter(({ text }) => REFUSED.test(text))).toHaveLength(may ? 0 : 5)
    expect(person.view() !== undefined).toBe(may)
  })

  test.for([...ACTORS, ['a stranger', 'U0STRANGER', false] as const, ['nobody at all', 'U0UNKNOWN', false] as const])(
    '%s submits',
    async ([, userId, may], context) => {
      const stage = await openStage(context)
      const answer = await submitAs(stage, userId)
      expect(answer).toMatchObject({
        response_action: 'update',
        view: { title: { text: may ? 'Accepted' : 'Nothing was sent' } },
      })
      if (may) await invited(stage)
      await stage.quiet()
      expect(stage.easyfreelance.sessions()).toHaveLength(may ? 1 : 0)
    },
  )

  test('named managers only, when the settings do not say admins', async (context) => {
    const stage = await openStage(context, { managers: 'U0PETTER' })
    await stage.slack.person('U0MARIA').command('/verify', '@ola')
    await toldPrivately(stage, 'U0MARIA', REFUSED)
    await askFor(stage)
    await invited(stage)
  })

  test.for([
    ['is no admin any more', { isAdmin: false }],
    ['is deactivated', { deleted: true }],
    ['is a guest now', { isRestricted: true }],
  ] as const)(
    'a manager who %s between command and Send is refused, and nothing is sent',
    async ([, change], context) => {
      const stage = await openStage(context)
      const maria = await fillForm(stage, { by: 'U0MARIA' })
      stage.slack.updatePerson('U0MARIA', change)
      const result = await maria.submit()
      expect(titleOf(result)).toBe('Nothing was sent')
      expect(formText(maria)).toMatch(/You may not verify employees with this app\./)
      await stage.quiet()
      expect(sessionCalls(stage)).toEqual([])
      expect(stage.slack.messages()).toEqual([])
    },
  )
})

const TARGETS = [
  ['U0GONE', 'This account is deactivated, so a message would not arrive. Choose somebody else.'],
  ['U0ROBOT', 'This is an app, not a person. Choose a person.'],
  ['U0SANDBOXBOT', 'This is an app, not a person. Choose a person.'],
  ['USLACKBOT', 'Slackbot is not a person. Choose a person.'],
  ['U0STRANGER', 'This person belongs to another company. Choose somebody from your own workspace.'],
  ['U0GUEST', 'Guests cannot be verified here. Choose a full member of your workspace.'],
  ['U0SINGLE', 'Guests cannot be verified here. Choose a full member of your workspace.'],
  ['U0INVITED', 'This person has never signed in to Slack. Ask them to do that first.'],
  ['U0PETTER', 'You cannot verify yourself. Ask a colleague who may.'],
] as const

describe('who can be asked', () => {
  test.for(TARGETS)('%s is refused in the form, in words of its own', async ([employee, words], context) => {
    const stage = await openStage(context)
    const petter = await fillForm(stage, { employee, number: 4711 })
    expect((await petter.submit()).errors).toEqual({ employee: words })
    // The form is still there, with everything in it: another choice is enough.
    await petter.choose('choose_employee', 'U0KARI')
    await stage.slack.until(() => formText(petter).includes('Please check that it is theirs'))
    await stage.slack.until(() => isConfirmed(petter, 4711))
    expect(isAccepted(await petter.submit())).toBe(true)
    await invited(stage, 'U0KARI')
    expect(stage.easyfreelance.sessions()).toHaveLength(1)
  })
})

describe('when Slack does not answer who somebody is', () => {
  test('the command is refused politely', async (context) => {
    const stage = await openStage(context)
    stage.slack.fault({ method: 'users.info', do: { error: 'internal_error' } })
    await stage.slack.person('U0PETTER').command('/verify', '@ola')
    await toldPrivately(
      stage,
      'U0PETTER',
      /^Slack did not tell us in time whether you may do this, so nothing was done\./,
    )
  })

  test.for(['U0PETTER', 'U0OLA'])(
    'the form stays as it is when it was about %s, and can be sent again',
    async (whom, context) => {
      const stage = await openStage(context)
      const petter = await fillForm(stage, { note: 'Please' })
      stage.slack.fault({ method: 'users.info', when: ({ user }) => user === whom, do: 'hang' })
      expect((await petter.submit()).errors).toEqual({
        employee: 'Slack did not answer in time. Nothing was sent; press Send again.',
      })
      expect(isAccepted(await petter.submit())).toBe(true)
      expect((await invited(stage)).text).toContain('Please')
    },
  )
})
