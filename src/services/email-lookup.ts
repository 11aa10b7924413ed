import type { Audit } from './audit.ts'
import type { Confirmations } from './confirmations.ts'
import type { RefusedBecause, UnknownBecause } from './easyfreelance.ts'
import type { Employees, LinkOrder } from './employees.ts'
import type { Inquiries } from './partner.ts'
import type { People } from './people.ts'

/** What came of looking somebody up by e-mail. */
export type LookedUp =
  /** The number is in the table now. */
  | { readonly is: 'found'; readonly employeeNumber: number }
  /** Slack has no confirmed address, or none that this app may read. EasyFreelance was not asked. */
  | { readonly is: 'no_email' }
  | { readonly is: 'refused'; readonly because: RefusedBecause }
  /** Whether an account was linked or created is not known; asking again is safe. */
  | { readonly is: 'unknown' }
  /** EasyFreelance named a number that stands for somebody else; nothing was linked. */
  | { readonly is: 'number_taken'; readonly employeeNumber: number; readonly userId: string }
  /** Somebody linked the person while EasyFreelance was asked; that link stays. */
  | { readonly is: 'linked_meanwhile' }

/**
 * Links the person's account at EasyFreelance to us by the e-mail address that Slack has confirmed, or has one created.
 * Who may have that done is the caller's to check. The address goes to EasyFreelance and nowhere else.
 */
export type EmailLookup = {
  /** Waits for the budget a moment at most. Asked twice at once about the same person, it is one call. */
  find(order: LinkOrder): Promise<LookedUp>
}

export function makeEmailLookup(deps: {
  partner: Pick<Inquiries, 'linkOrCreate'>
  people: Pick<People, 'email'>
  employees: Pick<Employees, 'linkByEmail'>
  confirmations: Pick<Confirmations, 'learn'>
  audit: Pick<Audit, 'record'>
}): EmailLookup {
  const { partner, people, employees, confirmations, audit } = deps
  const finding = new Map<string, Promise<LookedUp>>()

  async function find(order: LinkOrder): Promise<LookedUp> {
    const { teamId, managerId, employeeId } = order
    const entry = { teamId, actorId: managerId, action: 'lookup', subjectId: employeeId } as const
    const email = await people.email(employeeId)
    if (email === null) {
      await audit.record({ ...entry, result: 'refused', reason: 'no_email' })
      return { is: 'no_email' }
    }
    // The intent, before the effect: a process that dies in between leaves this behind.
    await audit.record({ ...entry, result: 'done', reason: 'asked' })
    const answer = await partner.linkOrCreate(email)
    if (answer.is === 'refused') {
      await audit.record({ ...entry, result: 'refused', reason: answer.because })
      return { is: 'refused', because: answer.because }
    }
    if (answer.is === 'unknown') {
      const reason: UnknownBecause = answer.because
      await audit.record({ ...entry, result: 'unsure', reason })
      return { is: 'unknown' }
    }
    const { employeeNumber } = answer.employee
    const linked = await employees.linkByEmail({ ...order, employeeNumber })
    switch (linked.is) {
      case 'linked':
        confirmations.learn(employeeId, answer.employee, email)
        return { is: 'found', employeeNumber }
      case 'number_taken':
        return { is: 'number_taken', employeeNumber, userId: linked.userId }
      case 'unchanged':
        return { is: 'linked_meanwhile' }
    }
  }

  return {
    find: (order) => {
      const key = `${order.teamId} ${order.employeeId}`
      const already = finding.get(key)
      if (already !== undefined) return already
      const found = find(order).finally(() => finding.delete(key))
      finding.set(key, found)
      return found
    },
  }
}
