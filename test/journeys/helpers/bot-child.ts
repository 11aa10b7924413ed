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
  /** Resolves when it logs these words. */
  says(words: string): Promise<void>
  signal(signal: 'SIGTERM' | 'SIGKILL'): Promise<number | null>
}

export function startBotChild(
  settings: Readonly<Record<string, string>>,
  onLine: (line: string) => void = () => {},
): BotChild {
  const lines: string[] = []
  const listeners = new Set<() => void>()
  const child = spawn(process.execPath, [MAIN], {
    cwd: tmpdir(),
    env: { ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const ready = new Promise<void>((resolve, reject) => {
    for (const output of [child.stdout, child.stderr]) {
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
          if (lines.some((line) => line.includes(words))) resolve()
        }
        listeners.add(look)
        look()
      }),
    signal: (signal) => {
      child.kill(signal)
      return ended
    },
  }
}
