import type { Content } from '../../src/services/slack-conversations.ts'
import { platformError } from './slack-faults.ts'

/** A message as it stands in Slack. */
export type Standing = {
  readonly conversationId: string
  readonly ts: string
  /** The opaque id in its metadata. */
  readonly id: string
  /** From when on the history shows it. */
  readonly readableFrom: number
  /** What it shows now, and before that what it showed earlier: a person's screen may be behind. */
  readonly shown: Content[]
  gone: 'removed' | 'taken_away' | null
}

export type Conversations = ReturnType<typeof makeConversations>

/** What everybody in the workspace can read, and who can no longer be reached. */
export function makeConversations({ now }: { now: () => number }) {
  const all: Standing[] = []
  const closed = new Set<string>()
  let count = 0

  const find = (conversationId: string, ts: string): Standing => {
    const found = all.find((each) => each.conversationId === conversationId && each.ts === ts)
    if (found === undefined || found.gone !== null) throw platformError('message_not_found')
    return found
  }

  return {
    all: all as readonly Standing[],
    closed,
    post: (conversationId: string, id: string, content: Content, readableFrom: number): string => {
      if (closed.has(conversationId))
        throw platformError(conversationId.startsWith('C') ? 'not_in_channel' : 'is_inactive')
      count += 1
      const ts = `${Math.floor(now() / 1000)}.${String(count).padStart(6, '0')}`
      all.push({ conversationId, ts, id, readableFrom, shown: [content], gone: null })
      return ts
    },
    update: (conversationId: string, ts: string, content: Content): void => {
      if (closed.has(conversationId) && conversationId.startsWith('C')) throw platformError('channel_not_found')
      find(conversationId, ts).shown.push(content)
    },
    remove: (conversationId: string, ts: string): void => {
      find(conversationId, ts).gone = 'removed'
    },
    /** Everything readable since `oldest` (Slack's seconds), newest first, as Slack gives it. */
    read: (conversationId: string, oldest: string): Standing[] =>
      all
        .filter(
          (each) =>
            each.conversationId === conversationId &&
            each.gone === null &&
            each.readableFrom <= now() &&
            Number(each.ts) > Number(oldest),
        )
        .reverse(),
    /** Takes messages off our own books; nobody will touch them again. */
    forget: (ids: ReadonlySet<string>): void => {
      all.splice(0, all.length, ...all.filter(({ id }) => !ids.has(id)))
    },
    standingIn: (conversationId: string): Standing[] =>
      all.filter((each) => each.conversationId === conversationId && each.gone === null),
  }
}

/** What a message shows now. */
export function shownBy({ shown }: Standing): Content {
  const latest = shown.at(-1)
  if (latest === undefined) throw new Error('a message without content')
  return latest
}

export type Button = { readonly actionId: string; readonly value: string; readonly url: string | null }

/** The buttons a person finds in it. */
export function buttonsIn(content: Content): Button[] {
  const blocks = content.blocks as readonly {
    type: string
    elements?: readonly { type: string; action_id?: string; value?: string; url?: string }[]
  }[]
  return blocks
    .filter(({ type }) => type === 'actions')
    .flatMap(({ elements = [] }) => elements)
    .map(({ action_id: actionId = '', value = '', url = null }) => ({ actionId, value, url }))
}
