import type { MessageIdentity } from '../services/message.ts'
import type { Links, Verification } from '../services/verification.ts'
import type { Content } from './blocks.ts'
import { card } from './card.ts'
import { invitation } from './invitation.ts'
import { concernNotice, decisionNotice, outcomeNotice } from './notices.ts'

export type RenderMessage = (
  message: Pick<MessageIdentity, 'kind' | 'occasion' | 'movedBecause'>,
  verification: Verification,
) => Content | null

/**
 * Every message, always from the stored verification: what it says can be late, but never wrong for long.
 * Null for an invitation whose link does not open.
 */
export function makeRenderMessage(links: Pick<Links, 'open'>): RenderMessage {
  return (message, verification) => {
    switch (message.kind) {
      case 'card':
        return card(verification, message.movedBecause)
      case 'invitation':
        return invitation(verification, message.occasion, links)
      case 'decision':
        return decisionNotice(verification, message.occasion)
      case 'outcome':
        return outcomeNotice(verification)
      case 'concern':
        return concernNotice(verification)
    }
  }
}
