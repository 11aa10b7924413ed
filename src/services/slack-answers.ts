import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'

/** What came of a call to Slack. Three answers, never two: done, refused, or unknown whether it was done. */
export type SlackAnswer<T> =
  | { readonly is: 'done'; readonly value: T }
  | { readonly is: 'refused'; readonly error: string; readonly retryAfterMs: number | null }
  | { readonly is: 'unknown'; readonly error: string }

/** Slack may have done part of it; docs.slack.dev: chat.postMessage, errors. */
const UNCLEAR_ERRORS = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable'])

/** The connection was never made, so nothing can have happened. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export async function askSlack<T>(call: () => Promise<T>): Promise<SlackAnswer<T>> {
  try {
    return { is: 'done', value: await call() }
  } catch (error) {
    return answerFrom(error)
  }
}

function answerFrom(error: unknown): Exclude<SlackAnswer<never>, { is: 'done' }> {
  if (error instanceof WebAPIPlatformError) {
    const code: unknown = error.data.error
    // The SDK passes off a body it can't read as an error of this name; whatever was asked may have been done.
    if (typeof code !== 'string' || !/^[a-z][a-z0-9_]*$/.test(code)) return { is: 'unknown', error: 'unreadable' }
    return UNCLEAR_ERRORS.has(code)
      ? { is: 'unknown', error: code }
      : { is: 'refused', error: code, retryAfterMs: null }
  }
  if (error instanceof WebAPIRateLimitedError) {
    return { is: 'refused', error: 'ratelimited', retryAfterMs: error.retryAfter * 1000 }
  }
  if (error instanceof WebAPIHTTPError) {
    const code = `http_${error.statusCode}`
    return error.statusCode >= 500 ? { is: 'unknown', error: code } : { is: 'refused', error: code, retryAfterMs: null }
  }
  if (error instanceof WebAPIRequestError && NEVER_CONNECTED.has(codeOf(error.original))) {
    return { is: 'refused', error: 'unreachable', retryAfterMs: null }
  }
  return { is: 'unknown', error: 'no_answer' }
}

/** undici wraps the cause: "fetch failed" says nothing, its cause's code does. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return ''
}

/**
 * What a refusal means for what we wanted to say.
 * - gone: the message isn't there any more, or can't be edited any more; a new one can be sent.
 * - closed: this conversation will not take it, however often we ask.
 * - ours: our token, our scopes. The operator must act; nothing is given up meanwhile.
 * - rejected: Slack doesn't like the message itself. Asking again won't help.
 * - passing: everything else.
 */
export type Refusal = 'gone' | 'closed' | 'ours' | 'rejected' | 'passing'

/** docs.slack.dev: chat.postMessage, chat.update, conversations.open and conversations.history, errors. */
const REFUSALS: Readonly<Record<string, Refusal>> = {
  message_not_found: 'gone',
  cant_update_message: 'gone',
  edit_window_closed: 'gone',

  not_in_channel: 'closed',
  channel_not_found: 'closed',
  is_archived: 'closed',
  is_inactive: 'closed',
  restricted_action: 'closed',
  restricted_action_read_only_channel: 'closed',
  restricted_action_thread_only_channel: 'closed',
  restricted_action_non_threadable_channel: 'closed',
  restricted_action_thread_locked: 'closed',
  messages_tab_disabled: 'closed',
  user_not_found: 'closed',
  user_disabled: 'closed',
  user_not_visible: 'closed',
  cannot_dm_bot: 'closed',
  invalid_user_combination: 'closed',
  users_not_found: 'closed',
  slack_connect_blocked_file_post: 'closed',
  external_channel_migrating: 'passing',

  not_authed: 'ours',
  invalid_auth: 'ours',
  account_inactive: 'ours',
  token_revoked: 'ours',
  token_expired: 'ours',
  not_allowed_token_type: 'ours',
  missing_scope: 'ours',
  no_permission: 'ours',
  access_denied: 'ours',
  org_login_required: 'ours',
  team_access_not_granted: 'ours',

  invalid_blocks: 'rejected',
  invalid_blocks_format: 'rejected',
  block_mismatch: 'rejected',
  invalid_arguments: 'rejected',
  invalid_arg_name: 'rejected',
  invalid_metadata_format: 'rejected',
  invalid_metadata_schema: 'rejected',
  metadata_too_large: 'rejected',
  metadata_must_be_sent_from_app: 'rejected',
  msg_too_long: 'rejected',
  msg_blocks_too_long: 'rejected',
  no_text: 'rejected',
  too_many_attachments: 'rejected',
}

export function meaningOf(error: string): Refusal {
  return Object.hasOwn(REFUSALS, error) ? (REFUSALS[error] ?? 'passing') : 'passing'
}
