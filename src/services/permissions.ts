import type { Log } from './log.ts'
import type { People, Person } from './people.ts'

/** Who may verify: the people named, and the workspace's admins and owners if the operator says so. */
export type Managers = { readonly userIds: readonly string[]; readonly admins: boolean }

/** `unsure`: Slack didn't answer. Treated as no, but said differently. */
export type Permission = 'yes' | 'no' | 'unsure'

export type Permissions = {
  /** Checked against live facts, every time. */
  mayVerify(userId: string): Promise<Permission>
  /** May touch this manager's verification: the manager who asked, while still permitted to verify, or any admin. */
  mayDecide(userId: string, managerId: string): Promise<Permission>
}

export function makePermissions(deps: { people: People; managers: Managers; log: Log }): Permissions {
  const { people, managers, log } = deps

  async function check(userId: string, allows: (person: Person) => boolean): Promise<Permission> {
    const person = await people.look(userId)
    if (person === 'no_answer') {
      log.warn('permission refused: slack did not say who this is', { reason: 'no_answer' })
      return 'unsure'
    }
    if (person !== 'unknown' && person.kind === 'member' && allows(person)) return 'yes'
    log.info('permission refused', { reason: person === 'unknown' ? 'unknown' : person.kind })
    return 'no'
  }

  const isManager = (person: Person) => managers.userIds.includes(person.userId) || (managers.admins && person.isAdmin)

  return {
    mayVerify: (userId) => check(userId, isManager),
    mayDecide: (userId, managerId) =>
      check(userId, (person) => person.isAdmin || (person.userId === managerId && isManager(person))),
  }
}
