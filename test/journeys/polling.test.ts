import { expect, test } from 'vitest'
import { button, press } from '../../sandbox/as-seen.ts'
import type { Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, FIRST_LOOK_MS, invitationOf, invited, noticeSays } from './helpers/steps.ts'

const DAY_MS = 24 * 60 * 60_000
const HOUR_MS = 60 * 60_000

async function waiting(stage: Stage): Promise<string> {
  await askFor(stage)
  await invited(stage)
  await cardSays(stage, /^Waiting for/)
  return stage.easyfreelance.sessions().at(-1)?.id ?? ''
}

const polls = ({ easyfreelance }: Stage) => easyfreelance.calls.filter(({ route }) => route === 'poll').length

/** Moves the clock on until EasyFreelance has been asked so many times more. */
async function askedAgain(stage: Stage, times: number, stepMs: number): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    const before = polls(stage)
    await stage.jump(stepMs)
    await stage.easyfreelance.until(() => polls(stage) > before, { what: `poll ${round + 1} of ${times}` })
    await stage.quiet()
  }
}

const PASSING: [string, Misbehaviour][] = [
  ['500', { status: 500 }],
  ['429', { status: 429, retryAfter: '5' }],
  ['401', { status: 401 }],
  ['a lost answer', 'lose'],
  ['garbage', { garbage: 'html' }],
  ['another session', { garbage: 'wrong_id' }],
]

test.for(PASSING)(
  'a poll answered with %s changes nothing, and the outcome comes all the same',
  async ([, fault], context) => {
    const stage = await openStage(context)
    const session = await waiting(stage)
    stage.easyfreelance.decide(session, 'approved')
    stage.easyfreelance.fault({ route: 'poll', do: fault })
    await askedAgain(stage, 1, FIRST_LOOK_MS)
    expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
    await stage.later(() => cardOf(stage)?.text.startsWith('Approved.'), 10 * 60_000)
  },
)

test('a session that EasyFreelance no longer knows is parked at the fifth time', async (context) => {
  const stage = await openStage(context)
  await waiting(stage)
  stage.easyfreelance.fault({ route: 'poll', times: 5, do: { status: 404 } })
  await askedAgain(stage, 4, 10 * 60_000)
  expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
  await askedAgain(stage, 1, 10 * 60_000)
  const card = await cardSays(stage, /^Please decide: session not found\. EasyFreelance no longer knows this session/)

  await press(stage.slack.person('U0PETTER'), card, /^Check again$/)
  await cardSays(stage, /^Waiting for/)
})

test('a session that belongs to another partner is parked at once', async (context) => {
  const stage = await openStage(context)
  await waiting(stage)
  stage.easyfreelance.fault({ route: 'poll', do: { status: 403 } })
  await askedAgain(stage, 1, FIRST_LOOK_MS)
  await cardSays(stage, /^Please decide: no access\. EasyFreelance does not let us see the result\./)
  await noticeSays(stage, /needs you\. Please decide: no access\./)
})

test('a status nobody documented is shown as it stands, and settles a day after the deadline', async (context) => {
  const stage = await openStage(context, { easyfreelance: { sessionLifetimeMs: HOUR_MS } })
  const session = await waiting(stage)
  stage.easyfreelance.decide(session, 'under_review<!here>')
  await askedAgain(stage, 1, FIRST_LOOK_MS)
  await cardSays(
    stage,
    'Unknown status. EasyFreelance says `under_review&lt;!here&gt;`, a word we do not know. We keep asking; you do not need to do anything.',
  )
  expect(
    stage.log.filter((line) => line.includes('"level":"error"') && line.includes('status we do not know')),
  ).toHaveLength(1)
  expect(invitationOf(stage)).toBeDefined()
  await askedAgain(stage, 1, DAY_MS + 2 * HOUR_MS)
  await cardSays(stage, /^Ended with an unknown status\. .*Treat it as \*not approved\*/)
  await stage.slack.until(() => invitationOf(stage) === undefined)
})

test('a status nobody documented gives way to the outcome', async (context) => {
  const stage = await openStage(context)
  const session = await waiting(stage)
  stage.easyfreelance.decide(session, 'under_review')
  await askedAgain(stage, 1, FIRST_LOOK_MS)
  await cardSays(stage, /^Unknown status\./)
  stage.easyfreelance.decide(session, 'declined')
  await askedAgain(stage, 1, 15 * 60_000)
  await cardSays(stage, /^Declined\./)
})

test.for(['unparseable', 'missing', 'no_zone'] as const)(
  'a deadline that is %s is said to be so',
  async (expiresAt, context) => {
    const stage = await openStage(context)
    stage.easyfreelance.speak({ expiresAt })
    const session = await waiting(stage)
    expect(cardOf(stage)?.text).toContain('Deadline: EasyFreelance gave no deadline we can read')
    expect(invitationOf(stage)?.text).toContain('Please do it soon: the link stops working after a while.')
    stage.easyfreelance.decide(session, 'approved')
    await askedAgain(stage, 1, FIRST_LOOK_MS)
    await cardSays(stage, /^Approved\./)
  },
)

test('nothing but EasyFreelance ends a session: long overdue and still pending, a person decides', async (context) => {
  const stage = await openStage(context, { easyfreelance: { sessionLifetimeMs: HOUR_MS } })
  stage.easyfreelance.speak({ unopened: 'pending' })
  await waiting(stage)
  await askedAgain(stage, 1, 2 * HOUR_MS)
  expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
  await askedAgain(stage, 1, DAY_MS)
  await cardSays(stage, /^Please decide: no result\. The time for this is long over/)
})

test('missing onboarding steps are named after an approval, to both', async (context) => {
  const stage = await openStage(context)
  const session = await waiting(stage)
  stage.easyfreelance.setMissingSteps(4711, ['bank', 'terms', 'tax<card>'])
  stage.easyfreelance.decide(session, 'approved')
  await askedAgain(stage, 1, FIRST_LOOK_MS)
  await cardSays(stage, 'EasyFreelance still needs: bank account, accepted terms, tax card. Ask <@U0OLA> to sign in')
  await stage.slack.until(() =>
    stage.slack
      .person('U0OLA')
      .inbox()
      .some(({ text }) => text.includes('still needs: bank account, accepted terms, tax card.')),
  )
})

test.for(['null', 'object'] as const)(
  'an approval with onboarding %s and nothing missing says so',
  async (onboarding, context) => {
    const stage = await openStage(context)
    stage.easyfreelance.speak({ onboarding, pollFields: 'certain', ids: 'integer' })
    const session = await waiting(stage)
    stage.easyfreelance.setMissingSteps(4711, [])
    stage.easyfreelance.decide(session, 'approved')
    await askedAgain(stage, 1, FIRST_LOOK_MS)
    const card = await cardSays(stage, /^Approved\..*There is nothing more to do here\./)
    expect(button(card, /./)).toBeUndefined()
  },
)

test('an invitation nobody opens is asked about for days, without a step that breaks', async (context) => {
  const stage = await openStage(context, { easyfreelance: { sessionLifetimeMs: 3 * DAY_MS } })
  await waiting(stage)
  await askedAgain(stage, 8, 11 * 60_000 + 7)
  await askedAgain(stage, 4, 10 * HOUR_MS + 13)
  expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
  expect(stage.log.filter((line) => line.includes('"level":"error"'))).toEqual([])
})
