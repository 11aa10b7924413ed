/** The sandbox's clock: the real one, moved. Both stand-ins read it, and the bot is told how far it is ahead. */
export type Clock = {
  now(): number
  /** How far it is ahead of the real clock, in ms; negative when behind. */
  aheadMs(): number
  /** Moves it on, and resolves when whoever follows it has been told. */
  forward(ms: number): Promise<void>
  /** Tells how far ahead the clock is after every move. */
  onMove(listener: (aheadMs: number) => Promise<void> | void): void
}

export function makeClock(aheadMs = 0): Clock {
  const listeners: ((aheadMs: number) => Promise<void> | void)[] = []
  let ahead = aheadMs
  return {
    now: () => Date.now() + ahead,
    aheadMs: () => ahead,
    async forward(ms) {
      if (ms <= 0) return
      ahead += ms
      for (const listener of listeners) await listener(ahead)
    },
    onMove: (listener) => void listeners.push(listener),
  }
}
