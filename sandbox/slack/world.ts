/** A person, or a bot, of the workspace. docs.slack.dev/reference/objects/user-object */
export type Person = {
  id: string
  name: string
  realName: string
  isAdmin: boolean
  isOwner: boolean
  deleted: boolean
  isBot: boolean
  isRestricted: boolean
  isUltraRestricted: boolean
  /** Of another organisation, met through Slack Connect. */
  isStranger: boolean
  /** Invited, never signed in. */
  isInvitedUser: boolean
  tz: string
  locale: string
  email?: string
  isEmailConfirmed: boolean
}

export type NewPerson = Pick<Person, 'id' | 'name'> & Partial<Person>

export type Channel = {
  id: string
  name: string
  kind: 'public' | 'private' | 'im'
  isArchived: boolean
  members: string[]
}

/** `members` are people; the app's bot is in only where `botIsMember` says so. An id `D…` is a DM between people. */
export type NewChannel = {
  id: string
  name: string
  isPrivate?: boolean
  isArchived?: boolean
  members: readonly string[]
  botIsMember?: boolean
}

export type World = ReturnType<typeof makeWorld>

const ANYONE: Omit<Person, 'id' | 'name' | 'realName'> = {
  isAdmin: false,
  isOwner: false,
  deleted: false,
  isBot: false,
  isRestricted: false,
  isUltraRestricted: false,
  isStranger: false,
  isInvitedUser: false,
  isEmailConfirmed: true,
  tz: 'Europe/Oslo',
  locale: 'en-GB',
}

/** The people, channels and user groups of one workspace. */
export function makeWorld({ botUserId, botName }: { botUserId: string; botName: string }) {
  const people = new Map<string, Person>()
  const channels = new Map<string, Channel>()
  const usergroups = new Map<string, string[]>()

  function addPerson(person: NewPerson): Person {
    const whole = { realName: person.name, ...ANYONE, ...person }
    people.set(person.id, whole)
    return whole
  }

  // Slack says is_bot: false of Slackbot, so an app must know it by its id.
  addPerson({ id: 'USLACKBOT', name: 'slackbot', realName: 'Slackbot' })
  addPerson({ id: botUserId, name: botName, isBot: true })

  const kindOf = ({ id, isPrivate }: NewChannel): Channel['kind'] => {
    if (id.startsWith('D')) return 'im'
    return isPrivate || id.startsWith('G') ? 'private' : 'public'
  }

  return {
    people,
    channels,
    usergroups,
    botUserId,
    addPerson,
    updatePerson(id: string, change: Partial<Omit<Person, 'id'>>): Person {
      const person = people.get(id)
      if (person === undefined) throw new Error(`There is no person ${id} in this workspace`)
      return Object.assign(person, change)
    },
    addChannel(channel: NewChannel): Channel {
      const members = [...channel.members.filter((id) => id !== botUserId)]
      if (channel.botIsMember || channel.members.includes(botUserId)) members.push(botUserId)
      const { id, name, isArchived = false } = channel
      const whole: Channel = { id, name, kind: kindOf(channel), isArchived, members }
      channels.set(id, whole)
      return whole
    },
    /** The id of the App-Home DM with a person, whether or not it is open yet. */
    appDmId: (userId: string): string => `D${userId}`,
    openAppDm(userId: string): Channel {
      const id = `D${userId}`
      const open = channels.get(id)
      if (open !== undefined) return open
      const channel: Channel = {
        id,
        name: 'directmessage',
        kind: 'im',
        isArchived: false,
        members: [userId, botUserId],
      }
      channels.set(id, channel)
      return channel
    },
    botIsIn: (channel: Channel): boolean => channel.members.includes(botUserId),
    /** A member, or anyone who may look into a public channel. Guests and strangers see only where they are members. */
    canSee(userId: string, channel: Channel): boolean {
      const person = people.get(userId)
      if (person === undefined || person.deleted) return false
      if (channel.members.includes(userId)) return true
      return channel.kind === 'public' && !person.isRestricted && !person.isUltraRestricted && !person.isStranger
    },
  }
}
