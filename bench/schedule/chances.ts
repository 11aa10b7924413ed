/** Everything that is drawn by lot comes from one seed, so that every policy meets the same people. */
export type Chances = {
  /** In [0, 1). */
  next(): number
  isTrue(share: number): boolean
  /** Lognormal: half of all draws are below the median; two thirds lie within a factor of e^sigma of it. */
  around(medianMs: number, sigma: number): number
}

/** Mulberry32 by Tommy Ettinger, public domain: 32 bits of state are plenty for some ten thousand lives. */
export function makeChances(seed: number): Chances {
  let state = seed | 0
  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  // Box and Muller's way to the normal distribution.
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next())
  return {
    next,
    isTrue: (share) => next() < share,
    around: (medianMs, sigma) => medianMs * Math.exp(sigma * normal()),
  }
}
