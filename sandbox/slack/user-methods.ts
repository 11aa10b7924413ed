import { type JsonObject, textIn } from './json.ts'
import { type Method, page } from './method.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { Workspace } from './workspace.ts'
import type { Person } from './world.ts'

/** Making one takes a hundred times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function offsetSeconds(tz: string, at: number): number {
  const format = formats.get(tz) ?? new Intl.DateTimeFormat('en', { timeZone: tz, timeZoneName: 'longOffset' })
  formats.set(tz, format)
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name ?? '') ?? []
  return Number(`${sign}1`) * (Number(hours) * 3600 + Number(minutes) * 60)
}

/** docs.slack.dev/reference/objects/user-object; the e-mail address needs users:read.email. */
function personAsSent({ ids, manifest, now }: Workspace, person: Person, withLocale: boolean): JsonObject {
  const { email } = person
  const mayReadEmail = email !== undefined && manifest.scopes.has('users:read.email')
  const profile = {
    real_name: person.realName,
    display_name: person.name,
    ...(mayReadEmail && { email }),
  }
  return {
    id: person.id,
    team_id: person.isStranger ? 'T0STRANGER' : ids.teamId,
    name: person.name,
    deleted: person.deleted,
    real_name: person.realName,
    tz: person.tz,
    tz_offset: offsetSeconds(person.tz, now()),
    profile,
    is_admin: person.isAdmin,
    is_owner: person.isOwner,
    is_primary_owner: false,
    is_restricted: person.isRestricted,
    is_ultra_restricted: person.isUltraRestricted,
    is_bot: person.isBot,
    is_app_user: false,
    ...(mayReadEmail && { is_email_confirmed: person.isEmailConfirmed }),
    ...(person.isStranger && { is_stranger: true }),
    ...(person.isInvitedUser && { is_invited_user: true }),
    // docs.slack.dev: the locale is absent for external members.
    ...(withLocale && !person.isStranger && { locale: person.locale }),
  }
}

const common = { tokens: ['bot'], scopes: ['users:read'] } as const

export const userMethods: Record<string, Method> = {
  'users.info': {
    ...common,
    tier: 'tier4',
    args: { user: 'string', 'include_locale?': 'boolean' },
    run(args, workspace) {
      const person = workspace.world.people.get(textIn(args.user))
      if (person === undefined) throw new SlackRefusal('user_not_found')
      return { user: personAsSent(workspace, person, args.include_locale === true) }
    },
  },
  'users.list': {
    ...common,
    tier: 'tier2',
    args: { 'cursor?': 'string', 'limit?': 'integer', 'include_locale?': 'boolean' },
    run(args, workspace) {
      const { items, nextCursor } = page([...workspace.world.people.values()], args, 1000)
      return {
        members: items.map((person) => personAsSent(workspace, person, args.include_locale === true)),
        response_metadata: { next_cursor: nextCursor },
      }
    },
  },
  'usergroups.users.list': {
    tokens: ['bot'],
    scopes: ['usergroups:read'],
    tier: 'tier2',
    args: { usergroup: 'string', 'include_disabled?': 'boolean' },
    run(args, { world }) {
      const users = world.usergroups.get(textIn(args.usergroup))
      if (users === undefined) throw new SlackRefusal('no_such_subteam')
      return { users: [...users] }
    },
  },
}
