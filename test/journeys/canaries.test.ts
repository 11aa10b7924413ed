import { describe, expect, test } from 'vitest'
import { fill, press } from '../../sandbox/as-seen.ts'
import { EVIL_LINKS, GARBAGE, type Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import type { FaultAction } from '../../sandbox/slack/faults.ts'
import { CANARY, COMPLAINTS, slackError } from './helpers/canaries.ts'
import {
  answering,
  count,
  jumpUntil,
  lookEverywhere,
  NOTE,
  openPlanted,
  plantInEasyFreelance,
  plantInSlack,
  sealedLinks,
  staff,
  TYPED,
} from './helpers/canary-search.ts'
import type { Stage } from './helpers/stage.ts'
import { askFor, invitationOf, isAccepted } from './helpers/steps.ts'

// Something secret stands in every field of every answer of both sides, in every profile and in every credential. Each
// test makes something go wrong in every way there is, and then looks everywhere. The log is written at its lowest level,
// which has what all others have.

const STATUSES = [200, 302, 400, 403, 404, 422, 503]
const COMPLAINING: [string, Misbehaviour][] = STATUSES.flatMap((status) =>
  Object.entries(COMPLAINTS).map(([shape, body]): [string, Misbehaviour] => [
    `${status} ${shape}`,
    answering(status, body),
  ]),
)
const BREAKING: [string, Misbehaviour][] = [
  ['lose', 'lose'],
  ['lose_before', 'lose_before'],
  ['lose_midway', 'lose_midway'],
  ['late', { lateMs: 5 }],
  ['redirect', { redirect: `http://127.0.0.1:9/${CANARY}` }],
  ['500 after doing it', { status: 500, done: true }],
  ...GARBAGE.map((how): [string, Misbehaviour] => [`${how} garbage`, { garbage: how }]),
]
const LINKS: [string, Misbehaviour][] = [
  ...EVIL_LINKS.map((link): [string, Misbehaviour] => [`${link} link`, { link }]),
  ['link with a secret', { link: { text: `https://evil.example/verify/${CANARY}` } }],
  ['script', { link: { text: `javascript:${CANARY}` } }],
]
const STARTS = [...COMPLAINING, ...BREAKING, ...LINKS]
const POLLS = [...COMPLAINING, ...BREAKING]

const METHODS = [
  ...['users.info', 'usergroups.users.list', 'views.open', 'views.update', 'response_url'],
  ...['conversations.open', 'chat.postMessage', 'conversations.history', 'chat.update'],
]
const ANSWERS: [string, FaultAction][] = [
  ...['internal_error', 'invalid_auth', 'some_new_word', `Kari ${CANARY}`].map((error): [string, FaultAction] => [
    error,
    { error, more: slackError() },
  ]),
  ['503', { status: 503, body: `<p>Kari ${CANARY}, ${CANARY}@example.no</p>` }],
  ['500 after doing it', { status: 500, body: CANARY, alsoDo: true }],
  ['400', { status: 400, body: JSON.stringify(slackError()) }],
  ['429', { ratelimit: 1 }],
  ['garbage', 'garbage'],
  ['lost', 'lose'],
  ['cut', 'loseBefore'],
  ['late', { late: 5 }],
]

/** A whole verification, in which each of Slack's methods goes wrong once and the person tries again. */
async function storyOf(stage: Stage, [name, misbehaviour]: [string, FaultAction], nth: number): Promise<void> {
  const { slack, easyfreelance } = stage
  const { slackId, number, name: userName } = staff(nth + 1)[nth] ?? { slackId: '', number: 0, name: '' }
  const befallen = new Set<string>()
  slack.clearFaults()
  for (const method of METHODS) {
    slack.fault({ method, when: () => befallen.add(method) !== undefined, do: misbehaviour })
  }
  // Only what may have been sent is looked for in the history.
  slack.fault({ method: 'chat.postMessage', do: 'lose' })
  plantInSlack(stage)
  await stage.jump(61_000)

  const nils = slack.person('U0NILS')
  await nils.command('/verify', TYPED)
  for (let tries = 0; nils.view() === undefined && tries < 6; tries += 1) {
    const before = slack.calls.length
    const isAnswered = () =>
      slack.calls.slice(before).some(({ method, outcome }) => /^v/.test(method) || outcome === 'ok')
    await nils.command('/verify', `@${userName}`)
    await slack.until(() => isAnswered(), { what: 'an answer to the command' })
    await stage.quiet()
  }
  for (const way of ['Veriff', 'BankID', 'Veriff', 'BankID']) {
    const before = slack.calls.length
    await fill(nils, /^How should/, way)
    await slack.until(() => slack.calls.slice(before).some(({ method }) => method === 'views.update'))
  }
  await fill(nils, /employee id/, String(number))
  await fill(nils, /^Note/, NOTE)
  // Held until the form has shown who has the number, or that nobody says so.
  let accepted = false
  for (let tries = 0; !accepted && tries < 6; tries += 1) {
    accepted = isAccepted(await nils.submit())
    if (!accepted) await stage.quiet()
  }
  expect([name, accepted]).toEqual([name, true])
  await nils.close()
  const invitation = await stage.later(() => invitationOf(stage, slackId), 30 * 60_000)
  await press(slack.person(slackId), invitation, /^Continue/)
  await press(nils, invitation, /^Continue/).catch(() => {})
  easyfreelance.decide(easyfreelance.sessions().at(-1)?.id ?? '', 'approved')
  await jumpUntil(stage, () => befallen.size === METHODS.length, 5 * 60_000)
  expect([name, [...befallen].sort()]).toEqual([name, METHODS.toSorted()])
}

describe.concurrent('nothing secret stands anywhere it may not', () => {
  test('whatever EasyFreelance answers to a start or a poll', async (context) => {
    const LOOKED_AT = 12
    const stage = await openPlanted(context, STARTS.length + LOOKED_AT)
    const { easyfreelance } = stage
    const everyone = staff(STARTS.length + LOOKED_AT)
    const befallen = new Set<string>()
    for (const [nth, [name, misbehaviour]] of STARTS.entries()) {
      const when = ({ employeeId }: { employeeId: number | null }) => employeeId === everyone[nth]?.number && note(name)
      easyfreelance.fault({ route: 'start', when, times: 2, do: misbehaviour })
    }
    const note = (name: string) => {
      befallen.add(name)
      return true
    }
    for (const [name, misbehaviour] of POLLS) {
      easyfreelance.fault({ route: 'poll', when: () => note(`poll: ${name}`), do: misbehaviour })
    }
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    await stage.startBot()
    for (const { slackId, number } of everyone) await askFor(stage, { employee: slackId, number, note: NOTE })
    await jumpUntil(stage, () => befallen.size === STARTS.length + POLLS.length, 60_000)
    await jumpUntil(stage, () => count(stage, "status in ('requested', 'starting')") === 0, 60_000)
    const sealed = sealedLinks(stage)
    expect(sealed.length).toBeGreaterThan(5)
    await lookEverywhere(stage, sealed)
  })

  test('whatever Slack answers to anything', async (context) => {
    const stage = await openPlanted(context, ANSWERS.length)
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    await stage.startBot()
    for (const [nth, answer] of ANSWERS.entries()) await storyOf(stage, answer, nth)
    await lookEverywhere(stage)
  })

  test('whatever Slack answers while a copy that was sent twice is deleted', async (context) => {
    const stage = await openPlanted(context, 1)
    const { slack } = stage
    let befallen = 0
    // Whatever deletes it after all comes last.
    const answers = [...ANSWERS.filter(([name]) => !/after|garbage|lost|late/.test(name)), ['lost', 'lose'] as const]
    for (const [, misbehaviour] of answers) {
      slack.fault({ method: 'chat.delete', when: () => ++befallen > 0, do: misbehaviour })
    }
    slack.fault({ method: 'chat.postMessage', when: ({ channel }) => channel === 'DU0STAFF0', do: 'lose' })
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    const appear = slack.lagHistory()
    await stage.startBot()
    await askFor(stage, { employee: 'U0STAFF0', number: 6000, note: NOTE })
    const copies = () => slack.messages('DU0STAFF0').filter(({ deleted }) => !deleted).length
    await jumpUntil(stage, () => copies() === 2, 20_000)
    appear()
    await jumpUntil(stage, () => befallen === answers.length && copies() === 1, 60_000)
    await lookEverywhere(stage)
  })
})
