import type { NewEmployee } from '../../../sandbox/easyfreelance/books.ts'
import type { NewChannel, NewPerson } from '../../../sandbox/slack/world.ts'

/** Maria is an admin, Petter is named in the settings; everybody else is nobody special. */
export const PEOPLE = [
  { id: 'U0MARIA', name: 'maria', realName: 'Maria Manager', email: 'maria@example.com', isAdmin: true },
  { id: 'U0PETTER', name: 'petter', realName: 'Petter Manager', email: 'petter@example.com' },
  { id: 'U0NILS', name: 'nils', realName: 'Nils Nobody', email: 'nils@example.com' },
  { id: 'U0OLA', name: 'ola', realName: 'Ola Nordmann', email: 'ola@example.com' },
  { id: 'U0KARI', name: 'kari', realName: 'Kari Nordmann', email: 'kari@example.com' },
  { id: 'W0SOFIE', name: 'sofie', realName: 'Sofie Nordmann', email: 'sofie@example.com' },
  { id: 'U0GUEST', name: 'guest', isRestricted: true },
  { id: 'U0SINGLE', name: 'single', isRestricted: true, isUltraRestricted: true },
  { id: 'U0GONE', name: 'gone', deleted: true },
  { id: 'U0ROBOT', name: 'robot', isBot: true },
  { id: 'U0STRANGER', name: 'stranger', isStranger: true },
  { id: 'U0INVITED', name: 'invited', isInvitedUser: true },
] as const satisfies readonly NewPerson[]

const MEMBERS = PEOPLE.map(({ id }) => id).filter((id) => id !== 'U0GONE')

export const CHANNELS = [
  { id: 'C0GENERAL', name: 'general', members: MEMBERS, botIsMember: true },
  { id: 'C0OUTSIDE', name: 'outside', members: MEMBERS },
  { id: 'C0PAYROLL', name: 'payroll', members: ['U0MARIA', 'U0PETTER'], isPrivate: true },
] satisfies readonly NewChannel[]

export const EMPLOYEES = [
  { id: 4711, email: 'ola@example.com', name: 'Ola Nordmann', missingSteps: ['bank', 'terms'] },
  { id: 4712, email: 'kari@example.com', name: 'Kari Nordmann' },
  { id: 4715, email: 'sofie@example.com', name: 'Sofie Nordmann' },
  { id: 4799, email: 'else@example.com', name: 'Someone Else', partner: 'other' },
] as const satisfies readonly NewEmployee[]

export const NUMBERS: Readonly<Record<string, number>> = { U0OLA: 4711, U0KARI: 4712, W0SOFIE: 4715 }
