import { randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { button, press } from '../../../sandbox/as-seen.ts'
import type { Misbehaviour } from '../../../sandbox/easyfreelance/faults.ts'
import { CANARY, deliverySecrets, NAME, planted, plantedUser, slackExtras, storedBytes } from './canaries.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'
import { cards } from './steps.ts'

/** What the manager writes: for the card and the invitation, and for nothing else. */
export const NOTE = 'wish-note'
/** What somebody types who is then told that it was not understood. */
export const TYPED = 'typed-word'
const DAY_MS = 86_400_000
const ALWAYS = Number.POSITIVE_INFINITY

/** Employees of Slack and EasyFreelance who have a canary for a name. */
export const staff = (count: number) =>
  Array.from({ length: count }, (_, nth) => ({
    slackId: `U0STAFF${nth}`,
    number: 6000 + nth,
    name: `${CANARY}.${nth}`,
  }))

export async function openPlanted(
  context: Parameters<typeof openStage>[0],
  count: number,
  options: StageOptions = {},
): Promise<Stage> {
  const stage = await openStage(context, {
    ...options,
    withoutBot: true,
    managers: 'admins,U0PETTER,S0CREW',
    settings: { ENCRYPTION_KEY: randomBytes(32).toString('base64'), RETENTION_DAYS: '30' },
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
export function plantInEasyFreelance({ easyfreelance }: Stage): void {
  easyfreelance.fault({ route: 'any', times: ALWAYS, do: { rewrite: planted } })
}

export function plantInSlack({ slack }: Stage): void {
  slack.fault({ method: 'users.info', times: ALWAYS, do: { rewrite: plantedUser } })
  slack.fault({ times: ALWAYS, do: { rewrite: (body) => ({ ...body, ...slackExtras() }) } })
}

export const sealedLinks = ({ settings }: Stage): string[] => {
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

/** The same for many texts; most words are in none of them, which one look at all of them tells. */
function hitsInAny(where: string, texts: readonly string[], words: readonly string[]): string[] {
  const all = texts.join('\n')
  const there = words.filter((word) => all.includes(word))
  return there.length === 0 ? [] : texts.flatMap((text) => hits(where, text, there))
}

/** Where something stands that may not: in the log, in Slack, in what the web server says. */
export async function found(stage: Stage): Promise<string[]> {
  const { slack, easyfreelance, settings, botUrl, log } = stage
  const credentials = [
    ...[slack.botToken, slack.appToken, slack.signingSecret, easyfreelance.token, easyfreelance.apiKey],
    settings.ENCRYPTION_KEY ?? '',
  ]
  const sessions = easyfreelance.sessions().flatMap(({ id, token, link }) => [id, token, link])
  const always = [CANARY, ...credentials, ...deliverySecrets(stage)]
  const shown = slack.messages()
  const metadata = shown.map((message) => message.metadata)
  const calls = slack.calls.map(({ method, args: { trigger_id: _, ...args } }) => `${method} ${JSON.stringify(args)}`)
  const pages = await Promise.all(
    ['/healthz', '/readyz', '/metrics', `/return?${CANARY}`, `/${CANARY}`, '/slack/events'].flatMap((path) =>
      ['GET', 'POST'].map(async (method) => {
        const answer = await fetch(`${botUrl}${path}`, { method, headers: { 'x-name': CANARY } })
        return `${JSON.stringify([...answer.headers])} ${await answer.text()}`
      }),
    ),
  )
  return [
    ...hitsInAny('log', log, [...always, ...sessions, NAME, NOTE, TYPED]),
    ...hits('metadata', JSON.stringify(metadata), [...always, ...sessions, NAME, NOTE, TYPED]),
    ...hits('messages', JSON.stringify(shown), [...always, NAME]),
    ...hits('views', JSON.stringify(slack.views()), always),
    ...hitsInAny('call', calls, always),
    ...pages.flatMap((page) => hits('web', page, [...always, ...sessions, NAME, NOTE])),
  ]
}

/** What of it is in the files: everything planted, and what is only kept while a verification is open. */
function stored(stage: Stage, more: readonly string[]): string[] {
  const { slack, easyfreelance, settings } = stage
  const sessions = easyfreelance.sessions().flatMap(({ token, link }) => [token, link])
  const credentials = [slack.botToken, slack.appToken, easyfreelance.token, easyfreelance.apiKey]
  const never = [
    CANARY,
    NAME,
    TYPED,
    settings.ENCRYPTION_KEY ?? '',
    ...credentials,
    ...sessions,
    ...deliverySecrets(stage),
  ]
  return hits('database', storedBytes(stage), [...never, ...more])
}

/** How many verifications are so. */
export function count({ settings }: Stage, where: string): number {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const number = db.prepare(`select count(*) from verifications where ${where}`).pluck().get()
  db.close()
  return Number(number)
}

/** Moves the clock on until it is so. */
export async function jumpUntil(stage: Stage, isSo: () => boolean, stepMs: number, most = 60): Promise<void> {
  for (let tries = 0; !isSo() && tries < most; tries += 1) await stage.jump(stepMs)
  expect(isSo(), String(isSo)).toBe(true)
}

/** Ends everything that is open, looks everywhere, lets RETENTION_DAYS pass, and looks into the files once more. */
export async function lookEverywhere(stage: Stage, sealed: readonly string[] = []): Promise<void> {
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

export const answering = (status: number, body: object | string): Misbehaviour => ({
  rewrite: () => ({ status, headers: { 'x-error': CANARY, 'retry-after': CANARY }, body }),
})
