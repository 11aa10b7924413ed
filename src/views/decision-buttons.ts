import type { ActionsBlock, Button } from '@slack/types'
import type { Parked } from '../services/verification.ts'
import { actions, mrkdwn, plain } from './blocks.ts'
import { CLOSE_LABEL, RETRY_LABELS } from './decision-words.ts'
import { mention } from './mrkdwn.ts'

export const RETRY_ACTION = 'retry_verification'
export const CLOSE_ACTION = 'close_verification'

/** [Try again] and [Close] for a parked verification; `readVerificationId` reads them. */
export function decisionButtons(verification: Parked): ActionsBlock {
  const employee = mention(verification.employeeId)
  const link = verification.session === null ? '' : ` ${employee} loses the link in their message.`
  const retry: Button = {
    type: 'button',
    action_id: RETRY_ACTION,
    text: plain(RETRY_LABELS[verification.reason]),
    value: verification.id,
  }
  const close: Button = {
    type: 'button',
    action_id: CLOSE_ACTION,
    text: plain(CLOSE_LABEL),
    value: verification.id,
    confirm: {
      title: plain('Close this verification?'),
      text: mrkdwn(`No result will show here any more.${link} You can start over at any time.`),
      confirm: plain('Close it'),
      deny: plain('Go back'),
    },
  }
  return actions([retry, close])
}
