import type { NewEmployee } from '../easyfreelance/books.ts'
import { CHANNELS, EMPLOYEES, MANAGERS, PEOPLE } from '../seed.ts'
import type { NewChannel, NewPerson } from '../slack/world.ts'

/* More people for the scenes. Made up, all of them: the family names are Norwegian for example, test, sample and draft. */

const FIRST_NAMES = [
  ...['Anders', 'Berit', 'Bjørn', 'Cecilie', 'Dag', 'Eli', 'Espen', 'Frida', 'Geir', 'Grete', 'Hanne', 'Håkon'],
  ...['Ida', 'Ivar', 'Jens', 'Jorunn', 'Knut', 'Lise', 'Mads', 'Marit', 'Nils', 'Oda', 'Olav', 'Pia', 'Ragnhild'],
  ...['Rolf', 'Sigrid', 'Stein', 'Svein', 'Tone', 'Trygve', 'Unni', 'Vegard', 'Vilde', 'Yngve', 'Øyvind', 'Åse'],
]
const FAMILY_NAMES = ['Eksempel', 'Testesen', 'Prøve', 'Utkast']
const STEPS = [[], ['bank'], [], ['profile', 'terms']]

const LETTERS: Readonly<Record<string, string>> = { ø: 'o', å: 'a', æ: 'ae' }
const handleOf = (name: string) => name.toLowerCase().replace(/[øåæ]/g, (letter) => LETTERS[letter] ?? letter)

const MORE = FIRST_NAMES.map((first, index) => {
  const handle = handleOf(first)
  return {
    handle,
    id: `U0${handle.toUpperCase()}`,
    realName: `${first} ${FAMILY_NAMES[index % FAMILY_NAMES.length]}`,
    number: 4801 + index,
    missingSteps: STEPS[index % STEPS.length] ?? [],
  }
})

const MORE_MANAGERS = [
  { id: 'U0NINA', name: 'nina', realName: 'Nina Manager' },
  { id: 'U0TORE', name: 'tore', realName: 'Tore Manager' },
] as const satisfies readonly NewPerson[]

export const CROWD: readonly NewPerson[] = [
  ...PEOPLE,
  ...MORE_MANAGERS,
  ...MORE.map(({ id, handle, realName }) => ({ id, name: handle, realName, email: `${handle}@example.com` })),
]

export const CROWD_MANAGERS: readonly string[] = [...MANAGERS, ...MORE_MANAGERS.map(({ id }) => id)]

const everybody = CROWD.filter(({ deleted }) => deleted !== true).map(({ id }) => id)

export const CROWD_CHANNELS: readonly NewChannel[] = [
  ...CHANNELS.map((channel) => (channel.id === 'C0GENERAL' ? { ...channel, members: everybody } : channel)),
  { id: 'C0OSLO', name: 'oslo', members: ['U0MARIA', ...CROWD_MANAGERS] },
]

/** Somebody whom another company has; somebody whom EasyFreelance does not know is simply not here. */
export const OTHERS_EMPLOYEE = 4799
export const NOBODYS_NUMBER = 990_001

export const CROWD_EMPLOYEES: readonly NewEmployee[] = [
  ...EMPLOYEES,
  ...MORE.map(({ number: id, handle, realName: name, missingSteps }) => ({
    id,
    name,
    email: `${handle}@example.com`,
    missingSteps: [...missingSteps],
  })),
]

/** Everybody who can be verified: Slack's id, and EasyFreelance's number. */
export const CANDIDATES: readonly { readonly userId: string; readonly number: number }[] = [
  ...PEOPLE.flatMap(({ id: userId, realName }) => {
    const number = EMPLOYEES.find(({ name }) => name === realName)?.id
    return number === undefined ? [] : [{ userId, number }]
  }),
  ...MORE.map(({ id: userId, number }) => ({ userId, number })),
]
