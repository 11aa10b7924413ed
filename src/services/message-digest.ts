import { createHash } from 'node:crypto'
import type { Content } from './slack-conversations.ts'

/** Tells whether Slack already shows exactly this, without keeping what it says: that may hold the link. */
export function digestOf(content: Content): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}
