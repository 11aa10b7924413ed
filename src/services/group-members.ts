import type { WebClient } from '@slack/web-api'
import type { Log } from './log.ts'
import { askSlack } from './slack-answers.ts'

/** `unsure`: Slack didn't say who is in it. Never taken for a yes. */
export type Membership = 'in' | 'out' | 'unsure'

export type GroupMembers = {
  /** Whether somebody is in a user group, as Slack said within the last minute. */
  has(groupId: string, userId: string): Promise<Membership>
}

type Members = ReadonlySet<string> | 'unsure'

/** Somebody who was taken out of a group is refused after this at the latest. Slack allows 20 of these calls a minute. */
const FRESH_MS = 60_000

/**
 * No member can be told until the operator acts, so that asking again in a minute won't help: nobody is in the group.
 * docs.slack.dev: usergroups.users.list, errors.
 */
const HOPELESS = new Set([
  'no_such_subteam',
  'subteam_not_found',
  'plan_upgrade_required',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'access_denied',
])
const NOBODY: ReadonlySet<string> = new Set()

/** The members of user groups, each asked for at most once a minute however many people act at once. */
export function makeGroupMembers(deps: { client: WebClient; now: () => number; log: Log }): GroupMembers {
  const { client, now, log } = deps
  const known = new Map<string, { readonly askedAt: number; readonly members: ReadonlySet<string> }>()
  const asking = new Map<string, Promise<Members>>()

  async function ask(groupId: string): Promise<Members> {
    // From when it was asked, not answered: what is true a moment later may not be in the answer.
    const askedAt = now()
    const answer = await askSlack(() => client.usergroups.users.list({ usergroup: groupId }))
    if (answer.is === 'done') {
      const { users } = answer.value
      if (Array.isArray(users)) return keep(groupId, askedAt, new Set(users))
      log.error('user group not read', { reason: 'unreadable' })
      return 'unsure'
    }
    log.error('user group not read', { reason: answer.error })
    return HOPELESS.has(answer.error) ? keep(groupId, askedAt, NOBODY) : 'unsure'
  }

  function keep(groupId: string, askedAt: number, members: ReadonlySet<string>): ReadonlySet<string> {
    known.set(groupId, { askedAt, members })
    return members
  }

  /** What was known before is never used for lack of something newer. */
  function membersOf(groupId: string): Members | Promise<Members> {
    const last = known.get(groupId)
    const age = last === undefined ? Number.NaN : now() - last.askedAt
    if (last !== undefined && age >= 0 && age < FRESH_MS) return last.members
    known.delete(groupId)
    const already = asking.get(groupId)
    if (already !== undefined) return already
    const members = ask(groupId).finally(() => asking.delete(groupId))
    asking.set(groupId, members)
    return members
  }

  return {
    has: async (groupId, userId) => {
      const members = await membersOf(groupId)
      if (members === 'unsure') return 'unsure'
      return members.has(userId) ? 'in' : 'out'
    },
  }
}
