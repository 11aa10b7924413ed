export type Refresher = {
  /** Resolves when a look that began after this call has ended. */
  refresh(): Promise<void>
  /** Looks again soon; many calls in a row are one look. */
  nudge(): void
  stop(): void
}

/** Looks never overlap: what is asked for during one becomes a single next one. */
export function makeRefresher(look: () => Promise<void>, pauseMs = 60): Refresher {
  let running: Promise<void> | null = null
  let next: Promise<void> | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  function begin(): Promise<void> {
    running = look().finally(() => {
      running = null
    })
    return running
  }

  function refresh(): Promise<void> {
    if (running === null) return begin()
    next ??= running.then(() => {
      next = null
      return begin()
    })
    return next
  }

  return {
    refresh,
    nudge() {
      timer ??= setTimeout(() => {
        timer = undefined
        void refresh()
      }, pauseMs)
    },
    stop() {
      clearTimeout(timer)
    },
  }
}
