import type { Provider } from '../../src/services/verification.ts'
import type { Assumptions } from './assumptions.ts'
import { type Chances, makeChances } from './chances.ts'

const SECOND_MS = 1000
const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

export type Sign = { readonly at: number; readonly what: 'opened' | 'returned' }

/** What happens to one invitation, whoever looks at it and when. Times are ms from the start of the run. */
export type Life = {
  readonly invitedAt: number
  readonly provider: Provider
  readonly expiresAt: number
  /** What the bot hears of it. */
  readonly signs: readonly Sign[]
  readonly settledAt: number
  /** Nobody finished it: it settled by its deadline. */
  readonly isExpired: boolean
}

export type Workload = {
  readonly assumptions: Assumptions
  readonly invitationsPerDay: number
  readonly endsAt: number
  /** In the order in which they were invited; some before the start of the run. */
  readonly lives: readonly Life[]
}

/** As many invitations a day as keep that many waiting, by Little's law: waiting = rate × mean time until it is settled. */
export function makeWorkload(assumptions: Assumptions, waiting: number, days: number, seed: number): Workload {
  const chances = makeChances(seed)
  const sample = Array.from({ length: 20_000 }, () =>
    lifeFrom(inviteTime(assumptions, chances, 0), assumptions, chances),
  )
  const meanMs = sample.reduce((sum, { settledAt, invitedAt }) => sum + settledAt - invitedAt, 0) / sample.length
  const invitationsPerDay = (waiting * DAY_MS) / meanMs
  const lives: Life[] = []
  const daysBefore = Math.ceil(assumptions.lifetimeMs / DAY_MS)
  for (let day = -daysBefore; day < days; day += 1) {
    const invitations = Math.floor(invitationsPerDay) + (chances.isTrue(invitationsPerDay % 1) ? 1 : 0)
    for (let nth = 0; nth < invitations; nth += 1) {
      const life = lifeFrom(day * DAY_MS + inviteTime(assumptions, chances, day), assumptions, chances)
      if (life.settledAt > 0) lives.push(life)
    }
  }
  lives.sort((one, other) => one.invitedAt - other.invitedAt)
  return { assumptions, invitationsPerDay, endsAt: days * DAY_MS, lives }
}

/** Ms after midnight. */
function inviteTime({ dayShape }: Assumptions, chances: Chances, _day: number): number {
  let left = chances.next() * dayShape.reduce((sum, weight) => sum + weight, 0)
  const hour = dayShape.findIndex((weight) => {
    left -= weight
    return left < 0
  })
  return Math.round((hour + chances.next()) * HOUR_MS)
}

function lifeFrom(invitedAt: number, assumed: Assumptions, chances: Chances): Life {
  const provider = chances.isTrue(assumed.bankIdShare) ? 'bankid' : 'veriff'
  const expiresAt = invitedAt + assumed.lifetimeMs
  const signs: Sign[] = []
  const never: Life = { invitedAt, provider, expiresAt, signs, settledAt: expiresAt, isExpired: true }

  const press = (at: number) => {
    if (!chances.isTrue(assumed.lostPressShare)) signs.push({ at, what: 'opened' })
  }
  const flowMs = () =>
    chances.around(provider === 'bankid' ? assumed.bankIdMedianMs : assumed.veriffMedianMs, assumed.flowSigma)

  if (!chances.isTrue(assumed.openShare)) return never
  let openedAt = awake(invitedAt + chances.around(assumed.openMedianMs, assumed.openSigma))
  if (openedAt >= expiresAt) return never
  press(Math.round(openedAt))
  if (chances.isTrue(assumed.abandonShare)) {
    if (!chances.isTrue(assumed.comeAgainShare)) return never
    openedAt = awake(openedAt + chances.around(assumed.comeAgainMedianMs, assumed.openSigma))
    if (openedAt >= expiresAt) return never
    press(Math.round(openedAt))
  }
  const finishedAt = Math.round(openedAt + flowMs())
  const settledAt = Math.round(finishedAt + decisionMs(provider, assumed, chances))
  if (settledAt >= expiresAt) return never
  const returnedAt = finishedAt + 2 * SECOND_MS
  if (chances.isTrue(assumed.returnShare)) signs.push({ at: returnedAt, what: 'returned' })
  return { invitedAt, provider, expiresAt, signs, settledAt, isExpired: false }
}

function decisionMs(provider: Provider, assumed: Assumptions, chances: Chances): number {
  if (provider === 'bankid') return 0
  return chances.isTrue(assumed.reviewShare)
    ? chances.around(assumed.reviewMedianMs, assumed.reviewSigma)
    : chances.around(assumed.decisionMedianMs, 1)
}

/** Between eleven and seven nobody presses anything: what would fall into the night comes eight hours later. */
function awake(at: number): number {
  const hour = (((at % DAY_MS) + DAY_MS) % DAY_MS) / HOUR_MS
  return hour >= 23 || hour < 7 ? at + 8 * HOUR_MS : at
}
