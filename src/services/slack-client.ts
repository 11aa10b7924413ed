import { type Logger, WebClient } from '@slack/web-api'
import type { Dispatcher } from 'undici'
import type { SlackResult } from './metrics.ts'
import { makeSlackFetch } from './slack-fetch.ts'

/**
 * A client for Slack's Web API that calls once and says what came of it. The SDK's own default (ten silent retries, no
 * time-out, a pause of the whole queue on 429) would send messages twice and hold up everything else.
 */
export function makeSlackClient(deps: SlackClientDeps): WebClient {
  return new WebClient(deps.token, slackClientOptions(deps))
}

export type SlackClientDeps = {
  readonly token: string
  readonly apiUrl: string
  readonly timeoutMs: number
  readonly dispatcher: Dispatcher
  readonly logger: Logger
  /** Told what came of every call, by the last part of its address. */
  readonly onCall?: ((method: string, result: SlackResult) => void) | undefined
}

/** The same for Bolt, which makes its own clients. */
export function slackClientOptions({ apiUrl, timeoutMs, dispatcher, logger, onCall }: Omit<SlackClientDeps, 'token'>) {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: timeoutMs,
    fetch: makeSlackFetch(dispatcher, onCall),
    logger,
    // Every call goes to the configured address, whatever a method's name looks like.
    allowAbsoluteUrls: false,
  } as const
}
