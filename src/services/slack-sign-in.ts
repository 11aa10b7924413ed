import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import type { Log } from './log.ts'
import { backOffMs } from './poll-schedule.ts'
import { askSlack, meaningOf } from './slack-answers.ts'

/** Slack refuses our token. The operator must act; trying again won't help. */
export class SlackRefusedError extends Error {
  override readonly name = 'SlackRefusedError' as const
}

export type SlackIdentity = { readonly teamId: string; readonly botId: string; readonly botUserId: string }

const LONGEST_WAIT_MS = 30_000

/**
 * Who we are at Slack. Asked until Slack answers: an outage at start is no reason to give up.
 * @throws SlackRefusedError when Slack refuses the token.
 */
export async function signIn(deps: { client: WebClient; log: Log; signal: AbortSignal }): Promise<SlackIdentity> {
  const { client, log, signal } = deps
  for (let attempts = 1; ; attempts += 1) {
    const answer = await askSlack(() => client.auth.test())
    if (answer.is === 'done') {
      const { team_id: teamId = '', bot_id: botId = '', user_id: botUserId = '' } = answer.value
      return { teamId, botId, botUserId }
    }
    if (answer.is === 'refused' && meaningOf(answer.error) === 'ours') {
      throw new SlackRefusedError(
        `Slack refuses SLACK_BOT_TOKEN (${answer.error}). Install the app to your workspace again and copy the bot token from "OAuth & Permissions".`,
      )
    }
    log.warn('slack does not answer yet', { reason: answer.error, attempts })
    await sleep(Math.min(LONGEST_WAIT_MS, backOffMs(attempts)), undefined, { signal })
  }
}
