import type { GroupMembers } from './group-members.ts'
import type { Log } from './log.ts'
import type { People, Person } from './people.ts'

/** Who may verify: the people named, those in the groups named, and the workspace's admins if the operator says so. */
export type Managers = {
  readonly userIds: readonly string[]
  readonly groupIds: readonly string[]
  readonly admins: boolean
}

/** `unsure`: Slack didn't answer. Treated as no, but said differently. */
export type Permission = 'yes' | 'no' | 'unsure'

/** The two people a verification is between. */
export type Parties = { readonly managerId: string; readonly employeeId: string }

export type Permissions = {
  /** Checked against live facts, every time; user groups are at most a minute old. */
  mayVerify(userId: string): Promise<Permission>
  /**
   * May touch this manager's verification: the manager who asked, while still permitted to verify, or any admin. Never
   * the employee it is about.
   */
  mayDecide(userId: string, parties: Parties): Promise<Permission>
  /** Is the employee whom a verification is about, and still a full member of this workspace. */
  isTheEmployee(userId: string, employeeId: string): Promise<Permission>
  /** Can be verified: a full member of this workspace. */
  canBeVerified(employeeId: string): Promise<Permission>
}

export function makePermissions(deps: {
  people: People
  groups: GroupMembers
  managers: Managers
  log: Log
}): Permissions {
  const { people, groups, managers, log } = deps

  async function inAnyGroup(userId: string): Promise<Permission> {
    const answers = await Promise.all(managers.groupIds.map((groupId) => groups.has(groupId, userId)))
    if (answers.includes('in')) return 'yes'
    return answers.includes('unsure') ? 'unsure' : 'no'
  }

  /** A named or admin member needs no group, so that a group Slack doesn't tell about never locks them out. */
  async function check(
    userId: string,
    allows: (person: Person) => boolean,
    group: Promise<Permission> | null,
  ): Promise<Permission> {
    const [person, inGroup] = await Promise.all([people.look(userId), group ?? 'no'])
    if (person === 'no_answer') return refused('unsure', 'no_answer')
    if (person === 'unknown') return refused('no', 'unknown')
    if (person.kind !== 'member') return refused('no', person.kind)
    if (allows(person) || inGroup === 'yes') return 'yes'
    return inGroup === 'unsure' ? refused('unsure', 'user_group_unread') : refused('no', person.kind)
  }

  function refused(permission: 'no' | 'unsure', reason: string): Permission {
    if (permission === 'unsure') log.warn('permission refused: slack did not say enough', { reason })
    else log.info('permission refused', { reason })
    return permission
  }

  const isNamed = (userId: string) => managers.userIds.includes(userId)
  // Asked for beside the person, not after: Slack waits for three seconds only.
  const groupOf = (userId: string) => (isNamed(userId) || managers.groupIds.length === 0 ? null : inAnyGroup(userId))
  const isManager = (person: Person) => isNamed(person.userId) || (managers.admins && person.isAdmin)
  const isMember = (userId: string) => check(userId, () => true, null)

  return {
    mayVerify: (userId) => check(userId, isManager, groupOf(userId)),
    mayDecide: async (userId, { managerId, employeeId }) => {
      if (userId === employeeId) return refused('no', 'yourself')
      if (userId !== managerId) return check(userId, (person) => person.isAdmin, null)
      return check(userId, (person) => person.isAdmin || isManager(person), groupOf(userId))
    },
    isTheEmployee: async (userId, employeeId) => (userId === employeeId ? isMember(userId) : refused('no', 'other')),
    canBeVerified: isMember,
  }
}
