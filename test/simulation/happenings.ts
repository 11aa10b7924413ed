import type { Chance } from './chance.ts'

/** Something that goes wrong, or that somebody does. Its key says where in the story it stands. */
export type Happening = { readonly key: string; readonly what: string }

export type Happenings = {
  readonly chance: Chance
  /** Whether the thing of this name happens here; remembers that it did. */
  happens(key: string, probability: number, what: string): boolean
  /** A name that tells one call from every other of the same method. */
  next(method: string): string
  /** From now on nothing goes wrong any more. */
  calm(): void
  isCalm(): boolean
  readonly all: readonly Happening[]
}

/** `only`: a story is told again with nothing but these happenings. */
export function makeHappenings(chance: Chance, only: ReadonlySet<string> | null): Happenings {
  const all: Happening[] = []
  const counts = new Map<string, number>()
  let calm = false
  return {
    chance,
    happens: (key, probability, what) => {
      if (calm) return false
      const does = only === null ? chance.of(key) < probability : only.has(key)
      if (does) all.push({ key, what })
      return does
    },
    next: (method) => {
      const count = (counts.get(method) ?? 0) + 1
      counts.set(method, count)
      return `${method} ${count}`
    },
    calm: () => {
      calm = true
    },
    isCalm: () => calm,
    all,
  }
}
