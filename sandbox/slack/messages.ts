import type { JsonObject } from './json.ts'
import type { EventLog } from './slack-events.ts'

/** docs.slack.dev/messaging/message-metadata */
export type Metadata = { event_type: string; event_payload: JsonObject }

export type Message = {
  channelId: string
  /** Slack's message id: seconds and microseconds, unique in its channel. */
  ts: string
  /** Who it is from: a person, or the app's bot user. */
  userId: string
  text: string
  blocks: JsonObject[]
  metadata?: Metadata
  threadTs?: string
  unfurlLinks?: boolean
  unfurlMedia?: boolean
  /** Set on an ephemeral message: the one person who sees it. */
  ephemeralTo?: string
  /** Earlier versions, oldest first. */
  edits: { text: string; blocks: JsonObject[]; metadata?: Metadata; at: number }[]
  deleted: boolean
  /** Before this moment `conversations.history` does not show it. */
  inHistoryFrom: number
}

export type NewMessage = Pick<Message, 'channelId' | 'userId' | 'text' | 'blocks'> &
  Partial<Pick<Message, 'metadata' | 'threadTs' | 'unfurlLinks' | 'unfurlMedia' | 'ephemeralTo'>>

export type MessageChange = { text?: string; blocks?: JsonObject[]; metadata?: Metadata }

export type MessageStore = ReturnType<typeof makeMessageStore>

/** Every message, ephemeral or not, deleted or not, in the order they came. */
export function makeMessageStore({ now, events }: { now: () => number; events: EventLog }) {
  const all: Message[] = []
  const lastMicros = new Map<string, number>()
  let lagMs = 0
  let held: Message[] | undefined

  function newTs(channelId: string): string {
    const micros = Math.max(now() * 1000 + 100, (lastMicros.get(channelId) ?? 0) + 100)
    lastMicros.set(channelId, micros)
    return `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, '0')}`
  }

  const kind = (message: Message) => (message.ephemeralTo === undefined ? 'message' : 'ephemeral')

  function post(fresh: NewMessage): Message {
    const inHistoryFrom = held === undefined ? now() + lagMs : Number.POSITIVE_INFINITY
    const message: Message = { ...fresh, ts: newTs(fresh.channelId), edits: [], deleted: false, inHistoryFrom }
    all.push(message)
    held?.push(message)
    events.emit({ type: `${kind(message)}_posted`, message: structuredClone(message) })
    return message
  }

  function edit(message: Message, change: MessageChange): void {
    const { text, blocks, metadata } = message
    message.edits.push({ text, blocks, ...(metadata && { metadata }), at: now() })
    Object.assign(message, change)
    events.emit({ type: `${kind(message)}_edited`, message: structuredClone(message) })
  }

  function remove(message: Message): void {
    message.deleted = true
    events.emit({ type: `${kind(message)}_deleted`, message: structuredClone(message) })
  }

  return {
    all,
    post,
    edit,
    remove,
    find: (channelId: string, ts: string): Message | undefined =>
      all.find((message) => message.channelId === channelId && message.ts === ts),
    /** What stands in a channel for everyone, oldest first; deleted ones are gone. */
    standingIn: (channelId: string): Message[] =>
      all.filter((message) => message.channelId === channelId && !message.deleted && message.ephemeralTo === undefined),
    /**
     * Keeps messages posted from now on out of `conversations.history`: each for `forMs`, or all of them until the
     * returned function is called.
     */
    lagHistory(forMs?: number): () => void {
      if (forMs === undefined) held = []
      else lagMs = forMs
      return () => {
        for (const message of held ?? []) message.inHistoryFrom = now()
        held = undefined
        lagMs = 0
        events.emit({ type: 'world_changed' })
      }
    },
  }
}
