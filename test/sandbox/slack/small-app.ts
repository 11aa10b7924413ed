import { App, type AppOptions, LogLevel } from '@slack/bolt'
import { onTestFinished } from 'vitest'
import type { SlackOptions, SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { startSlack } from '../../../sandbox/slack/start-slack.ts'

export const MANIFEST = {
  display_information: { name: 'Small app' },
  features: {
    app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
    bot_user: { display_name: 'small' },
    slash_commands: [
      { command: '/ask', description: 'Asks', usage_hint: '@someone', should_escape: true },
      { command: '/plain', description: 'Asks plainly', should_escape: false },
    ],
  },
  oauth_config: { scopes: { bot: ['commands', 'chat:write', 'im:write', 'im:history', 'users:read'] } },
  settings: {
    event_subscriptions: { bot_events: ['app_home_opened', 'app_uninstalled'] },
    interactivity: { is_enabled: true },
    socket_mode_enabled: true,
  },
}

/** The manifest with other scopes. */
export const withScopes = (...bot: string[]) => ({ ...MANIFEST, oauth_config: { scopes: { bot } } })

export const PEOPLE = [
  { id: 'U0ANNA', name: 'anna', realName: 'Anna Berg' },
  { id: 'U0BEN', name: 'ben' },
  { id: 'W0CARLA', name: 'carla' },
]

export const CHANNELS = [
  { id: 'C0HALL', name: 'hall', members: ['U0ANNA', 'U0BEN'], botIsMember: true },
  { id: 'C0YARD', name: 'yard', members: ['U0ANNA'] },
  { id: 'C0VAULT', name: 'vault', isPrivate: true, members: ['U0ANNA'] },
  { id: 'C0ROOM', name: 'room', isPrivate: true, members: ['U0ANNA'], botIsMember: true },
  { id: 'C0ATTIC', name: 'attic', isArchived: true, members: ['U0ANNA'], botIsMember: true },
]

/** A stand-in with a few people and channels, stopped when the test ends. */
export async function slackForTest(options: Partial<SlackOptions> = {}): Promise<SlackStandIn> {
  const slack = await startSlack({ manifest: MANIFEST, people: PEOPLE, channels: CHANNELS, ...options })
  onTestFinished(() => slack.stop())
  return slack
}

export const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

const client = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true }

/** A real Bolt app over Socket Mode, not started yet. */
export function socketApp(slack: SlackStandIn, options: AppOptions = {}): App {
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, ...client },
    ...options,
  })
  onTestFinished(async () => void (await app.stop()))
  return app
}

/** A real Bolt app over HTTP, started, with the stand-in delivering to it. */
export async function httpApp(slack: SlackStandIn): Promise<App> {
  const app = new App({
    token: slack.botToken,
    signingSecret: slack.signingSecret,
    logger: silent,
    clientOptions: { slackApiUrl: slack.apiUrl, ...client },
  })
  const server = await app.start(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  slack.setDelivery({ url: `http://127.0.0.1:${port}/slack/events` })
  onTestFinished(async () => void (await app.stop()))
  return app
}

export type Answer = { status: number; retryAfter: string | null; body: Record<string, unknown> }

/** One Web API call by hand, form-encoded as the SDK sends it. */
export async function call(
  slack: SlackStandIn,
  method: string,
  args: Record<string, unknown> = {},
  token = slack.botToken,
): Promise<Answer> {
  const form = Object.entries(args).map(([key, value]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' }
  const response = await fetch(slack.apiUrl + method, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: token === '' ? { 'content-type': headers['content-type'] } : headers,
  })
  const body: unknown = await response.json()
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: Object.fromEntries(Object.entries(body ?? {})),
  }
}

export const plain = (text: string) => ({ type: 'plain_text', text })

export const inputBlock = (block_id: string, element: object, more: object = {}) => ({
  type: 'input',
  block_id,
  label: plain(block_id),
  element,
  ...more,
})

export const modal = (blocks: object[], more: object = {}) => ({
  type: 'modal',
  callback_id: 'form',
  title: plain('Form'),
  submit: plain('Send'),
  blocks,
  ...more,
})
