import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** Frames of undici's WebSockets, of all of the process; nodejs/undici: docs/api/DiagnosticsChannel. */
const CHANNELS = ['undici:websocket:ping', 'undici:websocket:pong'] as const

/** Slack's library asks for a sign of life every two seconds, and Slack does so too. */
const SILENT_AFTER_MS = 15_000

/**
 * Whether the other end of a WebSocket still gives signs of life. A connection that was cut without a word looks open for as
 * long as nobody writes to it, and Slack's library takes another half minute to say goodbye before it says that it is closed.
 */
export type Pulse = {
  heard(): void
  isAlive(): boolean
  stop(): void
}

export function makePulse(deps: { isOurs: (socket: unknown) => boolean; elapsed: () => number }): Pulse {
  const { isOurs, elapsed } = deps
  let heardAt = Number.NEGATIVE_INFINITY
  const heard = () => {
    heardAt = elapsed()
  }
  const onFrame = (message: unknown) => {
    if (typeof message === 'object' && message !== null && 'websocket' in message && isOurs(message.websocket)) heard()
  }
  for (const channel of CHANNELS) subscribe(channel, onFrame)
  return {
    heard,
    isAlive: () => elapsed() - heardAt < SILENT_AFTER_MS,
    stop: () => {
      for (const channel of CHANNELS) unsubscribe(channel, onFrame)
    },
  }
}
