import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex, Readable } from 'node:stream'
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
  return countIn(code, said)
}

function countIn(code: number | null, said: string): number {
  const count = /effects: (\d+)/.exec(said)?.[1]
  if (code !== 0 || count === undefined) throw new Error(said)
  return Number(count)
}

/** What a kill leaves: where the files are, and right before which effects in a row they were just so. */
export type Left = { readonly folder: string; readonly first: number; last: number }

/**
 * What a kill right before any effect of a run leaves in the folder `home`: the files as they are at that moment, for what is in
 * memory is gone. They are copied by this process: SQLite loses its locks when its own closes one of its files.
 */
export async function leftByKills(
  args: readonly string[],
  { home, copies, env = {} }: { home: string; copies: string; env?: Readonly<Record<string, string>> },
): Promise<Left[]> {
  const child = spawn(process.execPath, ['--import', PRELOAD, ...args], {
    env: { ...env, KILL_AT: '0', WATCHED: 'yes' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const all: Left[] = []
  let before: Files = []
  let effects = 0
  const waiting = child.stdio[3] as Duplex
  waiting.on('data', () => {
    effects += 1
    const files = readdirSync(home).map((name) => {
      const path = join(home, name)
      return { name, bytes: readFileSync(path), mode: statSync(path).mode }
    })
    const last = all.at(-1)
    if (last !== undefined && isSame(before, files)) last.last = effects
    else {
      const folder = join(copies, String(effects))
      mkdirSync(folder, { recursive: true })
      for (const { name, bytes, mode } of files) {
        writeFileSync(join(folder, name), bytes)
        chmodSync(join(folder, name), mode)
      }
      all.push({ folder, first: effects, last: effects })
    }
    before = files
    waiting.write('.')
  })
  const said = Promise.all([child.stdout, child.stderr].map((output) => text(output as Readable)))
  const [[out = '', err = ''], [code]] = await Promise.all([said, once(child, 'close')])
  if (countIn(code, out + err) !== effects) throw new Error(`not every effect was looked at: ${effects}\n${out}`)
  return all
}

type Files = readonly { readonly name: string; readonly bytes: Buffer; readonly mode: number }[]

function isSame(one: Files, other: Files): boolean {
  if (one.length !== other.length) return false
  return one.every(({ name, bytes, mode }, nth) => {
    const its = other[nth]
    return its !== undefined && name === its.name && mode === its.mode && bytes.equals(its.bytes)
  })
}

/** Each in turn, two at a time. */
export async function eachInPairs(all: readonly number[], attempt: (at: number) => Promise<void>): Promise<void> {
  const left = [...all]
  const lane = async () => {
    for (let at = left.shift(); at !== undefined; at = left.shift()) await attempt(at)
  }
  await Promise.all([lane(), lane()])
}
