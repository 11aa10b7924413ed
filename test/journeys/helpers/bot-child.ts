import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../../../dist/main.js', import.meta.url))

/** The built bot in a process of its own, which can be killed. */
export type BotChild = {
  /** Resolves when it says that it is ready; rejects when it ends before. */
  readonly ready: Promise<void>
  /** What it exited with; null when it was killed. */
  readonly ended: Promise<number | null>
  readonly lines: readonly string[]
  /** Resolves when it logs these words, or has. */
  says(words: string | RegExp): Promise<void>
  signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
  readonly pid: number
  /** Sets its clock so far ahead, in ms; needs `CLOCK` among its preloads. */
  setAhead(aheadMs: number): Promise<void>
}

/** The sandbox's clock, to be preloaded. */
export const CLOCK = new URL('../../../dist-sandbox/clock-preload.js', import.meta.url).href

/** What is put around it: more environment, modules loaded before it, and a command that starts the command. */
export type Around = {
  readonly environment?: Readonly<Record<string, string>>
  readonly preload?: readonly string[]
  readonly command?: readonly string[]
}

export function startBotChild(
  settings: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
  { environment = {}, preload = [], command = [] }: Around = {},
): BotChild {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const imports = preload.flatMap((module) => ['--import', module])
  const [program = process.execPath, ...words] = [...command, process.execPath, ...imports, MAIN]
  const child = spawn(program, words, {
    cwd: tmpdir(),
    env: { ...settings, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
      if (output === null) continue
      createInterface({ input: output }).on('line', (line) => {
        lines.push(line)
        onLine(line)
        for (const listener of [...listeners]) listener()
        if (line.includes('"msg":"ready"')) resolve()
      })
    }
    child.once('close', (code) => reject(new Error(`the bot ended with ${code}:\n${lines.join('\n')}`)))
  })
  // Whoever awaits it still hears of it.
  ready.catch(() => {})
  return {
    ready,
    ended,
    lines,
    says: (words) =>
      new Promise((resolve) => {
        const look = () => {
          if (lines.some((line) => (typeof words === 'string' ? line.includes(words) : words.test(line)))) resolve()
        }
        listeners.add(look)
        look()
      }),
    signal: (signal) => {
      child.kill(signal)
      return ended
    },
    pid: child.pid ?? 0,
    setAhead: (aheadMs) =>
      new Promise((resolve) => {
        child.once('message', () => resolve())
        child.send({ aheadMs })
      }),
  }
}
