import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { button, press } from '../../sandbox/as-seen.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import {
  askFor,
  cardOf,
  cardSays,
  FIRST_LOOK_MS,
  invitationOf,
  invited,
  noticeSays,
  toldPrivately,
} from './helpers/steps.ts'

test('an invitation says who asks, why, what is needed, until when, and who sees the document', async (context) => {
  const stage = await openStage(context)
  await askFor(stage, { provider: 'Veriff', note: 'Before <!channel> your *first* payment' })
  const message = await invited(stage)
  const shown = JSON.stringify(message.blocks)
  for (const words of [
    '<@U0PETTER> asks you to confirm who you are, because EasyFreelance must know who it pays.',
    'Before &lt;!channel&gt; your *first* payment',
    'You need a Norwegian passport, driving licence or national ID card, and a camera',
    'It takes a few minutes.',
    'The link works until <!date^',
    'Slack and the person asking never see them.',
  ]) {
    expect(message.text).toContain(words)
    expect(shown).toContain(words)
  }
  expect(message.text).toContain(`<!date^${Math.floor((stage.easyfreelance.sessions()[0]?.expiresAt ?? 0) / 1000)}^`)
  expect([message.unfurlLinks, message.unfurlMedia]).toEqual([false, false])
  expect(button(message, /^Continue with Veriff$/)?.url).toBe(stage.easyfreelance.sessions()[0]?.link)
  expect(Object.keys(message.metadata?.event_payload ?? {})).toEqual(['id'])
})

test.for([
  ['BankID', undefined, 'You need your BankID.'],
  ['Veriff', 'Foreign documents', 'You need a passport or another ID document from outside Norway, and a camera'],
] as const)('an invitation to %s with %s says what is needed', async ([provider, documents, words], context) => {
  const stage = await openStage(context)
  await askFor(stage, documents === undefined ? { provider } : { provider, documents })
  expect((await invited(stage)).text).toContain(words)
})

test('the channel where it was asked for is never named to the employee', async (context) => {
  const stage = await openStage(context)
  await askFor(stage, { from: 'C0PAYROLL' })
  expect(JSON.stringify(await invited(stage))).not.toMatch(/C0PAYROLL|payroll/)
})

test('"I did not expect this" tells the manager, marks the card and warns in the message itself', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  await askFor(stage)
  await press(slack.person('U0OLA'), await invited(stage), /^I did not expect this$/)
  await toldPrivately(stage, 'U0OLA', /^Thank you\. We are telling <@U0PETTER>\./)
  await noticeSays(stage, /^<@U0OLA> did not expect your request\. Please talk to them before they go on/)
  await cardSays(stage, /<@U0OLA> said <!date[^>]+> that they did not expect this\. <@U0PETTER>, please talk to them\./)
  const told = await slack.until(() => {
    const message = invitationOf(stage)
    return message?.text.startsWith('You said that you did not expect this.') && message
  })
  expect(button(told, /did not expect/)).toBeUndefined()
  expect(button(told, /^Continue/)).toBeDefined()
})

test('a declined confirmation of "I did not expect this" tells nobody', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await stage.slack.person('U0OLA').press(await invited(stage), 'not_expected', { decline: true })
  await stage.quiet()
  expect(cardOf(stage)?.text).not.toContain('did not expect')
})

test('what somebody else presses in the name of the employee does nothing', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  await askFor(stage)
  const message = await invited(stage)
  await stage.quiet()
  for (const [actionId, answer] of [
    ['not_expected', /^This button is not for you\./],
    ['open_link', null],
  ] as const) {
    // Petter never sees the message; the payload is made up from what Slack would send.
    const value = (
      message.blocks.flatMap((block) => block.elements ?? []) as { action_id?: string; value?: string }[]
    ).find(({ action_id }) => action_id === actionId)?.value
    await slack.person('U0OLA').press(message, 'not_expected', { decline: true })
    const { payload = {} } = slack.deliveries.findLast(({ kind }) => kind === 'interaction') ?? {}
    const responseUrl = await someResponseUrl(stage)
    await slack.deliver('interaction', {
      ...payload,
      type: 'block_actions',
      user: { id: 'U0NILS', team_id: slack.teamId },
      view: undefined,
      response_url: responseUrl,
      actions: [{ type: 'button', action_id: actionId, block_id: 'b', value }],
    })
    if (answer !== null) await slack.until(() => slack.messages().some(({ text }) => answer.test(text)))
    await stage.quiet()
  }
  expect(cardOf(stage)?.text).toMatch(
    /^Waiting for <@U0OLA>\. Link sent by direct message\. <@U0OLA> has not opened it yet\./,
  )
  expect(slack.person('U0PETTER').inbox()).toHaveLength(1)
})

async function someResponseUrl({ slack }: Stage): Promise<unknown> {
  await slack.person('U0NILS').command('/verify', 'help')
  return slack.deliveries.findLast(({ kind }) => kind === 'command')?.payload.response_url
}

test('a press on a button of a message that has ended meanwhile says so', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  await askFor(stage)
  const message = await invited(stage)
  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'declined')
  await stage.jump(FIRST_LOOK_MS)
  expect(invitationOf(stage)).toBeUndefined()
  await slack.person('U0OLA').press(message, 'not_expected', { stale: true })
  await slack.person('U0OLA').press(message, 'open_link', { stale: true })
  await toldPrivately(stage, 'U0OLA', /^This has been taken care of already\./)
  await stage.quiet()
  expect(cardOf(stage)?.text).toMatch(/^Declined\./)
  expect(cardOf(stage)?.text).not.toContain('did not expect')
})

test('the link is gone when the manager closes it', async (context) => {
  const stage = await openStage(context)
  await askFor(stage)
  await invited(stage)
  await stage.quiet()
  stage.easyfreelance.fault({ route: 'poll', do: { status: 403 } })
  await stage.jump(FIRST_LOOK_MS)
  const card = await cardSays(stage, /^Please decide: no access\./)
  expect(invitationOf(stage)).toBeDefined()
  await press(stage.slack.person('U0PETTER'), card, /^Close$/)
  await stage.slack.until(() => invitationOf(stage) === undefined)
  expect(stage.slack.person('U0OLA').inbox()[0]?.text).toBe(
    '<@U0PETTER> closed this request. The link is gone, and you do not need to do anything.',
  )
})

test('a card does not say that the link was sent before it was', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  const toOla = (args: { channel?: unknown }) => args.channel === slack.person('U0OLA').dm()
  slack.fault({ method: 'chat.postMessage', when: toOla, do: { error: 'fatal_error' } })
  await askFor(stage)
  await cardSays(stage, /^Sending the link\./)
  expect(invitationOf(stage)).toBeUndefined()
  await stage.later(() => invitationOf(stage), 5 * 60_000)
  await cardSays(stage, /^Waiting for <@U0OLA>\. Link sent by direct message\./)
})

test('a link that is damaged before it was sent is sent to nobody, and its manager is told what to do', async (context) => {
  const stage = await openStage(context)
  const { slack, settings } = stage
  slack.fault({
    method: 'conversations.open',
    when: ({ users }) => users === 'U0OLA',
    do: { error: 'internal_error' },
  })
  await askFor(stage)
  await slack.until(() =>
    slack.calls.some(({ method, args }) => method === 'conversations.open' && args.users === 'U0OLA'),
  )
  const outside = new Database(settings.DATABASE_PATH)
  context.onTestFinished(() => void outside.close())
  expect(outside.prepare(`update verifications set link = substr(link, 1, 40)`).run().changes).toBe(1)
  await noticeSays(
    stage,
    /^The verification of <@U0OLA> needs you\. Please decide: link not readable\. The link that we kept/,
  )
  expect(slack.messages('DU0OLA')).toEqual([])
})
