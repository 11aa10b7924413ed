import type { WebClient } from '@slack/web-api'
import { askSlack } from './slack-answers.ts'

/**
 * What a Slack user is to us. Only a `member` can verify or be verified.
 * docs.slack.dev: user object. Slackbot is a bot although its `is_bot` is false.
 */
export type PersonKind = 'member' | 'deactivated' | 'bot' | 'slackbot' | 'guest' | 'stranger' | 'invited'

export type Person = { readonly userId: string; readonly kind: PersonKind; readonly isAdmin: boolean }

export type People = {
  /** Looks a person up, live. `unknown`: Slack knows nobody of that id. `no_answer`: Slack didn't say. */
  look(userId: string): Promise<Person | 'unknown' | 'no_answer'>
  /** Their e-mail address as Slack has confirmed it; null when Slack doesn't say, as without users:read.email. */
  email(userId: string): Promise<string | null>
}

const SLACKBOT = 'USLACKBOT'

export function makePeople({ client, teamId }: { client: WebClient; teamId: string }): People {
  // The same question asked twice at once is one call. Nothing is kept after the answer: it would not be live.
  const asking = new Map<string, Promise<SlackUser | 'unknown' | 'no_answer'>>()

  function read(userId: string) {
    const already = asking.get(userId)
    if (already !== undefined) return already
    const answer = ask(userId).finally(() => asking.delete(userId))
    asking.set(userId, answer)
    return answer
  }

  async function ask(userId: string): Promise<SlackUser | 'unknown' | 'no_answer'> {
    const answer = await askSlack(() => client.users.info({ user: userId }))
    if (answer.is === 'done') return answer.value.user ?? 'no_answer'
    return answer.error === 'user_not_found' || answer.error === 'user_not_visible' ? 'unknown' : 'no_answer'
  }

  return {
    look: async (userId) => {
      const user = await read(userId)
      if (typeof user === 'string') return user
      return { userId, kind: kindOf(userId, user, teamId), isAdmin: user.is_admin === true || user.is_owner === true }
    },
    email: async (userId) => {
      const user = await read(userId)
      if (typeof user === 'string' || user.is_email_confirmed !== true) return null
      return user.profile?.email || null
    },
  }
}

type SlackUser = NonNullable<Awaited<ReturnType<WebClient['users']['info']>>['user']>

function kindOf(userId: string, user: SlackUser, teamId: string): PersonKind {
  if (userId === SLACKBOT) return 'slackbot'
  if (user.deleted === true) return 'deactivated'
  if (user.is_bot === true) return 'bot'
  if (isStranger(user, teamId)) return 'stranger'
  if (user.is_restricted === true || user.is_ultra_restricted === true) return 'guest'
  return user.is_invited_user === true ? 'invited' : 'member'
}

/** Somebody of another organisation, through Slack Connect. On Enterprise Grid a colleague's team may differ from ours. */
function isStranger(user: SlackUser, teamId: string): boolean {
  if ('is_stranger' in user && user.is_stranger === true) return true
  const teams = user.enterprise_user?.teams ?? [user.team_id]
  return !teams.includes(teamId)
}
