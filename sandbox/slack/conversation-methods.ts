import { channelAsSent, messageAsSent, needScope, reachablePerson, scopeFor, visibleChannel } from './conversations.ts'
import { type JsonObject, textIn } from './json.ts'
import { type Method, page } from './method.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { Args, Workspace } from './workspace.ts'

/** docs.slack.dev/reference/methods/conversations.history: at most 999 at once. */
const MOST_HISTORY = 999

function open(args: Args, workspace: Workspace): JsonObject {
  const users = textIn(args.users)
    .split(',')
    .map((id) => id.trim())
    .filter(Boolean)
  if (users.length === 0 && args.channel === undefined) throw new SlackRefusal('users_list_not_supplied')
  if (users.length > 8) throw new SlackRefusal('too_many_users')
  const [userId = ''] = users
  if (users.length > 1) needScope(workspace, 'mpim:write')
  // Group DMs are not modelled: the app never opens one.
  if (users.length > 1) throw new SlackRefusal('invalid_user_combination')
  if (args.channel !== undefined && userId === '') {
    const { id } = visibleChannel(workspace, textIn(args.channel))
    return { channel: { id } }
  }
  reachablePerson(workspace, userId, 'user_not_found')
  const known = workspace.world.channels.has(workspace.world.appDmId(userId))
  const channel = workspace.world.openAppDm(userId)
  const full = { ...channelAsSent(workspace, channel, true), id: channel.id }
  return { no_op: known, already_open: known, channel: args.return_im === true ? full : { id: channel.id } }
}

function history(args: Args, workspace: Workspace): JsonObject {
  const { world, messages, now } = workspace
  const channel = visibleChannel(workspace, textIn(args.channel))
  needScope(workspace, scopeFor(channel, 'history'))
  if (!world.botIsIn(channel)) throw new SlackRefusal('not_in_channel')
  const limit = Number(args.limit ?? 100)
  if (limit < 1 || limit > MOST_HISTORY) throw new SlackRefusal('invalid_limit')
  const from = Number(args.oldest ?? 0)
  const to = Number(args.latest ?? Number.POSITIVE_INFINITY)
  if (Number.isNaN(from)) throw new SlackRefusal('invalid_ts_oldest')
  if (Number.isNaN(to)) throw new SlackRefusal('invalid_ts_latest')
  const within = (ts: number) => (args.inclusive === true ? ts >= from && ts <= to : ts > from && ts < to)
  const found = messages
    .standingIn(channel.id)
    .filter(({ ts, threadTs, inHistoryFrom }) => threadTs === undefined && inHistoryFrom <= now() && within(Number(ts)))
    .reverse()
  const { items, nextCursor } = page(found, args, MOST_HISTORY)
  return {
    messages: items.map((message) => messageAsSent(workspace, message, args.include_all_metadata === true)),
    has_more: nextCursor !== '',
    pin_count: 0,
    ...(nextCursor !== '' && { response_metadata: { next_cursor: nextCursor } }),
  }
}

const bot = ['bot'] as const

export const conversationMethods: Record<string, Method> = {
  'conversations.open': {
    tokens: bot,
    scopes: ['im:write'],
    tier: 'tier3',
    args: { 'users?': 'string', 'channel?': 'string', 'return_im?': 'boolean', 'prevent_creation?': 'boolean' },
    run: open,
  },
  'conversations.history': {
    tokens: bot,
    tier: 'tier3',
    args: {
      channel: 'string',
      'cursor?': 'string',
      'limit?': 'integer',
      'oldest?': 'string',
      'latest?': 'string',
      'inclusive?': 'boolean',
      'include_all_metadata?': 'boolean',
    },
    run: history,
  },
  'conversations.info': {
    tokens: bot,
    tier: 'tier3',
    args: { channel: 'string', 'include_locale?': 'boolean', 'include_num_members?': 'boolean' },
    run(args, workspace) {
      const channel = visibleChannel(workspace, textIn(args.channel))
      needScope(workspace, scopeFor(channel, 'read'))
      return { channel: channelAsSent(workspace, channel, workspace.world.botIsIn(channel)) }
    },
  },
  'conversations.members': {
    tokens: bot,
    tier: 'tier4',
    args: { channel: 'string', 'cursor?': 'string', 'limit?': 'integer' },
    run(args, workspace) {
      const channel = visibleChannel(workspace, textIn(args.channel))
      needScope(workspace, scopeFor(channel, 'read'))
      const { items, nextCursor } = page(channel.members, args, 999)
      return { members: items, response_metadata: { next_cursor: nextCursor } }
    },
  },
}
