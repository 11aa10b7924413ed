import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { button, fill, press } from '../../sandbox/as-seen.ts'
import { EVIL_LINKS, GARBAGE, type Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import type { FaultAction } from '../../sandbox/slack/faults.ts'
import type { PersonDriver } from '../../sandbox/slack/person.ts'
import {
  CANARY,
  COMPLAINTS,
  deliverySecrets,
  planted,
  plantedUser,
  slackError,
  slackExtras,
  storedBytes,
} from './helpers/canaries.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cards, invitationOf, isAccepted } from './helpers/steps.ts'

// Something secret stands in every field of every answer of both sides, in every profile and in every credential. Each
// test makes something go wrong in every way there is, and then looks everywhere. The log is written at its lowest level,
// which has what all others have.

const NOTE = 'wish-note'
const TYPED = 'typed-word'
const DAY_MS = 86_400_000
const ALWAYS = Number.POSITIVE_INFINITY

/** Employees of Slack and EasyFreelance who have a canary for a name. */
const staff = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({
    slackId: `U0STAFF${nth}`,
    number: 6000 + nth,
    name: `${CANARY}.${nth}`,
  }))

async function openPlanted(context: Parameters<typeof openStage>[0], count: number, settings = {}): Promise<Stage> {
  const stage = await openStage(context, {
    withoutBot: true,
    managers: 'admins,U0PETTER,S0CREW',
    settings: { ENCRYPTION_KEY: randomBytes(32).toString('base64'), RETENTION_DAYS: '30', ...settings },
    slack: { usergroups: { S0CREW: ['U0NILS'] }, limitScale: 1000 },
  })
  const { slack, easyfreelance } = stage
  for (const { slackId, number, name } of staff(count)) {
    slack.addPerson({ id: slackId, name, realName: `Kari ${CANARY}` })
    easyfreelance.addEmployee({ id: number, email: `${CANARY}${number}@example.no`, name: `Kari ${CANARY}` })
  }
  return stage
}

/** These two are to be called last: the first fault that fits is the one that happens. */
function plantInEasyFreelance({ easyfreelance }: Stage): void {
  easyfreelance.fault({ route: 'any', times: ALWAYS, do: { rewrite: planted } })
}

function plantInSlack({ slack }: Stage): void {
  slack.fault({ method: 'users.info', times: ALWAYS, do: { rewrite: plantedUser } })
  slack.fault({ times: ALWAYS, do: { rewrite: (body) => ({ ...body, ...slackExtras() }) } })
}

const sealedLinks = ({ settings }: Stage): string[] => {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const links = db.prepare('select link from verifications where link is not null').pluck().all().map(String)
  db.close()
  return links
}

function hits(where: string, text: string, words: readonly string[]): string[] {
  return words.flatMap((word) => {
    const at = text.indexOf(word)
    return at === -1 ? [] : [`${where}: …${text.slice(Math.max(0, at - 80), at + 120)}`]
  })
}

/** Where something stands that may not: in the log, in Slack, in what the web server says. */
async function found(stage: Stage): Promise<string[]> {
  const { slack, easyfreelance, settings, botUrl, log } = stage
  const credentials = [
    ...[slack.botToken, slack.appToken, slack.signingSecret, easyfreelance.token, easyfreelance.apiKey],
    settings.ENCRYPTION_KEY ?? '',
  ]
  const sessions = easyfreelance.sessions().flatMap(({ id, token, link }) => [id, token, link])
  const always = [CANARY, ...credentials, ...deliverySecrets(stage)]
  const shown = slack.messages()
  const metadata = shown.map((message) => message.metadata)
  const pages = await Promise.all(
    ['/healthz', '/readyz', '/metrics', `/return?${CANARY}`, `/${CANARY}`, '/slack/events'].flatMap((path) =>
      ['GET', 'POST'].map(async (method) => {
        const answer = await fetch(`${botUrl}${path}`, { method, headers: { 'x-name': CANARY } })
        return `${JSON.stringify([...answer.headers])} ${await answer.text()}`
      }),
    ),
  )
  return [
    ...log.flatMap((line) => hits('log', line, [...always, ...sessions, NOTE, TYPED])),
    ...hits('metadata', JSON.stringify(metadata), [...always, ...sessions, NOTE, TYPED]),
    ...hits('messages', JSON.stringify(shown), always),
    ...hits('views', JSON.stringify(slack.views()), always),
    ...slack.calls.flatMap(({ method, args: { trigger_id: _, ...args } }) =>
      hits(method, JSON.stringify(args), always),
    ),
    ...pages.flatMap((page) => hits('web', page, [...always, ...sessions, NOTE])),
  ]
}

/** What of it is in the files: everything planted, and what is only kept while a verification is open. */
function stored(stage: Stage, more: readonly string[]): string[] {
  const { slack, easyfreelance, settings } = stage
  const sessions = easyfreelance.sessions().flatMap(({ token, link }) => [token, link])
  const credentials = [slack.botToken, slack.appToken, easyfreelance.token, easyfreelance.apiKey]
  const never = [CANARY, TYPED, settings.ENCRYPTION_KEY ?? '', ...credentials, ...sessions, ...deliverySecrets(stage)]
  return hits('database', storedBytes(stage), [...never, ...more])
}

/** How many verifications are so. */
function count({ settings }: Stage, where: string): number {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const number = db.prepare(`select count(*) from verifications where ${where}`).pluck().get()
  db.close()
  return Number(number)
}

/** Moves the clock on until it is so. */
async function jumpUntil(stage: Stage, isSo: () => boolean, stepMs: number, most = 60): Promise<void> {
  for (let tries = 0; !isSo() && tries < most; tries += 1) await stage.jump(stepMs)
  expect(isSo(), String(isSo)).toBe(true)
}

/** Ends everything that is open, looks everywhere, lets RETENTION_DAYS pass, and looks into the files once more. */
async function lookEverywhere(stage: Stage, sealed: readonly string[] = []): Promise<void> {
  const { slack, easyfreelance } = stage
  const petter = slack.person('U0PETTER')
  const isOver = () => count(stage, "status not in ('settled', 'failed')") === 0
  for (let tries = 0; !isOver() && tries < 20; tries += 1) {
    for (const { id, status } of easyfreelance.sessions())
      if (status === 'pending') easyfreelance.decide(id, 'approved')
    for (const card of cards(stage)) if (button(card, /^Close$/) !== undefined) await press(petter, card, /^Close$/)
    await stage.jump(5 * 60_000)
  }
  expect(isOver()).toBe(true)
  await stage.jump(1000)
  expect(await found(stage)).toEqual([])
  expect(stored(stage, sealed)).toEqual([])
  await stage.jump(31 * DAY_MS)
  await jumpUntil(stage, () => count(stage, 'pseudonymised_at is null') === 0, 1000, 2000)
  await stage.quiet()
  expect(stored(stage, [...sealed, NOTE, ...easyfreelance.sessions().map(({ id }) => id)])).toEqual([])
}

const answering = (status: number, body: object | string): Misbehaviour => ({
  rewrite: () => ({ status, headers: { 'x-error': CANARY, 'retry-after': CANARY }, body }),
})

const STATUSES = [200, 202, 302, 400, 403, 404, 409, 422, 500, 503]
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
  expect(isAccepted(await nils.submit())).toBe(true)
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
    const LOOKED_AT = 16
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
})
