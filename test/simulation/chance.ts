/**
 * Numbers that look random and are fixed by a seed and a name. Because each draw has a name of its own, taking one fault
 * out of a story shifts no other draw, and a story can be shrunk.
 */
export type Chance = {
  /** In [0, 1). */
  of(name: string): number
  /** A whole number in [low, high]. */
  between(name: string, low: number, high: number): number
  pick<T>(name: string, from: readonly T[]): T
  /** One of the names, by weight. */
  weighed<K extends string>(name: string, weights: Readonly<Partial<Record<K, number>>>): K
}

export function makeChance(seed: number): Chance {
  const of = (name: string): number => {
    let hash = (seed ^ 0x9e3779b9) >>> 0
    for (let index = 0; index < name.length; index += 1) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
  }
  return {
    of,
    between: (name, low, high) => low + Math.floor(of(name) * (high - low + 1)),
    pick: <T>(name: string, from: readonly T[]): T => {
      const index = Math.floor(of(name) * from.length)
      if (index >= from.length) throw new Error('nothing to choose from')
      return from[index] as T
    },
    weighed: <K extends string>(name: string, weights: Readonly<Partial<Record<K, number>>>): K => {
      const entries = Object.entries(weights) as [K, number][]
      let left = of(name) * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) {
        left -= weight
        if (left < 0) return key
      }
      throw new Error('nothing to choose from')
    },
  }
}
