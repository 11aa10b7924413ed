import type { ActionsBlock, Button } from '@slack/types'
import * as z from 'zod'
import type { Parked } from '../services/verification.ts'
import { actions, mrkdwn, plain } from './blocks.ts'
import { CLOSE_LABEL, RETRY_LABELS } from './decision-words.ts'
import { mention } from './mrkdwn.ts'

export const RETRY_ACTION = 'retry_verification'
export const CLOSE_ACTION = 'close_verification'

/** Which question a press answers. A verification can need a decision more than once, and an old press answers none. */
export type PressedDecision = { readonly verificationId: string; readonly parks: number | null }

const pressed = z.object({ value: z.string().regex(/^[A-Za-z0-9_-]{1,64}(?::\d{1,9})?$/) })

/** Cards posted by older builds don't say which question they ask: `parks` is null. */
export function readDecision(action: unknown): PressedDecision | null {
  const [verificationId, parks] = pressed.safeParse(action).data?.value.split(':') ?? []
  return verificationId === undefined ? null : { verificationId, parks: parks === undefined ? null : Number(parks) }
}

/** [Try again] and [Close] for a parked verification; `readDecision` reads them. */
export function decisionButtons(verification: Parked): ActionsBlock {
  const employee = mention(verification.employeeId)
  const link = verification.session === null ? '' : ` ${employee} loses the link in their message.`
  const value = `${verification.id}:${verification.parks}`
  const retry: Button = {
    type: 'button',
    action_id: RETRY_ACTION,
    text: plain(RETRY_LABELS[verification.reason]),
    value,
  }
  const close: Button = {
    type: 'button',
    action_id: CLOSE_ACTION,
    text: plain(CLOSE_LABEL),
    value,
    confirm: {
      title: plain('Close this verification?'),
      text: mrkdwn(`No result will show here any more.${link} You can start over at any time.`),
      confirm: plain('Close it'),
      deny: plain('Go back'),
    },
  }
  return actions([retry, close])
}
