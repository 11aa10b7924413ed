import { describe, expect, test } from 'vitest'
import { button } from '../../sandbox/as-seen.ts'
import { EVIL_LINKS, GARBAGE, type Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import { openStage } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, invitationOf, invited, noticeSays, sessionCalls } from './helpers/steps.ts'

const CREDENTIALS_CHECKED_AGAIN_MS = 5 * 60_000

/** The whole sentence is written out here once more: it is what the manager reads, and each says what to do next. */
const REFUSALS = [
  [
    'an unapproved return URL',
    { returnUrlNotApproved: true },
    {},
    null,
    "EasyFreelance has not approved this app's return address yet. Ask whoever runs the app to register it, then type `/verify` and choose <@U0OLA> again.",
  ],
  [
    'another 422',
    {},
    {},
    { status: 422 },
    'EasyFreelance refused what the form said about <@U0OLA>. To try another provider or ID type, type `/verify` and choose <@U0OLA> again. If that is refused too, tell whoever runs the app.',
  ],
  [
    'an unknown employee',
    {},
    { number: 999 },
    null,
    'EasyFreelance knows no employee with the id you gave for <@U0OLA>. Look it up in EasyFreelance, then type `/verify` and choose <@U0OLA> again.',
  ],
  [
    "another company's employee",
    {},
    { number: 4799 },
    null,
    'EasyFreelance does not let your company verify <@U0OLA>. Check there that they are connected to your company, then type `/verify` and choose <@U0OLA> again.',
  ],
  [
    'a 400',
    {},
    {},
    { status: 400 },
    'EasyFreelance did not understand this app. You did nothing wrong: tell whoever runs the app, it may need an update. Nothing was sent to <@U0OLA>.',
  ],
] as const

describe('a definite no ends it, with its own sentence', () => {
  test.for(REFUSALS)('%s', async ([, options, ask, fault, sentence], context) => {
    const stage = await openStage(context, options)
    if (fault !== null) stage.easyfreelance.fault({ route: 'start', do: fault })
    // While the form is open EasyFreelance doesn't say who that is; where it does, the form takes no id of nobody.
    stage.easyfreelance.fault({ route: 'user', do: { status: 500 } })
    await askFor(stage, ask)
    const card = await cardSays(stage, /^Not started\./)
    expect(card.text).toContain(`Not started. ${sentence} `)
    await noticeSays(stage, /^Verification of <@U0OLA>: Not started\./)
    expect(stage.slack.person('U0OLA').inbox()).toEqual([])
    expect(sessionCalls(stage)).toHaveLength(1)

    // The employee has room for the next attempt.
    stage.easyfreelance.approveReturnUrl(stage.settings.PARTNER_RETURN_URL ?? '')
    await askFor(stage, { number: 4711 })
    await invited(stage)
  })
})

const HELD: [string, Misbehaviour, string, number][] = [
  [
    'a 401',
    { status: 401 },
    'EasyFreelance does not let this app in. Ask whoever runs the app to check its EasyFreelance keys. After that we go on by ourselves.',
    CREDENTIALS_CHECKED_AGAIN_MS,
  ],
  [
    'a 429',
    { status: 429, retryAfter: '20' },
    'EasyFreelance is busy. It asked us to wait. We go on by ourselves; you do not need to do anything.',
    25_000,
  ],
]

describe('what only holds it up is said, and it goes on by itself', () => {
  test.for(HELD)('%s', async ([, fault, sentence, withinMs], context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'start', do: fault })
    await askFor(stage)
    expect((await cardSays(stage, sentence)).text).toMatch(/^EasyFreelance /)
    await stage.later(() => invitationOf(stage), withinMs)
    expect(stage.easyfreelance.calls.filter(({ route }) => route === 'start')).toHaveLength(2)
    await cardSays(stage, /^Waiting for/)
  })

  test('a refused connection', async (context) => {
    const stage = await openStage(context)
    await stage.easyfreelance.down()
    await askFor(stage)
    await cardSays(
      stage,
      'EasyFreelance cannot be reached. We keep trying and go on by ourselves. You do not need to do anything.',
    )
    await stage.jump(30_000)
    await stage.easyfreelance.up()
    await stage.later(() => invitationOf(stage), 5 * 60_000)
    expect(stage.easyfreelance.sessions()).toHaveLength(1)
  })
})

const UNCLEAR: [string, Misbehaviour][] = [
  ['a 500', { status: 500 }],
  ['a 503 after it was done', { status: 503, done: true }],
  ['a lost answer', 'lose'],
  ['a request lost on its way', 'lose_before'],
  ['an answer cut in the middle', 'lose_midway'],
  ['a redirect', { redirect: 'http://127.0.0.1:9/elsewhere' }],
  // The session id of another session makes sense until it is asked about.
  ...GARBAGE.filter((how) => how !== 'wrong_id').map((how): [string, Misbehaviour] => [
    `${how} garbage`,
    { garbage: how },
  ]),
]

/** Each kind of unclear answer has words of its own. */
const SAID = {
  connection: {
    once: 'The connection broke before EasyFreelance answered.',
    twice: 'The connection to EasyFreelance broke before it answered, twice.',
  },
  trouble: {
    once: 'EasyFreelance reported trouble of its own.',
    twice: 'EasyFreelance reported trouble of its own, twice.',
  },
  nonsense: { once: 'makes no sense to us.', twice: 'makes no sense to us, twice.' },
}

function kindOf(fault: Misbehaviour): keyof typeof SAID {
  if (typeof fault === 'string') return 'connection'
  return 'status' in fault && fault.status >= 500 ? 'trouble' : 'nonsense'
}

describe('an unclear answer is tried once more', () => {
  test.for(UNCLEAR)('%s', async ([, fault], context) => {
    const stage = await openStage(context)
    const { slack, easyfreelance } = stage
    easyfreelance.fault({ route: 'start', times: 2, do: fault })
    await askFor(stage)
    const askedAt = stage.now()
    const held = await cardSays(stage, /^Starting again\. .* We are trying once more\./)
    expect(held.text).toContain(SAID[kindOf(fault)].once)
    expect(sessionCalls(stage)).toHaveLength(1)

    await stage.later(() => cardOf(stage)?.text.startsWith('Please decide: no clear answer. '))
    expect(stage.now() - askedAt).toBeLessThan(30_000)
    const card = cardOf(stage)
    expect(card?.text).toContain(SAID[kindOf(fault)].twice)
    expect(card?.text).toContain(
      'It may have started a session, but nobody got a link to it: that is harmless and ends by itself. *Try again* starts a new one.',
    )
    expect(card && button(card, /^Try again$/)).toBeDefined()
    await noticeSays(stage, /^The verification of <@U0OLA> needs you\. Please decide: no clear answer\./)

    await stage.jump(10 * 60_000)
    expect(easyfreelance.calls.filter(({ route }) => route === 'start')).toHaveLength(2)
    expect(slack.person('U0OLA').inbox()).toEqual([])
  })

  test('and when the second answer is clear, it goes on, with one link', async (context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'start', do: 'lose' })
    await askFor(stage)
    await cardSays(stage, /^Starting again\./)
    await stage.later(() => invitationOf(stage))
    expect(stage.slack.person('U0OLA').inbox()).toHaveLength(1)
    expect(stage.easyfreelance.sessions()).toHaveLength(2)
  })
})

describe('a link that does not lead to EasyFreelance is shown to nobody', () => {
  test.for([...EVIL_LINKS])('%s', async (link, context) => {
    const stage = await openStage(context)
    stage.easyfreelance.fault({ route: 'start', do: { link } })
    await askFor(stage)
    const card = await cardSays(stage, /^Please decide: unsafe link\. The link we got does not lead to EasyFreelance/)
    expect(button(card, /^Try again$/)).toBeDefined()
    expect(stage.slack.person('U0OLA').inbox()).toEqual([])
    expect(JSON.stringify(stage.slack.messages())).not.toMatch(/"url"|javascript:/)
  })
})

test('every state of a start reads differently', () => {
  const sentences = [...REFUSALS.map((row) => row[4]), ...HELD.map((row) => row[2])]
  expect(new Set(sentences).size).toBe(sentences.length)
})
