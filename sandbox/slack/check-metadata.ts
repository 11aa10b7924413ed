import { isObject } from './json.ts'
import type { Metadata } from './messages.ts'
import { SlackRefusal } from './slack-refusal.ts'

const SNAKE_CASE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/

/** Slack does not publish the size at which it answers `metadata_too_large`; this is deliberately small. */
const MOST_BYTES = 3000

/** docs.slack.dev/messaging/message-metadata: `{ event_type, event_payload }` with flat snake_case keys. */
export function acceptMetadata(given: unknown): Metadata {
  const refuse = (why: string) =>
    new SlackRefusal('invalid_metadata_format', { response_metadata: { messages: [`[ERROR] ${why}`] } })
  if (!isObject(given)) throw refuse('metadata must be an object')
  const { event_type, event_payload, ...rest } = given
  if (typeof event_type !== 'string' || !SNAKE_CASE.test(event_type)) throw refuse('event_type must be snake_case')
  if (!isObject(event_payload)) throw refuse('event_payload must be an object')
  if (Object.keys(rest).length > 0) throw refuse(`unknown fields: ${Object.keys(rest).join(', ')}`)
  for (const [key, value] of Object.entries(event_payload)) {
    if (!SNAKE_CASE.test(key)) throw refuse(`not a snake_case key: ${key}`)
    if (!['string', 'number', 'boolean'].includes(typeof value)) throw refuse(`not a flat value: ${key}`)
  }
  if (Buffer.byteLength(JSON.stringify(given)) > MOST_BYTES) throw new SlackRefusal('metadata_too_large')
  return { event_type, event_payload }
}
