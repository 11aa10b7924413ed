/** What the benchmark takes for granted about people and providers. Nobody has published such figures; each can be varied. */
export type Assumptions = {
  readonly name: string
  /** EasyFreelance documents a deadline, and not how far away it is. */
  readonly lifetimeMs: number
  /** Hour by hour, how many invitations are sent; only their proportion counts. */
  readonly dayShape: readonly number[]
  readonly bankIdShare: number
  /** Share of the invited who ever press the link, and how long the half of them takes. */
  readonly openShare: number
  readonly openMedianMs: number
  readonly openSigma: number
  /** Share of those who leave it half-way, and of these, who come again later. */
  readonly abandonShare: number
  readonly comeAgainShare: number
  readonly comeAgainMedianMs: number
  readonly bankIdMedianMs: number
  readonly veriffMedianMs: number
  readonly flowSigma: number
  /** Veriff decides by itself, or a person looks at it. */
  readonly reviewShare: number
  readonly reviewMedianMs: number
  readonly reviewSigma: number
  readonly decisionMedianMs: number
  /** Share of the finished who see the return page, and whether the address says whose session it was. */
  readonly returnShare: number
  readonly returnNamesSession: boolean
  /** Share of presses that never reach the bot. */
  readonly lostPressShare: number
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

export const BASE: Assumptions = {
  name: 'as assumed',
  lifetimeMs: 7 * 24 * HOUR_MS,
  dayShape: [0, 0, 0, 0, 0, 0, 1, 3, 8, 10, 10, 8, 8, 10, 9, 6, 3, 2, 1, 1, 1, 0, 0, 0],
  bankIdShare: 0.6,
  openShare: 0.8,
  openMedianMs: 20 * MINUTE_MS,
  openSigma: 1.8,
  abandonShare: 0.15,
  comeAgainShare: 0.5,
  comeAgainMedianMs: 3 * HOUR_MS,
  bankIdMedianMs: 2 * MINUTE_MS,
  veriffMedianMs: 6 * MINUTE_MS,
  flowSigma: 0.5,
  reviewShare: 0.15,
  reviewMedianMs: HOUR_MS,
  reviewSigma: 1,
  decisionMedianMs: 20 * SECOND_MS,
  returnShare: 0.8,
  returnNamesSession: true,
  lostPressShare: 0.02,
}

/** What each takes for granted otherwise: one thing at a time, most of them against us. */
export const VARIANTS: readonly Assumptions[] = [
  { ...BASE, name: 'opened twice as late', openMedianMs: 2 * BASE.openMedianMs },
  {
    ...BASE,
    name: 'everything takes twice as long',
    bankIdMedianMs: 2 * BASE.bankIdMedianMs,
    veriffMedianMs: 2 * BASE.veriffMedianMs,
    decisionMedianMs: 2 * BASE.decisionMedianMs,
    reviewMedianMs: 2 * BASE.reviewMedianMs,
  },
  { ...BASE, name: 'twice as many reviews', reviewShare: 2 * BASE.reviewShare },
  { ...BASE, name: 'half as many open', openShare: BASE.openShare / 2 },
  { ...BASE, name: 'a third never come back', returnShare: 2 / 3 },
  { ...BASE, name: 'no return page', returnShare: 0 },
  { ...BASE, name: 'the return page names nobody', returnNamesSession: false },
  { ...BASE, name: 'a fifth of presses lost', lostPressShare: 0.2 },
]
