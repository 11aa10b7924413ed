import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { visit } from '../../sandbox/browser.ts'
import { openStage } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, cards, FIRST_LOOK_MS, invitationOf, invited, noticeSays } from './helpers/steps.ts'

test('one card is edited at each change, and says all there is to know', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  await askFor(stage, { provider: 'Veriff', documents: 'Foreign documents' })
  const invitation = await invited(stage)
  await cardSays(stage, /^Waiting for/)
  const { url } = await press(slack.person('U0OLA'), invitation, /^Continue/)
  await cardSays(stage, /^Link opened\./)
  await visit(url ?? '', 'leave')
  await fetch(`${stage.botUrl}/return?session=${stage.easyfreelance.sessions()[0]?.id}`)
  await cardSays(
    stage,
    /^Waiting for EasyFreelance\. <@U0OLA> came back from EasyFreelance\. The result is not in yet\./,
  )
  await visit(url ?? '', 'declined')
  const card = await cardSays(stage, /^Declined\./)

  const titles = [...card.edits.map(({ text }) => text), card.text].map((text) => text.split('.')[0])
  expect(titles).toEqual([
    'Starting',
    'Sending the link',
    'Waiting for <@U0OLA>',
    'Link opened',
    'Waiting for EasyFreelance',
    'Declined',
  ])
  for (const fact of [
    'Employee: <@U0OLA>',
    'Asked by: <@U0PETTER>, <!date^',
    'Provider: Veriff',
    'ID type: Foreign documents',
    'Ended: <!date^',
  ]) {
    expect(card.text).toContain(fact)
  }
  expect(card.edits.at(-1)?.text).toMatch(/Deadline: <!date\^\d+\^.*; Link opened: <!date/)
  expect(JSON.stringify([card, card.edits])).not.toContain('4711')
})

test('a card in the channel is seen by all of it, and the news of the end comes to the manager', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  await askFor(stage, { from: 'C0GENERAL', card: 'To this channel' })
  await invited(stage)
  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
  await stage.jump(FIRST_LOOK_MS)
  expect(
    slack
      .person('U0NILS')
      .sees('C0GENERAL')
      .map(({ text }) => text.split('.')[0]),
  ).toEqual(['Approved'])
  expect(
    slack
      .person('U0PETTER')
      .inbox()
      .map(({ text }) => text.split('.')[0]),
  ).toEqual(['Verification of <@U0OLA>: Approved'])
})

const ELSEWHERE = [
  [
    'the app is not in',
    'C0OUTSIDE',
    null,
    'This card is here because the app is not in the channel you chose. Invite it there for next time.',
  ],
  [
    'that is private, without the app,',
    'C0PAYROLL',
    null,
    'This card is here because the app is not in the channel you chose. Invite it there for next time.',
  ],
  [
    'that is archived',
    'C0GENERAL',
    'is_archived',
    'This card is here because the channel you chose is archived or gone.',
  ],
  [
    'that takes no messages from apps',
    'C0GENERAL',
    'restricted_action',
    'This card is here because the app may not post in the channel you chose.',
  ],
  [
    'that can only be read',
    'C0GENERAL',
    'restricted_action_read_only_channel',
    'This card is here because the app may not post in the channel you chose.',
  ],
] as const

describe('a card for a channel', () => {
  test.for(ELSEWHERE)('%s goes to the manager and says why', async ([, channel, error, why], context) => {
    const stage = await openStage(context)
    const { slack, easyfreelance } = stage
    if (error !== null)
      slack.fault({ method: 'chat.postMessage', when: (args) => args.channel === channel, do: { error } })
    await askFor(stage, { from: channel, card: 'To this channel' })
    await invited(stage)
    const card = await cardSays(stage, why)
    expect(slack.messages(channel).filter(({ ephemeralTo }) => ephemeralTo === undefined)).toEqual([])
    easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
    await stage.jump(FIRST_LOOK_MS)
    expect(cardOf(stage)).toMatchObject({ ts: card.ts, text: expect.stringMatching(/^Approved\./) })
    expect(cardOf(stage)?.text).toContain(why)
  })

  test('that is archived later goes on in the direct messages of the manager', async (context) => {
    const stage = await openStage(context)
    const { slack, easyfreelance } = stage
    await askFor(stage, { from: 'C0GENERAL', card: 'To this channel' })
    await invited(stage)
    await stage.quiet()
    const [general] = slack.channels().filter(({ id }) => id === 'C0GENERAL')
    slack.addChannel({ id: 'C0GENERAL', name: 'general', members: general?.members ?? [], isArchived: true })
    easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'cancelled')
    await stage.jump(FIRST_LOOK_MS)
    expect(cardOf(stage)?.text).toMatch(/^Cancelled\..*archived or gone\.$/)
  })
})

describe('when Slack has trouble', () => {
  test('a lost answer to an edit is made good by the next one', async (context) => {
    const stage = await openStage(context)
    stage.slack.fault({ method: 'chat.update', times: 3, do: 'loseBefore' })
    await askFor(stage)
    await invited(stage)
    await stage.later(() => cardOf(stage)?.text.startsWith('Waiting for'))
  })

  test.for(['lose', 'garbage', { status: 500, alsoDo: true }, { error: 'internal_error', alsoDo: true }] as const)(
    'a message whose answer is lost (%j) is found again, and not sent twice',
    async (fault, context) => {
      const stage = await openStage(context)
      stage.slack.fault({ method: 'chat.postMessage', times: 2, do: fault })
      await askFor(stage)
      await stage.later(() => cardOf(stage)?.text.startsWith('Waiting for') && invitationOf(stage))
      await stage.jump(50_000)
      await stage.jump(10 * 60_000)
      expect(cards(stage)).toHaveLength(1)
      expect(stage.slack.messages().filter(({ metadata }) => metadata !== undefined)).toHaveLength(2)
    },
  )

  test('a message that was surely not sent is sent again, after two minutes', async (context) => {
    const stage = await openStage(context)
    stage.slack.fault({ method: 'chat.postMessage', times: 2, do: 'loseBefore' })
    await askFor(stage)
    await stage.later(() => stage.easyfreelance.sessions().length > 0)
    await stage.later(() => stage.slack.calls.filter(({ outcome }) => outcome === 'cut before').length === 2)
    const before = stage.now()
    await stage.later(() => cardOf(stage) && invitationOf(stage), 5 * 60_000)
    expect(stage.now() - before).toBeGreaterThan(110_000)
    await cardSays(stage, /^Waiting for/)
  })

  test('a limit is waited for, and nothing is lost', async (context) => {
    const stage = await openStage(context)
    stage.slack.fault({ method: 'chat.postMessage', times: 2, do: { ratelimit: 7 } })
    await askFor(stage)
    await stage.later(() => cardOf(stage)?.text.startsWith('Waiting for') && invitationOf(stage))
    expect(stage.slack.calls.filter(({ method }) => method === 'conversations.history')).toEqual([])
  })

  test('a workspace that lets nobody edit gets a new card for each change', async (context) => {
    const stage = await openStage(context)
    await askFor(stage)
    await invited(stage)
    await stage.quiet()
    stage.slack.rules.editWindowClosed = true
    stage.easyfreelance.decide(stage.easyfreelance.sessions()[0]?.id ?? '', 'approved')
    await stage.jump(FIRST_LOOK_MS)
    expect(cards(stage).map(({ text }) => text.split('.')[0])).toEqual(['Approved'])
    expect(invitationOf(stage)).toBeUndefined()
    await noticeSays(stage, /^Verification of <@U0OLA>: Approved\./)
  })

  test('an outage of six hours fails nobody', async (context) => {
    const stage = await openStage(context)
    await askFor(stage)
    await invited(stage)
    await stage.quiet()
    stage.slack.fault({ do: 'down' })
    stage.easyfreelance.decide(stage.easyfreelance.sessions()[0]?.id ?? '', 'approved')
    for (let hour = 0; hour < 6; hour += 1) await stage.jump(60 * 60_000)
    stage.slack.clearFaults()
    const petter = stage.slack.person('U0PETTER')
    const approved = (words: string) => petter.inbox().some(({ text }) => text.startsWith(words))
    const everything = () => approved('Approved.') && approved('Verification of <@U0OLA>: Approved.')
    await stage.later(() => everything() && invitationOf(stage) === undefined, 5 * 60_000)
  })
})
