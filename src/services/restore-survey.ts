import type { Insist } from './insist.ts'
import { readMessageId } from './message.ts'
import type { SlackAnswer } from './slack-answers.ts'
import type { SlackConversations } from './slack-conversations.ts'
import type { Standing } from './slack-history.ts'

/** A message of ours that stands in a direct conversation. */
export type Trace = Standing & { readonly conversationId: string }

export type Survey = {
  readonly traces: readonly Trace[]
  /** Each person's direct conversation; null for somebody whom Slack no longer lets us write to. */
  readonly conversations: ReadonlyMap<string, string | null>
}

export type SurveyDeps = {
  readonly open: SlackConversations['open']
  /** The messages of ours in a conversation since then (UTC ms); complete, or not done. */
  readonly read: (conversationId: string, since: number) => Promise<SlackAnswer<Standing[]>>
  readonly insist: Insist
  readonly isKnown: (verificationId: string) => boolean
}

/**
 * Reads what the bot has said to these people since then, and to those whom messages about lost verifications name. It goes
 * on until Slack has answered for each of them: to send on half of the facts is what it is there to prevent.
 */
export function makeSurvey({ open, read, insist, isKnown }: SurveyDeps) {
  return async function survey(people: ReadonlyMap<string, number>, asOf: number): Promise<Survey> {
    const conversations = new Map<string, string | null>()
    const traces: Trace[] = []
    const waiting = new Map(people)
    for (const [userId, since] of waiting) {
      const conversationId = await insist('conversations.open', () => open(userId))
      conversations.set(userId, conversationId)
      if (conversationId === null) continue
      const standing = (await insist('conversations.history', () => read(conversationId, since))) ?? []
      traces.push(...standing.map((message) => ({ ...message, conversationId })))
      for (const { messageId, text } of standing) {
        const name = readMessageId(messageId)
        if (name === null || isKnown(name.verificationId)) continue
        for (const named of mentionsIn(text)) if (!waiting.has(named)) waiting.set(named, asOf)
      }
    }
    return { traces, conversations }
  }
}

function mentionsIn(text: string): string[] {
  return [...text.matchAll(/<@([UW][A-Z0-9]{2,30})>/g)].flatMap(([, userId]) => (userId === undefined ? [] : [userId]))
}
