import type { SlackUsage } from './slack-usage.ts'

/**
 * The bot scope that each method needs for what the bot does with it (docs.slack.dev/reference/methods/<name>), or null
 * where it needs none. Conversations are direct messages only, and what belongs to channels is not listed on purpose.
 */
const METHOD_SCOPES: Readonly<Record<string, string | null>> = {
  // Called by Bolt and the Socket Mode client themselves, with the app-level token's connections:write.
  'apps.connections.open': null,
  'auth.test': null,
  'chat.delete': 'chat:write',
  'chat.postEphemeral': 'chat:write',
  'chat.postMessage': 'chat:write',
  'chat.update': 'chat:write',
  'conversations.history': 'im:history',
  'conversations.open': 'im:write',
  'team.info': 'team:read',
  'usergroups.users.list': 'usergroups:read',
  'users.info': 'users:read',
  'users.list': 'users:read',
  'users.lookupByEmail': 'users:read.email',
  'views.open': null,
  'views.publish': null,
  'views.push': null,
  'views.update': null,
}

/** docs.slack.dev/reference/events/<name>. */
const EVENT_SCOPES: Readonly<Record<string, string | null>> = {
  app_home_opened: null,
  app_uninstalled: null,
  'message.im': 'im:history',
  team_join: 'users:read',
  tokens_revoked: null,
  user_change: 'users:read',
}

/** docs.slack.dev/reference/methods/users.info: without it the address isn't there. */
const FIELD_SCOPES: Readonly<Record<string, string | null>> = {
  'profile.email': 'users:read.email',
  is_email_confirmed: 'users:read.email',
}

/**
 * The scopes that this usage needs, and no other.
 * @throws Error naming what the tables above don't know: look it up and add it.
 */
export function scopesFor({ methods, events, commands, shortcuts, fields }: Omit<SlackUsage, 'unclear'>): string[] {
  const scopes = [
    ...methods.map((name) => lookUp(METHOD_SCOPES, name, 'methods')),
    ...fields.map((name) => lookUp(FIELD_SCOPES, name, 'objects')),
    ...events.map((name) => lookUp(EVENT_SCOPES, name, 'events')),
    // docs.slack.dev/reference/scopes/commands: slash commands and shortcuts.
    ...(commands.length + shortcuts.length > 0 ? ['commands'] : []),
  ]
  return [...new Set(scopes.filter((scope) => scope !== null))].toSorted()
}

function lookUp(table: Readonly<Record<string, string | null>>, name: string, kind: string): string | null {
  const scope = Object.hasOwn(table, name) ? table[name] : undefined
  if (scope === undefined)
    throw new Error(`no scope is listed for ${name}: see docs.slack.dev/reference/${kind}/${name}`)
  return scope
}
