import type { ModalView } from '@slack/types'
import { type Content, plain, section } from './blocks.ts'
import { PROVIDER_NAMES } from './check-words.ts'
import { channelMention, mention } from './mrkdwn.ts'
import type { VerifyRequest } from './read-verify-modal.ts'

/** After Send: it is stored and will happen. */
export function acceptedView({ employeeId, provider, cardChannelId }: VerifyRequest): ModalView {
  const where = cardChannelId === null ? 'your direct messages with this app' : channelMention(cardChannelId)
  return lastView('Accepted', [
    `*${mention(employeeId)} will get a link to ${PROVIDER_NAMES[provider]} by direct message in a moment.*`,
    `The status card comes to ${where}. It changes by itself, and you get a message when it is over. You can close this.`,
  ])
}

/** When nothing can be sent whatever the fields say; takes one of `replies.ts`. */
export function refusedView(reply: Content): ModalView {
  return lastView('Nothing was sent', [reply.text])
}

function lastView(title: string, paragraphs: readonly string[]): ModalView {
  return {
    type: 'modal',
    title: plain(title),
    close: plain('Close'),
    clear_on_close: true,
    blocks: paragraphs.map(section),
  }
}
