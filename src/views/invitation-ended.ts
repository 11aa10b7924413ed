import type { Failed, Settled } from '../services/verification.ts'
import { stepNames } from './check-words.ts'
import { mention } from './mrkdwn.ts'

/** What the employee's message says when it is over: no link, no reason, and what happens next. */
export function endedInvitation(verification: Settled | Failed): string {
  const manager = mention(verification.managerId)
  if (verification.status === 'failed') {
    const by =
      verification.closedBy === null
        ? 'This request was closed'
        : `${mention(verification.closedBy)} closed this request`
    return `${by}. The link is gone, and you do not need to do anything.`
  }
  switch (verification.outcome) {
    case 'approved': {
      const missing = stepNames(verification.missingSteps)
      return missing === ''
        ? `Thank you! You have confirmed who you are. ${manager} knows, and there is nothing more to do here.`
        : `Thank you! You have confirmed who you are, and ${manager} knows. EasyFreelance still needs: ${missing}. Please sign in there to complete it.`
    }
    case 'declined':
      return `EasyFreelance could not confirm who you are this time. ${manager} knows, and can send you a new link. This one is gone.`
    case 'cancelled':
      return `The check was cancelled. If that was a mistake, ask ${manager} for a new link. This one is gone.`
    case 'expired':
      return `Time ran out, and the link has stopped working. ${manager} knows, and can send you a new one.`
    case 'error':
      return `Something went wrong at EasyFreelance; it was not your fault. ${manager} knows, and can send you a new link.`
    case 'other':
      return `EasyFreelance has ended this check without a clear result. ${manager} knows, and will ask them. The link is gone.`
  }
}
