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
  /** Whether the card goes to a channel. */
  readonly cardInChannel: boolean
  /** Presses Send twice at once. */
  readonly sendsTwice: boolean
  readonly employeeDoes: 'approved' | 'declined' | 'cancelled' | 'error' | 'nothing'
  /** The employee says that they did not expect it, before anything else. */
  readonly isSurprised: boolean
  /** What the manager answers when a decision is needed. */
  readonly decides: 'retry' | 'close'
}

export const CHANNEL = 'C0TRIALS'
const ENDINGS = ['approved', 'approved', 'declined', 'cancelled', 'error', 'nothing'] as const

export function makeRoles(count: number, chance: Chance): Role[] {
  return Array.from({ length: count }, (_, index) => ({
    managerId: `U0BOSS${index}`,
    employeeId: `U0STAFF${index}`,
    employeeName: `staff${index}`,
    number: 5000 + index,
    provider: chance.oneOf(['BankID', 'Veriff']),
    cardInChannel: chance.next() < 0.15,
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
  const people = roles.flatMap(({ managerId, employeeId, employeeName }): NewPerson[] => [
    { id: managerId, name: managerId.toLowerCase(), isAdmin: true },
    { id: employeeId, name: employeeName },
  ])
  return {
    people,
    channels: [{ id: CHANNEL, name: 'trials', members: people.map(({ id }) => id), botIsMember: true }],
    employees: roles.map(({ number: id, employeeName: name }) => ({ id, name, email: `${name}@example.com` })),
  }
}
