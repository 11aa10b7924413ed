import type { WebClient } from '@slack/web-api'
import { askSlack, type SlackAnswer } from './slack-answers.ts'
import { metadataOf, readHistory } from './slack-history.ts'

const MOST_PAGES = 20

export type Content = { readonly text: string; readonly blocks: readonly object[] }

/** The few things we do in a Slack conversation, each called once and answered with done, refused or unknown. */
export type SlackConversations = {
  /** The direct-message conversation with a person. Repeatable. */
  open(userId: string): Promise<SlackAnswer<string>>
  /** Not repeatable: every call may leave a message. Gives Slack's `ts`. */
  post(conversationId: string, messageId: string, content: Content): Promise<SlackAnswer<string>>
  update(conversationId: string, ts: string, content: Content): Promise<SlackAnswer<void>>
  remove(conversationId: string, ts: string): Promise<SlackAnswer<void>>
  /**
   * The `ts` of every message of ours with this id since `since` (UTC ms), oldest first. Done only after a complete
   * reading, and the latest messages are always read, so that it holds with a clock that differs from Slack's. Needs
   * `im:history`, so it works in direct messages alone.
   */
  find(conversationId: string, messageId: string, since: number): Promise<SlackAnswer<string[]>>
}

export function makeSlackConversations(deps: {
  client: WebClient
  /** Elapsed ms; only pauses go by it. */
  now: () => number
}): SlackConversations {
  const { client, now } = deps

  /** docs.slack.dev: rate limits. A 429 blocks one method for one workspace; the others go on. */
  const pausedUntil = new Map<string, number>()

  async function ask<T>(method: string, call: () => Promise<T>): Promise<SlackAnswer<T>> {
    const until = pausedUntil.get(method) ?? Number.NEGATIVE_INFINITY
    if (now() < until) return { is: 'refused', error: 'ratelimited', retryAfterMs: until - now() }
    const answer = await askSlack(call)
    if (answer.is === 'refused' && answer.retryAfterMs !== null) pausedUntil.set(method, now() + answer.retryAfterMs)
    return answer
  }

  async function findIn(channel: string, messageId: string, since: number): Promise<string[]> {
    const standing = await readHistory(client, { channel, since, mostPages: MOST_PAGES })
    return standing.filter((message) => message.messageId === messageId).map(({ ts }) => ts)
  }

  return {
    open: (userId) =>
      ask('conversations.open', async () => {
        const { channel } = await client.conversations.open({ users: userId })
        return text(channel?.id)
      }),
    post: (channel, messageId, content) =>
      ask('chat.postMessage', async () => {
        const { ts } = await client.chat.postMessage({
          channel,
          ...writable(content),
          metadata: metadataOf(messageId),
          // Both, so that Slack's servers don't fetch the link; docs.slack.dev: unfurling links in messages.
          unfurl_links: false,
          unfurl_media: false,
        })
        return text(ts)
      }),
    update: (channel, ts, content) =>
      ask('chat.update', async () => void (await client.chat.update({ channel, ts, ...writable(content) }))),
    remove: (channel, ts) => ask('chat.delete', async () => void (await client.chat.delete({ channel, ts }))),
    find: (channel, messageId, since) => ask('conversations.history', () => findIn(channel, messageId, since)),
  }
}

/** A success without the id we need is not a success we can build on: it becomes "unknown". */
function text(value: string | undefined): string {
  if (value === undefined || value === '') throw new Error('Slack left out the id')
  return value
}

function writable({ text, blocks }: Content) {
  return { text, blocks: [...blocks] as never }
}
