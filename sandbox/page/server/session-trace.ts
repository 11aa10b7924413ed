import type { Session } from '../../easyfreelance/books.ts'
import type { Call } from '../../slack/call-log.ts'
import { isObject, textIn } from '../../slack/json.ts'
import type { Message } from '../../slack/messages.ts'

/** A card may be posted a moment after its session was started, or long before. */
const A_MOMENT_MS = 5000

const LINK = /\/verify\/([\w-]{16,})/
const MENTION = /<@([UW]\w+)/g

export type SessionTrace = ReturnType<typeof makeSessionTrace>

/**
 * Tells which session a message or a call to Slack is about, from outside: a link tells for certain, and from then on whose
 * session it is; a mention of that person tells as well as one can.
 */
export function makeSessionTrace() {
  const byLink = new Map<string, Session>()
  const ofUser = new Map<string, Session[]>()
  const userOf = new Map<string, string>()
  const byMessage = new Map<string, string>()

  const keyOf = (channelId: string, ts: string) => `${channelId} ${ts}`

  function byContent(content: unknown, channelId: string, postedAt: number | null): string | null {
    const text = JSON.stringify(content) ?? ''
    const linked = byLink.get(LINK.exec(text)?.[1] ?? '')
    if (linked !== undefined) return linked.id
    for (const [, userId = ''] of text.matchAll(MENTION)) {
      const sessions = ofUser.get(userId) ?? []
      const itsOwn =
        postedAt === null ? undefined : sessions.find(({ startedAt }) => startedAt >= postedAt - A_MOMENT_MS)
      const session = itsOwn ?? sessions.at(-1)
      if (session !== undefined && (channelId !== `D${userId}` || sessions.length === 1)) return session.id
    }
    return null
  }

  return {
    userOf: (sessionId: string): string | null => userOf.get(sessionId) ?? null,

    noteSession(session: Session): void {
      byLink.set(session.token, session)
    },

    noteMessage({ channelId, ts, text, blocks, edits }: Message): void {
      const linked = byLink.get(LINK.exec(JSON.stringify(blocks))?.[1] ?? '')
      const userId = channelId.startsWith('D') ? channelId.slice(1) : null
      if (linked !== undefined && userId !== null && !userOf.has(linked.id)) {
        userOf.set(linked.id, userId)
        ofUser.set(userId, [...(ofUser.get(userId) ?? []), linked])
      }
      const postedAt = edits.length === 0 ? null : Number(ts) * 1000
      const sessionId = linked?.id ?? byContent([text, blocks], channelId, postedAt)
      if (sessionId !== null) byMessage.set(keyOf(channelId, ts), sessionId)
    },

    /** Where it can be told. */
    ofCall({ method, args, answer }: Pick<Call, 'method' | 'args' | 'answer'>): string | null {
      if (!method.startsWith('chat.')) return null
      const body = isObject(answer?.body) ? answer.body : {}
      const channelId = textIn(args.channel)
      const known = byMessage.get(keyOf(channelId, textIn(args.ts) || textIn(body.ts)))
      return known ?? byContent([args.text, args.blocks], channelId, null)
    },
  }
}
