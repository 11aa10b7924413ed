import type { JsonObject } from './json.ts'
import type { Message } from './messages.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { Workspace } from './workspace.ts'
import type { Channel, Person } from './world.ts'

/** `missing_scope`, with the scopes needed and provided as real answers carry them. */
export function needScope({ manifest }: Workspace, scope: string): void {
  if (!manifest.scopes.has(scope))
    throw new SlackRefusal('missing_scope', { needed: scope, provided: [...manifest.scopes].join(',') })
}

/** docs.slack.dev/reference/methods/conversations.open: whom a bot can and cannot write to. */
export function reachablePerson({ world }: Workspace, userId: string, unknown: string): Person {
  const person = world.people.get(userId)
  if (person === undefined) throw new SlackRefusal(unknown)
  if (person.isBot || person.id === 'USLACKBOT') throw new SlackRefusal('cannot_dm_bot')
  if (person.deleted) throw new SlackRefusal('user_disabled')
  const shared = [...world.channels.values()].some((each) => world.botIsIn(each) && each.members.includes(userId))
  if (person.isStranger && !shared) throw new SlackRefusal('user_not_visible')
  return person
}

/** A conversation the bot knows of. Private ones and other people's DMs do not exist for an outsider. */
export function visibleChannel({ world }: Workspace, channelId: string): Channel {
  const channel = world.channels.get(channelId)
  if (channel === undefined) throw new SlackRefusal('channel_not_found')
  if (channel.kind !== 'public' && !world.botIsIn(channel)) throw new SlackRefusal('channel_not_found')
  return channel
}

/** Where the bot may post. A user id opens the App-Home DM (docs.slack.dev/reference/methods/chat.postMessage). */
export function postingTarget(workspace: Workspace, channelId: string): Channel {
  const { world, manifest } = workspace
  const toPerson = /^[UW]/.test(channelId)
  if (toPerson) reachablePerson(workspace, channelId, 'channel_not_found')
  if (toPerson && !manifest.messagesTab) throw new SlackRefusal('messages_tab_disabled')
  const channel = toPerson ? world.openAppDm(channelId) : visibleChannel(workspace, channelId)
  if (channel.kind === 'im' && !manifest.messagesTab) throw new SlackRefusal('messages_tab_disabled')
  if (channel.isArchived) throw new SlackRefusal('is_archived')
  if (!world.botIsIn(channel) && !manifest.scopes.has('chat:write.public')) throw new SlackRefusal('not_in_channel')
  return channel
}

/** A message as answers and payloads carry it. */
export function messageAsSent({ ids }: Workspace, message: Message, fullMetadata: boolean): JsonObject {
  const fromBot = message.userId === ids.botUserId
  const { metadata } = message
  return {
    type: 'message',
    user: message.userId,
    ts: message.ts,
    text: message.text,
    team: ids.teamId,
    ...(fromBot && { bot_id: ids.botId, app_id: ids.appId }),
    ...(message.blocks.length > 0 && { blocks: message.blocks }),
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
    ...(metadata && { metadata: fullMetadata ? metadata : { event_type: metadata.event_type } }),
    // docs.slack.dev/reference/methods/chat.update: a message with blocks gets no "(edited)" flag.
    ...(message.edits.length > 0 &&
      message.blocks.length === 0 && { edited: { user: message.userId, ts: message.ts } }),
  }
}

const SCOPE_PREFIX = { public: 'channels', private: 'groups', im: 'im' } as const

export function scopeFor(channel: Channel, suffix: 'read' | 'history'): string {
  return `${SCOPE_PREFIX[channel.kind]}:${suffix}`
}

export function channelAsSent({ now }: Workspace, channel: Channel, isMember: boolean): JsonObject {
  const { id, name, kind, isArchived, members } = channel
  const common = { id, created: Math.floor(now() / 1000), is_archived: isArchived, is_im: kind === 'im' }
  if (kind === 'im') return { ...common, user: members[0], is_org_shared: false }
  const priv = kind === 'private'
  const flags = { is_channel: !priv, is_group: priv, is_private: priv, is_mpim: false, is_member: isMember }
  return { ...common, ...flags, name, name_normalized: name, num_members: members.length }
}
