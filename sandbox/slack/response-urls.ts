import { randomBytes } from 'node:crypto'
import { acceptMessageBlocks, type Known } from './check-blocks.ts'
import { type JsonObject, textIn } from './json.ts'
import type { Message, MessageStore } from './messages.ts'
import { SlackRefusal } from './slack-refusal.ts'

/** docs.slack.dev/interactivity/handling-user-interaction: 5 uses within 30 minutes. */
const MOST_USES = 5
const LIFE_MS = 30 * 60_000

/** Where answers go: to the person in the channel; `message` is the one whose component was used. */
export type ResponseTarget = { userId: string; channelId: string; message?: Message }

const FIELDS = new Set([
  'text',
  'blocks',
  'response_type',
  'replace_original',
  'delete_original',
  'thread_ts',
  'mrkdwn',
  'unfurl_links',
  'unfurl_media',
  'metadata',
])

export type ResponseUrls = ReturnType<typeof makeResponseUrls>

/** The response_urls of commands and messages, and what posting to one does. */
export function makeResponseUrls(deps: {
  now: () => number
  messages: MessageStore
  known: Known
  botUserId: string
  baseUrl: () => string
  violation: (kind: string, detail: string) => void
}) {
  const { now, messages, known, botUserId, baseUrl, violation } = deps
  const issued = new Map<string, ResponseTarget & { at: number; uses: number }>()

  /** Posts what the app answered: ephemeral unless it says `in_channel`. */
  function show(target: ResponseTarget, body: JsonObject): Message {
    const blocks = acceptMessageBlocks(body.blocks, known)
    const text = textIn(body.text)
    if (text === '' && blocks.length === 0) throw new SlackRefusal('no_text')
    if (text === '') violation('missing_text', 'a response with blocks has no top-level text for screen readers')
    const content = { channelId: target.channelId, userId: botUserId, text, blocks }
    if (body.response_type === 'in_channel') return messages.post(content)
    return messages.post({ ...content, ephemeralTo: target.userId })
  }

  function answer(target: ResponseTarget, body: JsonObject): Message | undefined {
    const unknown = Object.keys(body).filter((field) => !FIELDS.has(field))
    if (unknown.length > 0) throw new SlackRefusal('invalid_payload', { unknown })
    const { message } = target
    if (body.delete_original === true) {
      if (Object.keys(body).length > 1) throw new SlackRefusal('invalid_payload')
      if (message === undefined) violation('delete_original', 'delete_original does nothing for a slash command')
      else if (!message.deleted) messages.remove(message)
      return message
    }
    if (body.replace_original === true && message !== undefined && !message.deleted) {
      const blocks = acceptMessageBlocks(body.blocks, known)
      if (textIn(body.text) === '' && blocks.length === 0) throw new SlackRefusal('no_text')
      messages.edit(message, { text: textIn(body.text), blocks })
      return message
    }
    if (body.replace_original === true && message === undefined)
      violation('replace_original', "replace_original cannot change the person's typed command")
    return show(target, body)
  }

  return {
    show,
    issue(target: ResponseTarget): string {
      const key = randomBytes(16).toString('hex')
      issued.set(key, { ...target, at: now(), uses: 0 })
      return `${baseUrl()}/respond/${key}`
    },
    /** Throws a SlackRefusal where real Slack says no. */
    use(key: string, body: JsonObject): Message | undefined {
      const target = issued.get(key)
      if (target === undefined) throw new SlackRefusal('invalid_url')
      if (now() - target.at > LIFE_MS) {
        violation('response_url_expired', 'a response_url was used after 30 minutes')
        throw new SlackRefusal('expired_url')
      }
      if (target.uses >= MOST_USES) {
        violation('response_url_overuse', 'a response_url was used more than 5 times')
        throw new SlackRefusal('used_url')
      }
      target.uses += 1
      return answer(target, body)
    },
  }
}
