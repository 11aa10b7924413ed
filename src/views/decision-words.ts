/** Why a person must decide, and what each of the two buttons then does. */
import type { Parked, ParkReason } from '../services/verification.ts'
import { mention } from './mrkdwn.ts'
import type { Words } from './words.ts'

export const RETRY_LABELS: Record<ParkReason, string> = {
  start_timeout: 'Try again',
  start_connection_lost: 'Try again',
  start_server_error: 'Try again',
  start_unreadable: 'Try again',
  start_interrupted: 'Try again',
  unsafe_link: 'Try again',
  session_missing: 'Check again',
  session_denied: 'Check again',
  overdue: 'Check again',
  unanswered: 'Check again',
  undeliverable: 'Send again',
  link_broken: 'Send again',
  poisoned: 'Try again',
}
export const CLOSE_LABEL = 'Close'

export function decisionWords(verification: Parked): Words {
  const employee = mention(verification.employeeId)
  const retry = `*${RETRY_LABELS[verification.reason]}*`
  const close = `*${CLOSE_LABEL}*`
  const words = (title: string, next: string): Words => ({
    symbol: ':raised_hand:',
    title: `Please decide: ${title}`,
    next,
  })
  const unclear = (what: string): Words =>
    words(
      'no clear answer',
      `${what} It may have started a session, but nobody got a link to it: that is harmless and ends by itself. ${retry} starts a new one.`,
    )
  switch (verification.reason) {
    case 'start_timeout':
      return unclear('EasyFreelance did not answer in time, twice.')
    case 'start_connection_lost':
      return unclear('The connection to EasyFreelance broke before it answered, twice.')
    case 'start_server_error':
      return unclear('EasyFreelance reported trouble of its own, twice.')
    case 'start_unreadable':
      return unclear(
        'EasyFreelance gave an answer that makes no sense to us, twice. Tell whoever runs the app if it lasts.',
      )
    case 'start_interrupted':
      return unclear('We were interrupted while we asked EasyFreelance, twice.')
    case 'unsafe_link':
      return words(
        'unsafe link',
        `The link we got does not lead to EasyFreelance, so we showed it to nobody. Tell whoever runs the app, then press ${retry} or ${close}.`,
      )
    case 'session_missing':
      return words(
        'session not found',
        `EasyFreelance no longer knows this session, so no result will come. Press ${close} and start over, or ${retry} if EasyFreelance had trouble.`,
      )
    case 'session_denied':
      return words(
        'no access',
        `EasyFreelance does not let us see the result. Ask whoever runs the app to check its access, then press ${retry}.`,
      )
    case 'overdue':
      return words(
        'no result',
        `The time for this is long over, and EasyFreelance still has no result. Press ${close} and start over, or ${retry}.`,
      )
    case 'unanswered':
      return words(
        'no answer',
        `The time for this is long over, and EasyFreelance gives us no answer we can use. Press ${retry} when it works again, or ${close} and start over.`,
      )
    case 'undeliverable':
      return words(
        'link not delivered',
        `Slack did not let us write to ${employee}; their account may be deactivated. Check with them, then press ${retry} or ${close}.`,
      )
    case 'link_broken':
      return words(
        'link not readable',
        `The link that we kept for ${employee} is damaged and can not be sent. Press ${close} and start over, and tell whoever runs the app.`,
      )
    case 'poisoned':
      return words(
        'we got stuck',
        `This failed several times on our side, so we stopped. Press ${retry}; if it stops here again, tell whoever runs the app.`,
      )
  }
}
