import type { Life, Workload } from './workload.ts'

/** What a policy saw, and when. Everybody is measured by the same instrument. */
export type Sightings = {
  looked(nth: number, at: number): void
  started(nth: number, at: number): void
  result(): Seen
}

export type Seen = {
  /** Ms from settled to seen, ascending: of those whom somebody finished, and of those that ran out. */
  readonly finished: readonly number[]
  readonly expired: readonly number[]
  readonly calls: number
  /** The longest time between two looks at one session, or between its start and the first; or since then, where the run ends. */
  readonly longestGapMs: number
  /** Settled within the run, and not yet seen at its end. */
  readonly unseen: number
}

export function makeSightings({ lives, endsAt }: Workload, countFrom: number): Sightings {
  const lastLookAt = new Map<number, number>()
  const delays: { life: Life; ms: number }[] = []
  const seen = new Set<number>()
  let calls = 0
  let longestGapMs = 0

  return {
    started: (nth, at) => {
      calls += 1
      lastLookAt.set(nth, at)
    },
    looked: (nth, at) => {
      calls += 1
      const life = lives[nth]
      if (life === undefined || seen.has(nth)) return
      const since = lastLookAt.get(nth)
      if (since !== undefined) longestGapMs = Math.max(longestGapMs, at - since)
      lastLookAt.set(nth, at)
      if (at < life.settledAt) return
      seen.add(nth)
      if (life.settledAt >= countFrom) delays.push({ life, ms: at - life.settledAt })
    },
    result: () => {
      const inOrder = (isExpired: boolean) =>
        delays
          .filter(({ life }) => life.isExpired === isExpired)
          .map(({ ms }) => ms)
          .sort((one, other) => one - other)
      for (const [nth, { invitedAt }] of lives.entries()) {
        const since = lastLookAt.get(nth) ?? (invitedAt < 0 ? 0 : endsAt)
        if (!seen.has(nth)) longestGapMs = Math.max(longestGapMs, endsAt - since)
      }
      const unseen = lives.filter(({ settledAt }, nth) => settledAt < endsAt && !seen.has(nth)).length
      return { finished: inOrder(false), expired: inOrder(true), calls, longestGapMs, unseen }
    },
  }
}

/** The smallest value that at least this share of all is not above. */
export function percentile(ascending: readonly number[], share: number): number {
  return ascending[Math.max(0, Math.ceil(ascending.length * share) - 1)] ?? Number.NaN
}
