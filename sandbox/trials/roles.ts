import type { NewEmployee } from '../easyfreelance/books.ts'
import type { NewChannel, NewPerson } from '../slack/world.ts'
import type { Chance } from './chance.ts'

/** One person to be verified, who asks for it, and what comes of it. */
export type Role = {
  readonly managerId: string
  readonly employeeId: string
  readonly employeeName: string
  readonly number: number
  readonly provider: 'BankID' | 'Veriff'
  readonly documents: 'Norwegian documents' | 'Foreign documents'
  /**
   * How the number gets into the form: typed, with Enter or without it; linked beforehand by a command; or found by e-mail.
   * Without Enter, and by e-mail, the first Send only shows who that is.
   */
  readonly numberIs: 'entered' | 'typed' | 'linked' | 'found'
  /** The channel the card goes to; null: the manager's direct messages. */
  readonly cardIn: string | null
  /** Presses Send twice at once. */
  readonly sendsTwice: boolean
  /** `leave`: opens the link, and goes away. */
  readonly employeeDoes: 'approved' | 'declined' | 'cancelled' | 'error' | 'leave' | 'nothing'
  /** The employee says that they did not expect it, before anything else. */
  readonly isSurprised: boolean
  /** What is answered when a decision is needed, and by whom. */
  readonly decides: 'retry' | 'close'
  readonly decidedBy: 'manager' | 'colleague'
  /** Whose employee this is at EasyFreelance. */
  readonly partner: 'ours' | 'other'
}

export const CHANNEL = 'C0TRIALS'
/** The app was never invited there. */
export const STRANGE_CHANNEL = 'C0STRANGE'
/** An admin who asks for nobody, and may decide about everybody. */
export const COLLEAGUE = 'U0COLLEAGUE'
const ENDINGS = ['approved', 'approved', 'declined', 'cancelled', 'error', 'nothing'] as const

/** What is usual: by BankID, to the end. */
export function makeRole(index: number): Role {
  return {
    managerId: `U0BOSS${index}`,
    employeeId: `U0STAFF${index}`,
    employeeName: `staff${index}`,
    number: 5000 + index,
    provider: 'BankID',
    documents: 'Norwegian documents',
    numberIs: 'entered',
    cardIn: null,
    sendsTwice: false,
    employeeDoes: 'approved',
    isSurprised: false,
    decides: 'retry',
    decidedBy: 'manager',
    partner: 'ours',
  }
}

export function makeRoles(count: number, chance: Chance): Role[] {
  return Array.from({ length: count }, (_, index) => ({
    ...makeRole(index),
    provider: chance.oneOf(['BankID', 'Veriff'] as const),
    cardIn: chance.next() < 0.15 ? CHANNEL : null,
    sendsTwice: chance.next() < 0.3,
    employeeDoes: chance.oneOf(ENDINGS),
    isSurprised: chance.next() < 0.15,
    decides: chance.next() < 0.75 ? 'retry' : 'close',
  }))
}

/** The workspace and the company in which these roles are played. */
export function worldOf(roles: readonly Role[]): {
  people: NewPerson[]
  channels: NewChannel[]
  employees: NewEmployee[]
} {
  const emailOf = (name: string) => `${name}@example.com`
  const people: NewPerson[] = [{ id: COLLEAGUE, name: 'colleague', isAdmin: true }]
  for (const { managerId, employeeId, employeeName } of roles) {
    people.push({ id: managerId, name: managerId.toLowerCase(), isAdmin: true })
    people.push({ id: employeeId, name: employeeName, email: emailOf(employeeName) })
  }
  const members = people.map(({ id }) => id)
  return {
    people,
    channels: [
      { id: CHANNEL, name: 'trials', members, botIsMember: true },
      { id: STRANGE_CHANNEL, name: 'strange', members },
    ],
    employees: roles.map(({ number: id, employeeName: name, partner }) => ({
      id,
      name,
      email: emailOf(name),
      partner,
    })),
  }
}
