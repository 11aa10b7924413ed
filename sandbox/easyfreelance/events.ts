export type UntilOptions = {
  /** Real milliseconds; 15 s unless told. */
  withinMs?: number
  /** What is awaited, for the error when it doesn't come. */
  what?: string
}

export type Events<Event> = {
  emit(event: Event): void
  /** Returns the function that ends the listening. */
  on(listener: (event: Event) => void): () => void
  /** The first value of `look` that isn't undefined, null or false; looks now and again after every event. */
  until<T>(look: () => T | undefined | null | false, options?: UntilOptions): Promise<T>
  /** Nothing will come any more: whoever still waits is told so. */
  stop(): void
}

export function makeEvents<Event>(): Events<Event> {
  const listeners = new Set<(event: Event) => void>()
  const giveUp = new Set<(why: string) => void>()

  function on(listener: (event: Event) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  return {
    on,
    emit(event) {
      for (const listener of [...listeners]) listener(event)
    },
    until(look, { withinMs = 15_000, what = 'what was awaited' } = {}) {
      return new Promise((resolve, reject) => {
        const end = (): void => {
          clearTimeout(timer)
          giveUp.delete(fail)
          off()
        }
        const fail = (why: string): void => {
          end()
          reject(new Error(`${what}: ${why}`))
        }
        const tryNow = (): void => {
          try {
            const found = look()
            if (found === undefined || found === null || found === false) return
            end()
            resolve(found)
          } catch (error) {
            end()
            reject(error)
          }
        }
        const timer = setTimeout(() => fail(`not within ${withinMs} ms`), withinMs)
        const off = on(tryNow)
        giveUp.add(fail)
        tryNow()
      })
    },
    stop() {
      for (const fail of [...giveUp]) fail('stopped')
      listeners.clear()
    },
  }
}
