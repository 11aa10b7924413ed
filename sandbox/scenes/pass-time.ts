import { setTimeout as sleep } from 'node:timers/promises'
import type { Sandbox } from '../start-sandbox.ts'

const SECONDS_A_SECOND = 20
const BEAT_MS = 250

/** The bot sends and changes only so many messages a minute: time passes quickly until a crowd has seen what it waits for. */
export async function passTimeUntil<T>({ forward }: Sandbox, seen: Promise<T>): Promise<T> {
  let isSeen = false
  const done = () => {
    isSeen = true
  }
  seen.then(done, done)
  while (!isSeen) {
    await Promise.race([seen.then(done, done), sleep(BEAT_MS)])
    if (!isSeen) await forward(BEAT_MS * SECONDS_A_SECOND)
  }
  return seen
}
