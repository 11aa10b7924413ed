import type { Person } from '../../slack/world.ts'
import type { Sandbox } from '../../start-sandbox.ts'
import type { PageChannel, PagePerson } from '../contract.ts'

const SLACKBOT = 'USLACKBOT'

export function peopleOf({ slack, managers }: Pick<Sandbox, 'slack' | 'managers'>): PagePerson[] {
  return slack.people().map((person) => {
    const role = roleOf(person, managers)
    const { id, name, realName } = person
    return { id, name, realName, role, canAct: role !== 'bot' && role !== 'deactivated' }
  })
}

function roleOf(person: Person, managers: readonly string[]): string {
  if (person.isBot || person.id === SLACKBOT) return 'bot'
  if (person.deleted) return 'deactivated'
  if (person.isStranger) return 'stranger'
  if (person.isRestricted || person.isUltraRestricted) return 'guest'
  if (person.isAdmin || person.isOwner) return 'admin'
  return managers.includes(person.id) ? 'manager' : 'employee'
}

/** The workspace's channels, and a DM with the app for everybody who can act, opened or not. */
export function channelsOf({ slack }: Pick<Sandbox, 'slack'>, people: readonly PagePerson[]): PageChannel[] {
  const channels = slack
    .channels()
    .filter(({ kind }) => kind !== 'im')
    .map(
      ({ id, kind, name, members, isArchived }): PageChannel => ({
        id,
        kind: kind === 'private' ? 'private' : 'channel',
        name,
        members,
        isArchived,
      }),
    )
  const dms = people
    .filter(({ canAct }) => canAct)
    .map(
      ({ id, realName }): PageChannel => ({
        id: slack.person(id).dm(),
        kind: 'app_dm',
        name: realName,
        members: [id, slack.botUserId],
        isArchived: false,
      }),
    )
  return [...channels, ...dms]
}
