import { readMessageId } from '../../src/services/message.ts'
import type { Arrival } from './settle-slack.ts'

const MINUTE_MS = 60_000
const KINDS = ['card', 'invitation', 'outcome'] as const
type Kind = (typeof KINDS)[number]

export type Ledger = ReturnType<typeof makeLedger>

/** When each session settled, and when Slack was told. Made as large as it gets, so that it never grows while memory is watched. */
export function makeLedger(deps: { sessions: number; begin: number; channelOf: (index: number) => string }) {
  const { sessions, begin, channelOf } = deps
  const settledAt = new Float64Array(sessions)
  const shownAt = Object.fromEntries(KINDS.map((kind) => [kind, new Float64Array(sessions)])) as Record<
    Kind,
    Float64Array
  >
  const newcomers: { readonly kind: string; readonly at: number }[] = []

  const shown = (kind: Kind) => shownAt[kind].reduce((count, at) => count + (at > 0 ? 1 : 0), 0)
  /** From the time the session settled, ms. */
  const waitOf = (index: number) => (shownAt.card[index] ?? 0) - (settledAt[index] ?? 0)
  const inOrderOf = (times: Float64Array) =>
    Array.from(times, (_, index) => index).toSorted((one, other) => (times[one] ?? 0) - (times[other] ?? 0))

  return {
    settled: (sessionId: string, at: number): void => {
      settledAt[Number(sessionId.split('-').at(-1))] = at
    },
    arrived: ({ method, ts, id, at }: Arrival): void => {
      if (method === 'chat.update') {
        const [index, micro] = ts.split('.')
        shownAt[micro === '000100' ? 'card' : 'invitation'][Number(index) - 1_600_000_000] = at
      }
      if (method !== 'chat.postMessage') return
      const name = readMessageId(id)
      if (name?.kind === 'outcome') shownAt.outcome[Number(name.verificationId.split('-').at(-1))] = at
      else if (name !== null) newcomers.push({ kind: name.kind, at })
    },
    shown,
    isComplete: (count: number) => KINDS.every((kind) => shown(kind) === sessions) && newcomers.length === 2 * count,
    /** After the first of them settled. */
    lastMin: (kind: Kind): number => (shownAt[kind].reduce((most, at) => Math.max(most, at), 0) - begin) / MINUTE_MS,
    mostPlacesLost: (): number => {
      const place = new Int32Array(sessions)
      for (const [nth, index] of inOrderOf(settledAt).entries()) place[index] = nth
      return inOrderOf(shownAt.card).reduce((most, index, nth) => Math.max(most, nth - (place[index] ?? 0)), 0)
    },
    quietBesideBusiest: (): number => {
      const waits = new Map<string, number[]>()
      for (let index = 0; index < sessions; index += 1) {
        const channel = channelOf(index)
        const known = waits.get(channel) ?? []
        known.push(waitOf(index))
        waits.set(channel, known)
      }
      const [busiest = [], ...quiet] = [...waits.values()].toSorted((one, other) => other.length - one.length)
      return longest(quiet.flat()) / longest(busiest)
    },
    newcomerAt: (kind: 'card' | 'invitation') => newcomers.filter((each) => each.kind === kind).map(({ at }) => at),
  }
}

const longest = (waits: readonly number[]) =>
  waits.reduce((most, wait) => Math.max(most, wait), Number.NEGATIVE_INFINITY)
