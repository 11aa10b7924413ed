import type { Method } from './method.ts'

export const appMethods: Record<string, Method> = {
  'auth.test': {
    tokens: ['bot', 'app'],
    tier: 'tier4',
    args: {},
    run: (_, { ids, manifest }) => ({
      url: `https://${ids.teamDomain}.slack.com/`,
      team: ids.teamName,
      user: manifest.botName,
      team_id: ids.teamId,
      user_id: ids.botUserId,
      bot_id: ids.botId,
      is_enterprise_install: false,
    }),
  },
  // docs.slack.dev: an older page says Tier 1, the newer method metadata Tier 3.
  'apps.connections.open': {
    tokens: ['app'],
    tier: 'tier3',
    args: {},
    run: (_, { socket, socketUrl }) => ({ url: `${socketUrl()}?ticket=${socket.newTicket()}&app_id=1` }),
  },
}
