import type { NewEmployee } from './easyfreelance/books.ts'
import type { NewChannel, NewPerson } from './slack/world.ts'

/** The people of the sandbox's workspace. Made up, all of them. */
export const PEOPLE = [
  { id: 'U0MARIA', name: 'maria', realName: 'Maria Manager', email: 'maria.manager@example.com', isAdmin: true },
  { id: 'U0PETTER', name: 'petter', realName: 'Petter Manager', email: 'petter.manager@example.com' },
  { id: 'U0OLA', name: 'ola', realName: 'Ola Nordmann', email: 'ola.nordmann@example.com' },
  { id: 'U0KARI', name: 'kari', realName: 'Kari Nordmann', email: 'kari.nordmann@example.com' },
  { id: 'U0INGRID', name: 'ingrid', realName: 'Ingrid Nordmann', email: 'ingrid.nordmann@example.com' },
  { id: 'U0LARS', name: 'lars', realName: 'Lars Nordmann', email: 'lars.nordmann@example.com' },
  { id: 'W0SOFIE', name: 'sofie', realName: 'Sofie Nordmann', email: 'sofie.nordmann@example.com' },
  { id: 'U0GUEST', name: 'guest', realName: 'Gita Guest', isRestricted: true },
  { id: 'U0GONE', name: 'gone', realName: 'Greta Gone', deleted: true },
] as const satisfies readonly NewPerson[]

/** Who may verify besides admins. */
export const MANAGERS: readonly string[] = ['U0PETTER']

export const CHANNELS = [
  {
    id: 'C0GENERAL',
    name: 'general',
    members: PEOPLE.map(({ id }) => id).filter((id) => id !== 'U0GONE'),
    botIsMember: true,
  },
  { id: 'C0PAYROLL', name: 'payroll', members: ['U0MARIA', 'U0PETTER'], isPrivate: true },
] satisfies readonly NewChannel[]

/** Who they are at EasyFreelance. */
export const EMPLOYEES = [
  { id: 4711, email: 'ola.nordmann@example.com', name: 'Ola Nordmann', missingSteps: ['bank', 'terms'] },
  { id: 4712, email: 'kari.nordmann@example.com', name: 'Kari Nordmann' },
  { id: 4713, email: 'ingrid.nordmann@example.com', name: 'Ingrid Nordmann' },
  { id: 4714, email: 'lars.nordmann@example.com', name: 'Lars Nordmann' },
  { id: 4715, email: 'sofie.nordmann@example.com', name: 'Sofie Nordmann' },
  { id: 4799, email: 'someone.else@example.com', name: 'Someone Else', partner: 'other' },
] as const satisfies readonly NewEmployee[]
