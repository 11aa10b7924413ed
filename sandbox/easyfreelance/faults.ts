import { randomUUID } from 'node:crypto'
import type { Route } from './books.ts'
import { type Dialect, writeProblem } from './dialect.ts'
import type { Reply } from './messages.ts'
import type { PartnerRequest } from './partner-api.ts'

export const GARBAGE = ['html', 'empty', 'truncated', 'array', 'wrong_types', 'huge', 'wrong_id'] as const
export const EVIL_LINKS = [
  'other_origin',
  'plain_http',
  'user_info',
  'other_port',
  'control_character',
  'javascript',
  'missing',
] as const

export type Garbage = (typeof GARBAGE)[number]
export type EvilLink = (typeof EVIL_LINKS)[number]

/** What goes wrong with one request. */
export type Misbehaviour =
  /** Does it, then cuts the connection instead of answering. */
  | 'lose'
  /** Cuts the connection without doing anything. */
  | 'lose_before'
  /** Does it, then cuts the connection in the middle of the answer. */
  | 'lose_midway'
  /** Does nothing and never answers. */
  | 'hang'
  /** Does it and never answers. */
  | 'hang_after'
  /** Does it and never gets to the end of the answer. */
  | 'hang_midway'
  /** Answers so without doing anything, or after having done it. `retryAfter` as the header has it. */
  | { status: number; body?: Dialect['errorBody']; retryAfter?: string; done?: boolean }
  /** Does it and answers late; real milliseconds. */
  | { lateMs: number }
  /** Does it and answers with a success that makes no sense. */
  | { garbage: Garbage }
  /** Starts a session whose link is one of ours, or this very text. */
  | { link: EvilLink | { text: string } }
  /** Sends the client somewhere else, with 307, which keeps method and body. */
  | { redirect: string }
  /** Does it and answers what this makes of the honest answer. */
  | { rewrite: (reply: Reply) => Reply }

export type Fault = {
  route: Exclude<Route, 'bouncer' | 'other'> | 'any'
  when?: (request: PartnerRequest) => boolean
  /** How many requests it hits; 1 unless told, `Infinity` for all. */
  times?: number
  do: Misbehaviour
}

/** What was done and how much of the answer gets out. A null reply: nothing was done. */
export type Delivery = {
  reply: Reply | null
  ending: 'whole' | 'lose' | 'lose_midway' | 'hang' | 'hang_midway'
  lateMs?: number
}

export function makeFaults() {
  let waiting: { fault: Fault; left: number }[] = []
  return {
    /** Returns the way to lift it. */
    add(fault: Fault): () => void {
      const entry = { fault, left: fault.times ?? 1 }
      waiting.push(entry)
      return () => {
        waiting = waiting.filter((each) => each !== entry)
      }
    },
    clear(): void {
      waiting = []
    },
    /** The first that fits, used up by one. */
    take(request: PartnerRequest): Misbehaviour | null {
      const hit = waiting.find(({ fault }) => {
        const isRoute = fault.route === 'any' || fault.route === request.route
        return isRoute && (fault.when?.(request) ?? true)
      })
      if (hit === undefined) return null
      hit.left -= 1
      waiting = waiting.filter(({ left }) => left > 0)
      return hit.fault.do
    },
  }
}

/** A short name for the log of calls. */
export function nameOf(misbehaviour: Misbehaviour): string {
  if (typeof misbehaviour === 'string') return misbehaviour
  if ('status' in misbehaviour) return `status ${misbehaviour.status}`
  if ('garbage' in misbehaviour) return `garbage: ${misbehaviour.garbage}`
  if ('link' in misbehaviour) return `link: ${typeof misbehaviour.link === 'string' ? misbehaviour.link : 'given'}`
  return Object.keys(misbehaviour).join()
}

export function misbehave(how: Misbehaviour, perform: () => Reply, origin: string): Delivery {
  switch (how) {
    case 'lose_before':
      return { reply: null, ending: 'lose' }
    case 'hang':
      return { reply: null, ending: 'hang' }
    case 'hang_after':
      return { reply: perform(), ending: 'hang' }
    case 'lose':
    case 'lose_midway':
    case 'hang_midway':
      return { reply: perform(), ending: how }
    default:
      return { reply: answerWrongly(how, perform, origin), ending: 'whole', lateMs: 'lateMs' in how ? how.lateMs : 0 }
  }
}

function answerWrongly(how: Exclude<Misbehaviour, string>, perform: () => Reply, origin: string): Reply {
  if ('redirect' in how) return { status: 307, headers: { location: how.redirect }, body: '' }
  if ('status' in how) {
    if (how.done === true) perform()
    const headers = how.retryAfter === undefined ? {} : { 'retry-after': how.retryAfter }
    const body = writeProblem({ status: how.status, message: 'Something is wrong.' }, how.body ?? 'usual')
    return { status: how.status, headers, body }
  }
  if ('garbage' in how) return spoil(perform(), how.garbage)
  if ('link' in how) return relink(perform(), how.link, origin)
  return 'rewrite' in how ? how.rewrite(perform()) : perform()
}

const JSON_TYPE = { 'content-type': 'application/json' }

function spoil(reply: Reply, how: Garbage): Reply {
  const honest = JSON.stringify(reply.body)
  switch (how) {
    case 'html':
      return { status: 200, body: '<!doctype html><title>Maintenance</title><p>Back soon. approved</p>' }
    case 'empty':
      return { ...reply, headers: JSON_TYPE, body: '' }
    case 'truncated':
      return { ...reply, headers: JSON_TYPE, body: honest.slice(0, honest.length / 2) }
    case 'array':
      return { ...reply, body: [reply.body] }
    case 'wrong_types':
      return {
        ...reply,
        body: { verification_id: { id: 1 }, status: ['approved'], onboarding: 'yes', requested_url: 7 },
      }
    case 'huge':
      return { ...reply, body: { ...Object(reply.body), padding: 'x'.repeat(1024 * 1024) } }
    case 'wrong_id':
      return { ...reply, body: { ...Object(reply.body), verification_id: randomUUID() } }
    default:
      return how satisfies never
  }
}

function relink(reply: Reply, how: EvilLink | { text: string }, origin: string): Reply {
  const link = typeof how === 'object' ? how.text : evilLink(how, origin)
  return { ...reply, body: { ...Object(reply.body), verification_url: link } }
}

function evilLink(how: EvilLink, origin: string): string | undefined {
  const { host, hostname } = new URL(origin)
  switch (how) {
    case 'other_origin':
      return 'https://easyfreelance.example/verify/abc'
    case 'plain_http':
      return 'http://app.easyfreelance.no/verify/abc'
    case 'user_info':
      return `http://someone@${host}/verify/abc`
    case 'other_port':
      return `http://${hostname}:1/verify/abc`
    case 'control_character':
      return `${origin}/verify/a\nbc`
    case 'javascript':
      return 'javascript:alert(1)'
    case 'missing':
      return undefined
    default:
      return how satisfies never
  }
}
