import type { ActionsBlock, Button, ContextBlock, KnownBlock, MrkdwnElement, PlainTextElement } from '@slack/types'
import * as z from 'zod'

/** What a message says: `text` for notifications and screen readers, `blocks` for eyes. Both say the same. */
export type Content = { readonly text: string; readonly blocks: KnownBlock[] }

/** `verbatim`: Slack makes no links or mentions of its own out of what people wrote. */
export function mrkdwn(text: string): MrkdwnElement {
  return { type: 'mrkdwn', text, verbatim: true }
}

export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text }
}

export function section(text: string): KnownBlock {
  return { type: 'section', text: mrkdwn(text) }
}

export function context(text: string): ContextBlock {
  return { type: 'context', elements: [mrkdwn(text)] }
}

export function actions(elements: Button[]): ActionsBlock {
  return { type: 'actions', elements }
}

/** A message of words alone. */
export function say(text: string): Content {
  return { text, blocks: [section(text)] }
}

const pressed = z.object({ value: z.string().min(1).max(255) })

/** The verification that a pressed button belongs to; every button of ours carries its id. */
export function readVerificationId(action: unknown): string | null {
  return pressed.safeParse(action).data?.value ?? null
}
