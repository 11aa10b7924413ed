import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** The real, built bot as a child process, with its settings and nothing else of our environment. */
export type BotProcess = {
  /** Starts it and resolves when it says that it is ready. */
  start(): Promise<void>
  /** SIGKILL: it gets no chance to tidy up. Resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>
  isRunning(): boolean
  /** Every line it has logged, over all its lives. */
  readonly log: readonly string[]
}

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const READY_WITHIN_MS = 20_000

export function makeBotProcess(deps: {
  settings: Readonly<Record<string, string>>
  cwd: string
  onLine?: (line: string) => void
}): BotProcess {
  const { settings, cwd, onLine } = deps
  const log: string[] = []
  let child: ChildProcess | null = null

  async function start(): Promise<void> {
    if (child !== null) throw new Error('the bot is running already')
    const started = spawn(process.execPath, [MAIN], { cwd, env: { ...settings }, stdio: ['ignore', 'pipe', 'pipe'] })
    child = started
    started.once('exit', () => {
      child = null
    })
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the bot was not ready in time')), READY_WITHIN_MS)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        settle()
      }
      for (const output of [started.stdout, started.stderr]) {
        createInterface({ input: output }).on('line', (line) => {
          log.push(line)
          onLine?.(line)
          if (isReady(line)) end(resolve)
        })
      }
      started.once('exit', (code) => {
        end(() => reject(new Error(`the bot stopped with exit code ${code}:\n${log.slice(-20).join('\n')}`)))
      })
    })
  }

  function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const ending = child
    if (ending === null) return Promise.resolve(null)
    return new Promise((resolve) => {
      ending.once('exit', resolve)
      ending.kill(signal)
    })
  }

  return {
    start,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    isRunning: () => child !== null,
    log,
  }
}

function isReady(line: string): boolean {
  try {
    const entry: unknown = JSON.parse(line)
    return typeof entry === 'object' && entry !== null && 'msg' in entry && entry.msg === 'ready'
  } catch {
    return false
  }
}
