const MINUTE_MS = 60_000

/**
 * For what anybody can make happen as often as they like: it is said when it happens, then at most once a minute, with how
 * often it has happened since it was last said; the rest at the end. `say` gets that number.
 */
export function atMostOnceAMinute<Kind extends string>(deps: {
  now: () => number
  say: (kind: Kind, count: number) => void
}): { happened(kind: Kind): void; end(): void } {
  const { now, say } = deps
  const kinds = new Map<Kind, { saidAt: number; since: number }>()

  return {
    happened(kind) {
      const known = kinds.get(kind) ?? { saidAt: Number.NEGATIVE_INFINITY, since: 0 }
      known.since += 1
      // A clock that was set back must not keep it silent.
      if (Math.abs(now() - known.saidAt) >= MINUTE_MS) {
        say(kind, known.since)
        known.saidAt = now()
        known.since = 0
      }
      kinds.set(kind, known)
    },
    end() {
      for (const [kind, { since }] of kinds) if (since > 0) say(kind, since)
      kinds.clear()
    },
  }
}
