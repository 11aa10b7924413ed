import type { JsonObject } from './json.ts'

/** One call the app made: a Web API method or a response_url (`method` is then `response_url`). */
export type Call = {
  id: number
  method: string
  /** Without the token. */
  args: JsonObject
  token: 'bot' | 'app' | 'other' | 'none'
  at: number
  durationMs: number
  /** The HTTP status and body answered; undefined while none was, or when the connection was cut. */
  answer?: { status: number; body: unknown }
  /** `ok`, the error's name, or what became of the connection. */
  outcome: string
}

/** Refusals that no correct app ever meets: a bug in the app, whatever it does next. */
export const BUGS: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_arguments',
  'invalid_metadata_format',
  'metadata_too_large',
  'view_too_large',
  'unknown_method',
  'missing_scope',
  'not_authed',
  'invalid_auth',
  'not_allowed_token_type',
  'no_text',
  'msg_too_long',
  'exchanged_trigger_id',
  'trigger_exchanged',
  'invalid_trigger_id',
  'push_limit_reached',
  'messages_tab_disabled',
  'invalid_payload',
])
