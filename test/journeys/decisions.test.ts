import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import type { Message } from '../../sandbox/slack/messages.ts'
import { openStage, type Stage, type StageOptions, type Transport } from './helpers/stage.ts'
import {
  askFor,
  cardOf,
  cardSays,
  invitationOf,
  invited,
  noticeSays,
  sessionCalls,
  toldPrivately,
} from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const ADMIN_OR_ASKER = /^Only <@U0PETTER>, who asked for this, or an admin can decide it\. Nothing was changed\.$/

/** A verification that waits for a decision, its card where everybody can press. */
async function parked(context: Parameters<typeof openStage>[0], options: StageOptions = {}): Promise<[Stage, Message]> {
  const stage = await openStage(context, options)
  stage.easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await askFor(stage, { from: 'C0GENERAL', card: 'To this channel' })
  const card = await stage.slack.until(() =>
    stage.slack.messages('C0GENERAL').find(({ text }) => text.startsWith('Please decide: unsafe link.')),
  )
  await stage.quiet()
  return [stage, card]
}

const current = ({ slack }: Stage, { ts }: Message) => slack.messages('C0GENERAL').find((message) => message.ts === ts)

describe.each(TRANSPORTS)('a decision over %s', (transport) => {
  test('[Try again] by the manager starts a new session', async (context) => {
    const [stage, card] = await parked(context, { transport })
    await press(stage.slack.person('U0PETTER'), card, /^Try again$/)
    await toldPrivately(stage, 'U0PETTER', /^Going on with the verification of <@U0OLA>\./)
    await invited(stage)
    await stage.quiet()
    expect(current(stage, card)?.text).toMatch(/^Waiting for/)
    await noticeSays(stage, /needed a decision\. That has been taken care of/)
  })

  test('[Close] by the manager ends it, and makes room for another', async (context) => {
    const [stage, card] = await parked(context, { transport })
    await press(stage.slack.person('U0PETTER'), card, /^Close$/)
    await toldPrivately(stage, 'U0PETTER', /^The verification of <@U0OLA> is closed\.$/)
    await stage.quiet()
    expect(current(stage, card)?.text).toMatch(/^Closed\. It was closed by <@U0PETTER> without a result\./)
    await askFor(stage)
    await invited(stage)
  })
})

test('an admin may decide, and the manager who asked is told', async (context) => {
  const [stage, card] = await parked(context)
  await press(stage.slack.person('U0MARIA'), card, /^Close$/)
  await noticeSays(stage, /^Verification of <@U0OLA>: Closed\. It was closed by <@U0MARIA> without a result\./)
})

test.for(['U0NILS', 'U0OLA', 'U0GUEST', 'U0STRANGER'])('%s may not decide', async (userId, context) => {
  const [stage, card] = await parked(context)
  for (const label of [/^Try again$/, /^Close$/]) await press(stage.slack.person(userId), card, label)
  await toldPrivately(stage, userId, ADMIN_OR_ASKER)
  await stage.quiet()
  expect(current(stage, card)?.text).toMatch(/^Please decide/)
  expect(sessionCalls(stage)).toHaveLength(1)
})

test('a manager who was removed from the workspace meanwhile may not decide', async (context) => {
  const [stage, card] = await parked(context)
  const petter = stage.slack.person('U0PETTER')
  stage.slack.updatePerson('U0PETTER', { isRestricted: true })
  await press(petter, card, /^Try again$/)
  await toldPrivately(stage, 'U0PETTER', ADMIN_OR_ASKER)
  expect(current(stage, card)?.text).toMatch(/^Please decide/)
})

test('a stale press, and a second one at once, change nothing more', async (context) => {
  const [stage, card] = await parked(context)
  const petter = stage.slack.person('U0PETTER')
  await Promise.all([press(petter, card, /^Try again$/), press(petter, card, /^Try again$/)])
  await invited(stage)
  await stage.quiet()
  for (const action of ['retry_verification', 'close_verification']) await petter.press(card, action, { stale: true })
  await toldPrivately(stage, 'U0PETTER', /^This has been taken care of already\. Nothing was changed/)
  await stage.quiet()
  expect(current(stage, card)?.text).toMatch(/^Waiting for/)
  expect(stage.easyfreelance.sessions()).toHaveLength(2)
})

test('when Slack does not say who presses, nothing is changed, and that is said', async (context) => {
  const [stage, card] = await parked(context)
  stage.slack.fault({ method: 'users.info', do: 'loseBefore' })
  await press(stage.slack.person('U0PETTER'), card, /^Close$/)
  await toldPrivately(
    stage,
    'U0PETTER',
    /^Slack did not tell us in time whether you may do this, so nothing was done\./,
  )
  expect(current(stage, card)?.text).toMatch(/^Please decide/)
})

test('a button nobody knows is answered, and changes nothing', async (context) => {
  const [stage, card] = await parked(context)
  const forged = structuredClone(card)
  for (const block of forged.blocks) {
    for (const element of (block.elements ?? []) as { value?: string }[]) element.value = 'no-such-verification'
  }
  await stage.slack.person('U0PETTER').press(forged, 'close_verification', { stale: true })
  await toldPrivately(stage, 'U0PETTER', /^We no longer know what this button was for\. Nothing was changed\./)
  await stage.quiet()
  expect(current(stage, card)?.text).toMatch(/^Please decide/)
})

test('an invitation that can not be delivered is said, and is sent again when asked to', async (context) => {
  const stage = await openStage(context)
  stage.slack.fault({
    method: 'conversations.open',
    when: ({ users }) => users === 'U0OLA',
    do: { error: 'user_disabled' },
  })
  await askFor(stage)
  const card = await cardSays(stage, /^Please decide: link not delivered\. Slack did not let us write to <@U0OLA>/)
  expect(invitationOf(stage)).toBeUndefined()
  await press(stage.slack.person('U0PETTER'), card, /^Send again$/)
  await invited(stage)
  await stage.quiet()
  expect(cardOf(stage)?.text).toMatch(/^Waiting for/)
  expect(stage.easyfreelance.sessions()).toHaveLength(1)
})
