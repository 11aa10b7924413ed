import type { Filled } from '../views/submitted.ts'
import type { Chance } from './chance.ts'
import type { Outage } from './outages.ts'

export const TEAM = 'T0TEAM'
export const MANAGERS = ['U0MARIA', 'U0NILS'] as const
/** An admin who asked for nothing, and may decide everything. */
export const ADMIN = 'U0ADMIN'
export const EMPLOYEES = [
  { userId: 'U0OLA', number: 101 },
  { userId: 'W0KARI', number: 102 },
  { userId: 'U0LISE', number: 103 },
] as const
export const CHANNEL = 'C0TEAM'

/** What somebody does at some time; each can be left out without changing the others. */
export type Act = { readonly key: string; readonly at: number; readonly what: string } & (
  | {
      readonly do: 'submit'
      readonly by: string
      readonly viewId: string
      readonly form: Filled & { readonly channelId: string | null }
    }
  | { readonly do: 'open' | 'open_and_return' | 'unexpected' | 'deactivate' | 'reactivate'; readonly employee: string }
  | { readonly do: 'retry' | 'close'; readonly by: string }
  | { readonly do: 'take_away_message' | 'load_return_page' | 'restart' | 'close_channel' }
)

export type Story = {
  readonly seed: number
  readonly start: number
  /** Until then everything may go wrong. */
  readonly troubledUntil: number
  readonly perMinute: number
  readonly acts: readonly Act[]
  readonly outages: readonly Outage[]
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const START = Date.UTC(2026, 10, 23, 9)

const ACTS = {
  open: 5,
  open_and_return: 5,
  unexpected: 1,
  retry: 4,
  close: 1,
  take_away_message: 1.5,
  load_return_page: 0.7,
  restart: 0.7,
  deactivate: 0.4,
  reactivate: 0.4,
  close_channel: 0.3,
} as const

/** Everything about a run that is decided before it begins. */
export function makeStory(seed: number, chance: Chance): Story {
  const length = { short: 40, usual: 120, long: 420 }[chance.weighed('length', { short: 6, usual: 3, long: 1 })]
  const troubledUntil = START + length * MINUTE_MS
  const acts: Act[] = []
  const anytime = (name: string) => START + chance.between(`time of ${name}`, 1000, length * MINUTE_MS)

  for (let index = 0; index < chance.between('requests', 1, 3); index += 1) {
    const name = `request ${index}`
    acts.push(...submissions(chance, name, START + chance.between(`time of ${name}`, 1000, (length * MINUTE_MS) / 2)))
  }
  for (let index = 0; index < chance.between('acts', 4, 14); index += 1) {
    const name = `act ${index}`
    acts.push(actOf(chance, name, anytime(name)))
  }
  const outages = (['slack', 'easyfreelance'] as const)
    .filter((side) => chance.of(`outage of ${side}`) < 0.2)
    .map((side): Outage => {
      const from = anytime(`outage of ${side}`)
      const mode = chance.weighed(`mode of outage of ${side}`, { refuse: 3, hang: 3, broken: 3, shut_out: 1 })
      const until = from + chance.between(`length of outage of ${side}`, 2, length) * MINUTE_MS
      return { key: `outage of ${side}`, side, from, until, mode }
    })
  return { seed, start: START, troubledUntil, perMinute: chance.pick('budget', [30, 30, 12, 6]), acts, outages }
}

/** One request, and what belongs to it: pressing twice, a replay hours later, a second manager at once. */
function submissions(chance: Chance, name: string, at: number): Act[] {
  const employee = chance.pick(`employee of ${name}`, EMPLOYEES)
  const by = chance.pick(`manager of ${name}`, MANAGERS)
  const provider = chance.pick(`provider of ${name}`, ['bankid', 'veriff'])
  const inChannel = chance.of(`channel of ${name}`) < 0.25
  const form = {
    employeeId: employee.userId,
    number: String(employee.number),
    provider,
    channelId: inChannel ? CHANNEL : null,
    ...(provider === 'veriff' ? { idType: 'local' } : {}),
    ...(inChannel ? { cardIn: 'channel' } : {}),
  }
  const viewId = `V-${name.replace(' ', '-')}`
  const submit = (key: string, time: number, who: string, view: string): Act => ({
    key,
    at: time,
    what: `${who} asks for ${employee.userId} (${view})`,
    do: 'submit',
    by: who,
    viewId: view,
    form,
  })
  const acts = [submit(name, at, by, viewId)]
  const again = at + chance.between(`distance of second press of ${name}`, 0, 2000)
  if (chance.of(`second press of ${name}`) < 0.25) acts.push(submit(`${name} pressed twice`, again, by, viewId))
  if (chance.of(`goodbye of ${name}`) < 0.08) {
    // Between the request and the invitation: whom nothing can reach any more.
    const gone = at + chance.between(`distance of goodbye of ${name}`, 500, 4000)
    const { userId } = employee
    acts.push({
      key: `goodbye of ${name}`,
      at: gone,
      what: `${userId}: deactivate`,
      do: 'deactivate',
      employee: userId,
    })
  }
  const later = at + chance.between(`distance of replay of ${name}`, 10, 400) * MINUTE_MS
  if (chance.of(`replay of ${name}`) < 0.2) acts.push(submit(`${name} replayed`, later, by, viewId))
  const other = MANAGERS.find((manager) => manager !== by) ?? by
  if (chance.of(`rival of ${name}`) < 0.25) acts.push(submit(`${name} by two`, again, other, `${viewId}-other`))
  return acts
}

function actOf(chance: Chance, key: string, at: number): Act {
  const kind = chance.weighed(`kind of ${key}`, ACTS)
  switch (kind) {
    case 'open':
    case 'open_and_return':
    case 'unexpected':
    case 'deactivate':
    case 'reactivate': {
      const employee = chance.pick(`employee of ${key}`, EMPLOYEES).userId
      return { key, at, what: `${employee}: ${kind}`, do: kind, employee }
    }
    case 'retry':
    case 'close': {
      const by = chance.pick(`who does ${key}`, [...MANAGERS, ADMIN])
      return { key, at, what: `${by}: ${kind}`, do: kind, by }
    }
    default:
      return { key, at, what: kind.replaceAll('_', ' '), do: kind }
  }
}
