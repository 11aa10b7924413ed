import type { Chance } from './chance.ts'

/**
 * Where the process is killed: boundaries as `boundaries.ts` names them. Each is reached by a bot with work to do soon after
 * it has started; a life that doesn't come to its point is ended from outside.
 */
const COMMITS = [
  'request',
  'claim of verifications',
  'claim of messages',
  'release of claims',
  'note of what a person did',
  'intent to start',
  'end of a verification step',
  'end of a poll without news',
  'intent to send',
  'end of a message step',
] as const

const CALLS = [
  'POST start',
  'GET status',
  'GET user',
  'auth.test',
  'apps.connections.open',
  'users.info',
  'views.open',
  'views.update',
  'conversations.open',
  'conversations.history',
  'chat.postMessage',
  'chat.update',
] as const

/** Every life comes to these once. */
const ONCE = /release of claims|auth\.test|apps\.connections\.open/

/** So many kills come to every point, also where some lives end before theirs. */
export const KILLS_FOR_ALL = 200

export const ANY_TIME = 'any time'

/** A point and the how-manieth time it is reached; or null: at a time of its own. */
export type Kill = { readonly point: string; readonly nth: number } | null

/** So many, every one of the points as often as any other, in no order, and one in ten at any time. */
export function chooseKills(count: number, chance: Chance, points = KILL_POINTS): Kill[] {
  let deck: string[] = []
  return Array.from({ length: count }, () => {
    if (chance.next() < 0.1) return null
    if (deck.length === 0) deck = [...points]
    const [point = ''] = deck.splice(chance.between(0, deck.length - 1), 1)
    // Not every life comes to its point a second time.
    return { point, nth: ONCE.test(point) || chance.next() < 0.7 ? 1 : 2 }
  })
}

/**
 * For how long the bot has to be away before a life that is to come to this point, in ms; else nothing of the kind is due. A
 * link that nobody opened is asked about every half a minute at most, and Slack's history is read 15 seconds after a doubt.
 */
export function pauseBefore(kill: Kill | undefined): number {
  if (/GET status|poll/.test(kill?.point ?? '')) return 90_000
  return needsDoubt(kill) ? 20_000 : 0
}

/** Whether the answer to a message has to be lost in the life before, so that Slack's history is read in this one. */
export function needsDoubt(kill: Kill | undefined): boolean {
  return /conversations\.history/.test(kill?.point ?? '')
}

export const KILL_POINTS: readonly string[] = [
  ...COMMITS.flatMap((name) => [`before commit of ${name}`, `after commit of ${name}`]),
  ...CALLS.flatMap((name) => [`before ${name}`, `with the answer pending to ${name}`, `after ${name}`]),
  'before the ack',
  'after the ack',
]
