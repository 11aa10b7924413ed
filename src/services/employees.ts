import type { Log } from './log.ts'
import type { EmployeeStore, KnownEmployee, Linked } from './store/employee-store.ts'

/** Which EasyFreelance employee a Slack user is, as managers keep it. Who may do so is the caller's to check. */
export type Employees = Pick<EmployeeStore, 'of'> & {
  /** EasyFreelance named this number for their e-mail address. */
  linkByEmail(order: LinkOrder & { readonly employeeNumber: number }): Promise<Linked>
  link(order: LinkOrder & { readonly employeeNumber: number }): Promise<Linked>
  /** Gives what was known, or null when nothing was. */
  unlink(order: LinkOrder): Promise<KnownEmployee | null>
}

export type LinkOrder = { readonly teamId: string; readonly managerId: string; readonly employeeId: string }

export function makeEmployees(deps: { store: EmployeeStore; now: () => number; log: Log }): Employees {
  const { store, now, log } = deps
  return {
    of: store.of,
    linkByEmail: async ({ teamId, managerId, employeeId, employeeNumber }) => {
      const at = now()
      const linked = await store.linkByEmail({ teamId, userId: employeeId, employeeNumber, linkedBy: managerId, at })
      log.info('employee looked up', { result: linked.is })
      return linked
    },
    link: async ({ teamId, managerId, employeeId, employeeNumber }) => {
      const linked = await store.link({ teamId, userId: employeeId, employeeNumber, linkedBy: managerId, at: now() })
      log.info('employee linked', { result: linked.is })
      return linked
    },
    unlink: async ({ teamId, managerId, employeeId }) => {
      const before = await store.unlink({ teamId, userId: employeeId, unlinkedBy: managerId, at: now() })
      log.info('employee unlinked', { result: before?.source ?? 'nothing_known' })
      return before
    },
  }
}
