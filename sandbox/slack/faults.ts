import type { JsonObject } from './json.ts'

/**
 * What goes wrong with a call.
 * - `{ error }` and `{ status }` answer so; with `alsoDo` the call has had its effect nevertheless. `more` stands beside the
 *   error.
 * - `{ ratelimit }` answers 429 with that many seconds of Retry-After.
 * - `{ rewrite }` does it and answers what this makes of the honest answer.
 * - `{ late }` does it after so many ms, or once the caller has given up, and answers then.
 * - `lose` does it and cuts the connection; `loseBefore` cuts without doing it.
 * - `hang` never answers; `doAndHang` does it and never answers.
 * - `garbage` does it and answers 200 with HTML.
 * - `down` resets every connection, for all methods, until it is lifted.
 */
export type FaultAction =
  | { error: string; more?: JsonObject; alsoDo?: boolean }
  | { status: number; body?: string; alsoDo?: boolean }
  | { ratelimit: number }
  | { rewrite: (body: JsonObject) => JsonObject }
  | { late: number | 'callerGone' }
  | 'lose'
  | 'loseBefore'
  | 'hang'
  | 'doAndHang'
  | 'garbage'
  | 'down'

/** `method` may be `*`, or `response_url` for those. `times` is 1 where not said (`down`: until lifted). */
export type Fault = { method?: string; when?: (args: JsonObject) => boolean; times?: number; do: FaultAction }

export type Faults = ReturnType<typeof makeFaults>

/** The faults that are set, first come first used. */
export function makeFaults() {
  let set: { fault: Fault; left: number }[] = []
  const lift = (entry: { fault: Fault; left: number }) => {
    set = set.filter((each) => each !== entry)
  }
  return {
    /** Returns a function that lifts the fault. */
    add(fault: Fault): () => void {
      const entry = { fault, left: fault.times ?? (fault.do === 'down' ? Number.POSITIVE_INFINITY : 1) }
      set.push(entry)
      return () => lift(entry)
    },
    clear(): void {
      set = []
    },
    isDown: (): boolean => set.some(({ fault }) => fault.do === 'down'),
    /** The fault that befalls this call, counted as used. */
    take(method: string, args: JsonObject): FaultAction | undefined {
      const entry = set.find(({ fault }) =>
        (fault.method ?? '*') === '*' || fault.method === method ? (fault.when?.(args) ?? true) : false,
      )
      if (entry === undefined) return undefined
      entry.left -= 1
      if (entry.left <= 0) lift(entry)
      return entry.fault.do
    },
  }
}
