import { formatDateToken } from './page/ui/mrkdwn/date-token.ts'
import type { Inline } from './page/ui/mrkdwn/nodes.ts'
import { parseMrkdwn } from './page/ui/mrkdwn/parse-mrkdwn.ts'
import type { Message } from './slack/messages.ts'
import type { SlackStandIn } from './slack/slack-options.ts'

/** Of a message; the rest of it is left out. */
const MOST_CHARACTERS = 150

type Named = { readonly id: string; readonly name: string }

/** Slack's mrkdwn as a person reads it, on one line: people and channels by name, dates as words, no marks. */
export function plainWords(
  mrkdwn: string,
  { people, channels, now }: { people: readonly Named[]; channels: readonly Named[]; now: number },
): string {
  const name = (among: readonly Named[], id: string) => among.find((each) => each.id === id)?.name ?? id
  const words = (nodes: readonly Inline[]) => nodes.map(wordsOf).join('')
  function wordsOf(node: Inline): string {
    switch (node.kind) {
      case 'text':
        return node.text
      case 'break':
        return ' '
      case 'user':
        return `@${name(people, node.id)}`
      case 'channel':
        return `#${name(channels, node.id)}`
      case 'emoji':
        return node.character
      case 'date':
        return formatDateToken(node.unix, node.format, now)
      case 'link':
      case 'broadcast':
        return node.label
      default:
        return words(node.children)
    }
  }
  return parseMrkdwn(mrkdwn, { autoLink: false })
    .map((part) =>
      part.kind === 'list' ? part.items.map((item) => `• ${words(item)}`).join(' ') : words(part.children),
    )
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** For somebody at a terminal: what people in this workspace see. */
export function readerFor(slack: Pick<SlackStandIn, 'people' | 'channels'>) {
  const people = slack.people().map(({ id, realName }) => ({ id, name: realName }))
  const channels = slack.channels()
  const plain = (mrkdwn: string) => plainWords(mrkdwn, { people, channels, now: Date.now() })
  function firstWords({ text }: Pick<Message, 'text'>): string {
    const whole = plain(text)
    const end = whole.lastIndexOf(' ', MOST_CHARACTERS)
    return `"${whole.length > MOST_CHARACTERS ? `${whole.slice(0, end)} …` : whole}"`
  }
  return { plain, firstWords }
}
