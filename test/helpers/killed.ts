import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

const PRELOAD = './test/helpers/kill-at.mjs'

export type KilledRun = { readonly signal: string | null; readonly code: number | null; readonly said: string }

/** Runs a module of the build in a process of its own, killed right before its n-th effect; 0: not at all. */
export async function runKilled(
  args: readonly string[],
  at: number,
  env: Readonly<Record<string, string>> = {},
): Promise<KilledRun> {
  const child = spawn(process.execPath, ['--import', PRELOAD, ...args], {
    env: { ...env, KILL_AT: String(at) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, signal, said: out + err }
}

/** How many effects a run has that is not killed. */
export async function effectsOf(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number> {
  const { said, code } = await runKilled(args, 0, env)
  const count = /effects: (\d+)/.exec(said)?.[1]
  if (code !== 0 || count === undefined) throw new Error(said)
  return Number(count)
}

/** From 1 to `most`: every one of the last `closely`, and every fifth before. */
export function killsUpTo(most: number, closely = most): number[] {
  return Array.from({ length: most }, (_, index) => index + 1).filter((at) => at > most - closely || at % 5 === 0)
}

/** Each in turn, two at a time. */
export async function eachInPairs(all: readonly number[], attempt: (at: number) => Promise<void>): Promise<void> {
  const left = [...all]
  const lane = async () => {
    for (let at = left.shift(); at !== undefined; at = left.shift()) await attempt(at)
  }
  await Promise.all([lane(), lane()])
}
