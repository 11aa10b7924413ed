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

export const ANY_TIME = 'any time'

/** A point and the how-manieth time it is reached; or null: at a time of its own. */
export type Kill = { readonly point: string; readonly nth: number } | null

/** So many, every point as often as any other, in no order, and one in ten at any time. */
export function chooseKills(count: number, chance: Chance): Kill[] {
  let deck: string[] = []
  return Array.from({ length: count }, () => {
    if (chance.next() < 0.1) return null
    if (deck.length === 0) deck = [...KILL_POINTS]
    const [point = ''] = deck.splice(chance.between(0, deck.length - 1), 1)
    return { point, nth: ONCE.test(point) ? 1 : chance.between(1, 2) }
  })
}

export const KILL_POINTS: readonly string[] = [
  ...COMMITS.flatMap((name) => [`before commit of ${name}`, `after commit of ${name}`]),
  ...CALLS.flatMap((name) => [`before ${name}`, `with the answer pending to ${name}`, `after ${name}`]),
  'before the ack',
  'after the ack',
]
