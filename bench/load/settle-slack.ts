import type { WebClient } from '@slack/web-api'
import { WebAPIRateLimitedError } from '@slack/web-api'
import { makeRateLimits, type Tier } from '../../sandbox/slack/rate-limits.ts'
import type { Clock } from '../../test/simulation/clock.ts'

/** docs.slack.dev: the tier of each method the bot uses in the background. */
const TIERS: Readonly<Record<string, Tier>> = {
  'conversations.open': 'tier3',
  'conversations.history': 'tier3',
  'chat.update': 'tier3',
  'chat.postMessage': 'posting',
}
const WAY_MS = { least: 20, most: 300 }

export type CountingSlack = ReturnType<typeof makeCountingSlack>
export type Arrival = {
  readonly method: string
  readonly channel: string
  readonly ts: string
  /** The opaque id in the metadata of a new message. */
  readonly id: string
  readonly at: number
}

/**
 * Slack at the border of its SDK, in made-up time, as strict as the stand-in of the sandbox, whose counter it uses. A call is
 * counted when it arrives, and each takes another time to get there.
 */
export function makeCountingSlack({ clock, onArrival }: { clock: Clock; onArrival: (arrival: Arrival) => void }) {
  const limits = makeRateLimits({ now: clock.now, scale: 1, limits: {} })
  const random = seeded(6)
  const counts = new Map<string, number>()
  let refused = 0
  let posts = 0

  function call<Answer>(
    method: string,
    { channel, ts = '', id = '' }: { channel: string; ts?: string; id?: string },
    answer: () => Answer,
  ): Promise<Answer> {
    const way = () => Math.round(WAY_MS.least + random() * (WAY_MS.most - WAY_MS.least))
    return new Promise((resolve, reject) => {
      clock.after(() => {
        const waitSeconds = limits.take(method, TIERS[method] ?? 'tier2', channel)
        if (waitSeconds > 0) {
          refused += 1
          clock.after(() => reject(new WebAPIRateLimitedError(waitSeconds)), way())
          return
        }
        counts.set(method, (counts.get(method) ?? 0) + 1)
        onArrival({ method, channel, ts, id, at: clock.now() })
        clock.after(() => resolve(answer()), way())
      }, way())
    })
  }

  const client = {
    conversations: {
      open: ({ users }: { users: string }) =>
        call('conversations.open', { channel: users }, () => ({ channel: { id: `D${users}` } })),
      history: ({ channel }: { channel: string }) =>
        call('conversations.history', { channel }, () => ({ messages: [], has_more: false })),
    },
    chat: {
      postMessage: ({ channel, metadata }: { channel: string; metadata: { event_payload: { id: string } } }) => {
        posts += 1
        const ts = `${Math.floor(clock.now() / 1000)}.${String(posts).padStart(6, '0')}`
        return call('chat.postMessage', { channel, ts, id: metadata.event_payload.id }, () => ({ ts }))
      },
      update: (edit: { channel: string; ts: string }) => call('chat.update', edit, () => ({})),
      delete: (message: { channel: string; ts: string }) => call('chat.delete', message, () => ({})),
    },
  }
  return {
    client: client as unknown as WebClient,
    /** Calls that came too early and were refused. */
    refused: () => refused,
    calls: (method: string) => counts.get(method) ?? 0,
  }
}

/** The same run each time; mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
