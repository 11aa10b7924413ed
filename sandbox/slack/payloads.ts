import { randomBytes } from 'node:crypto'
import { messageAsSent } from './conversations.ts'
import type { JsonObject } from './json.ts'
import type { Message } from './messages.ts'
import type { StateValues } from './view-state.ts'
import type { View } from './view-store.ts'
import type { Workspace } from './workspace.ts'
import type { Channel } from './world.ts'

/* Payloads as docs.slack.dev/reference/interaction-payloads and …/interactivity/implementing-slash-commands show them. */

/** Slack tells an app a channel's name only where the channel is public. */
export function channelName(channel: Channel): string {
  if (channel.kind === 'im') return 'directmessage'
  return channel.kind === 'private' ? 'privategroup' : channel.name
}

const nameOf = ({ world }: Workspace, userId: string) => world.people.get(userId)?.name ?? userId

function common(workspace: Workspace, userId: string): JsonObject {
  const { ids } = workspace
  const name = nameOf(workspace, userId)
  return {
    team: { id: ids.teamId, domain: ids.teamDomain },
    user: { id: userId, username: name, name, team_id: ids.teamId },
    api_app_id: ids.appId,
    token: ids.verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  }
}

export function commandPayload(
  workspace: Workspace,
  { userId, channel, command, text }: { userId: string; channel: Channel; command: string; text: string },
): JsonObject {
  const { ids, triggers, responseUrls } = workspace
  return {
    token: ids.verificationToken,
    team_id: ids.teamId,
    team_domain: ids.teamDomain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: userId,
    user_name: nameOf(workspace, userId),
    command,
    text,
    api_app_id: ids.appId,
    is_enterprise_install: 'false',
    response_url: responseUrls.issue({ userId, channelId: channel.id }),
    trigger_id: triggers.issue(userId),
  }
}

/** What an element was used in: a message of a channel, or a view. */
export type Place = { message: Message; channel: Channel } | { view: View }

function placeFields(workspace: Workspace, userId: string, place: Place, state: StateValues): JsonObject {
  if ('view' in place) {
    const { view } = place
    return { container: { type: 'view', view_id: view.id }, view: workspace.views.asSent(view) }
  }
  const { message, channel } = place
  const ephemeral = message.ephemeralTo !== undefined
  const target = workspace.messages.find(message.channelId, message.ts) ?? message
  return {
    container: { type: 'message', message_ts: message.ts, channel_id: channel.id, is_ephemeral: ephemeral },
    channel: { id: channel.id, name: channelName(channel) },
    // An ephemeral message is not stored by Slack, so its content is not sent back.
    ...(!ephemeral && { message: messageAsSent(workspace, message, true) }),
    state: { values: state },
    response_url: workspace.responseUrls.issue({ userId, channelId: channel.id, message: target }),
  }
}

export function actionPayload(
  workspace: Workspace,
  { userId, place, action, state }: { userId: string; place: Place; action: JsonObject; state: StateValues },
): JsonObject {
  const ts = `${Math.floor(workspace.now() / 1000)}.${String(workspace.now() % 1000).padStart(3, '0')}000`
  return {
    type: 'block_actions',
    ...common(workspace, userId),
    ...placeFields(workspace, userId, place, state),
    trigger_id: workspace.triggers.issue(userId),
    actions: [{ ...action, action_ts: ts }],
  }
}

export function submissionPayload(workspace: Workspace, view: View): JsonObject {
  return {
    type: 'view_submission',
    ...common(workspace, view.userId),
    trigger_id: workspace.triggers.issue(view.userId),
    view: workspace.views.asSent(view),
    response_urls: [],
  }
}

export function closedPayload(workspace: Workspace, view: View, isCleared: boolean): JsonObject {
  return {
    type: 'view_closed',
    ...common(workspace, view.userId),
    view: workspace.views.asSent(view),
    is_cleared: isCleared,
  }
}

/** docs.slack.dev/apis/events-api: the envelope around an event. */
export function eventPayload({ ids, now }: Workspace, event: JsonObject): JsonObject {
  return {
    type: 'event_callback',
    token: ids.verificationToken,
    team_id: ids.teamId,
    api_app_id: ids.appId,
    event: { event_ts: String(now() / 1000), ...event },
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: ids.teamId, user_id: ids.botUserId, is_bot: true, is_enterprise_install: false },
    ],
  }
}
