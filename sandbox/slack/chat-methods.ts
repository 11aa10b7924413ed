import { withIds } from './block-walk.ts'
import { acceptMessageBlocks } from './check-blocks.ts'
import { acceptMetadata } from './check-metadata.ts'
import { messageAsSent, needScope, postingTarget, visibleChannel } from './conversations.ts'
import { type JsonObject, textIn } from './json.ts'
import type { Message } from './messages.ts'
import type { Method } from './method.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { Args, Workspace } from './workspace.ts'

/** docs.slack.dev/reference/methods/chat.postMessage: 4,000 advised, cut at 40,000; chat.update refuses above 4,000. */
const ADVISED_TEXT = 4000
const MOST_TEXT = 40_000

const CUSTOM_AUTHOR = ['username', 'icon_emoji', 'icon_url'] as const

function newBlockIds(workspace: Workspace): () => string {
  let count = 0
  return () => `${Math.floor(workspace.now() / 1000)}.b${workspace.messages.all.length}.${++count}`
}

/** Text and blocks, checked; what is allowed but unwise is written down as a violation. */
function content(args: Args, workspace: Workspace): { text: string; blocks: JsonObject[] } {
  const { known, violation } = workspace
  const blocks = acceptMessageBlocks(args.blocks, known)
  const text = textIn(args.text)
  if (text === '' && blocks.length === 0) throw new SlackRefusal('no_text')
  if (text === '') violation('missing_text', 'a message with blocks has no top-level text for screen readers')
  if (text.length > MOST_TEXT) throw new SlackRefusal('msg_too_long')
  if (text.length > ADVISED_TEXT) violation('long_text', `a message text has ${text.length} characters`)
  return { text, blocks: withIds(blocks, newBlockIds(workspace)) }
}

/** docs.slack.dev/messaging/unfurling-links-in-messages: Slack fetches the URLs of a message unless both are off. */
function checkUnfurling(args: Args, { violation }: Workspace): void {
  const hasUrl = /https?:\/\//.test(JSON.stringify([args.text, args.blocks]))
  if (hasUrl && (args.unfurl_links !== false || args.unfurl_media !== false))
    violation('unfurl', 'a message with a URL was posted without unfurl_links and unfurl_media false')
}

function ownMessage(args: Args, workspace: Workspace, notMine: string): Message {
  const channel = visibleChannel(workspace, textIn(args.channel))
  const message = workspace.messages.find(channel.id, textIn(args.ts))
  if (message === undefined || message.deleted || message.ephemeralTo !== undefined)
    throw new SlackRefusal('message_not_found')
  if (message.userId !== workspace.ids.botUserId) throw new SlackRefusal(notMine)
  if (channel.isArchived) throw new SlackRefusal('is_inactive')
  return message
}

const text = { 'text?': 'string', 'blocks?': 'json', 'parse?': 'string', 'link_names?': 'boolean' } as const
const author = { 'username?': 'string', 'icon_emoji?': 'string', 'icon_url?': 'string' } as const
const common = { tokens: ['bot'], scopes: ['chat:write'] } as const

function postMessage(args: Args, workspace: Workspace): JsonObject {
  if (CUSTOM_AUTHOR.some((name) => args[name] !== undefined)) needScope(workspace, 'chat:write.customize')
  const channel = postingTarget(workspace, textIn(args.channel))
  const said = content(args, workspace)
  const metadata = args.metadata === undefined ? undefined : acceptMetadata(args.metadata)
  checkUnfurling(args, workspace)
  const message = workspace.messages.post({
    channelId: channel.id,
    userId: workspace.ids.botUserId,
    ...said,
    ...(metadata && { metadata }),
    ...(args.thread_ts !== undefined && { threadTs: textIn(args.thread_ts) }),
    ...(typeof args.unfurl_links === 'boolean' && { unfurlLinks: args.unfurl_links }),
    ...(typeof args.unfurl_media === 'boolean' && { unfurlMedia: args.unfurl_media }),
  })
  return { channel: channel.id, ts: message.ts, message: messageAsSent(workspace, message, true) }
}

function update(args: Args, workspace: Workspace): JsonObject {
  const message = ownMessage(args, workspace, 'cant_update_message')
  if (workspace.rules.editWindowClosed) throw new SlackRefusal('edit_window_closed')
  if (textIn(args.text).length > ADVISED_TEXT) throw new SlackRefusal('msg_too_long')
  const said = content(args, workspace)
  const metadata = args.metadata === undefined ? undefined : acceptMetadata(args.metadata)
  workspace.messages.edit(message, { ...said, ...(metadata && { metadata }) })
  const { channelId: channel, ts } = message
  return { channel, ts, text: message.text, message: messageAsSent(workspace, message, true) }
}

function postEphemeral(args: Args, workspace: Workspace): JsonObject {
  const channel = visibleChannel(workspace, textIn(args.channel))
  if (!workspace.world.botIsIn(channel)) throw new SlackRefusal('not_in_channel')
  if (channel.isArchived) throw new SlackRefusal('is_archived')
  if (!channel.members.includes(textIn(args.user))) throw new SlackRefusal('user_not_in_channel')
  const said = content(args, workspace)
  const to = { channelId: channel.id, userId: workspace.ids.botUserId, ephemeralTo: textIn(args.user) }
  // docs.slack.dev: message_ts of an ephemeral message is not a real ts and cannot be used with chat.update.
  return { message_ts: workspace.messages.post({ ...to, ...said }).ts }
}

export const chatMethods: Record<string, Method> = {
  'chat.postMessage': {
    ...common,
    tier: 'posting',
    args: {
      channel: 'string',
      ...text,
      ...author,
      'metadata?': 'json',
      'thread_ts?': 'string',
      'reply_broadcast?': 'boolean',
      'mrkdwn?': 'boolean',
      'unfurl_links?': 'boolean',
      'unfurl_media?': 'boolean',
    },
    run: postMessage,
  },
  'chat.update': {
    ...common,
    tier: 'tier3',
    args: { channel: 'string', ts: 'string', ...text, 'metadata?': 'json', 'reply_broadcast?': 'boolean' },
    run: update,
  },
  'chat.delete': {
    ...common,
    tier: 'tier3',
    args: { channel: 'string', ts: 'string' },
    run(args, workspace) {
      const message = ownMessage(args, workspace, 'cant_delete_message')
      workspace.messages.remove(message)
      return { channel: message.channelId, ts: message.ts }
    },
  },
  'chat.postEphemeral': {
    ...common,
    tier: 'tier4',
    args: { channel: 'string', user: 'string', ...text, ...author, 'thread_ts?': 'string' },
    run: postEphemeral,
  },
}
