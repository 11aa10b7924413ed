import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Events, makeEvents } from './easyfreelance/events.ts'

/** The real, built bot as a child process, with its settings and nothing else of our environment. */
export type BotProcess = {
  /** Starts it and resolves when it says that it is ready. */
  start(): Promise<void>
  /** Starts it without waiting: while Slack is in trouble it is not ready for a long time. */
  launch(): void
  /** SIGKILL: it gets no chance to tidy up. Resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>
  /** From now on it cannot be started, whoever is about to. */
  retire(): void
  isRunning(): boolean
  /** Tells it how far ahead its clock is; resolves when its clock is set, at once while it is not running. */
  setAhead(aheadMs: number): Promise<void>
  /** Every line it has logged, over all its lives. */
  readonly log: readonly string[]
  /** The first truthy value of `look`, asked again after every line it logs, and when it starts or ends. */
  readonly until: Events<string>['until']
}

/** What is put around it to try it hard. */
export type Around = {
  /** More modules loaded before it, as URLs. */
  readonly preload?: readonly string[]
  /** More environment, asked for at every start. */
  readonly environment?: () => Readonly<Record<string, string>>
}

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const CLOCK = new URL('../dist-sandbox/clock-preload.js', import.meta.url).href
const READY_WITHIN_MS = 60_000

export function makeBotProcess(deps: {
  settings: Readonly<Record<string, string>>
  cwd: string
  /** How far ahead its clock is when it starts. */
  aheadMs?: () => number
  onLine?: (line: string) => void
  /** Hears that it has started or ended. */
  onChange?: () => void
  around?: Around
}): BotProcess {
  const { settings, cwd, aheadMs = () => 0, onLine = () => {}, onChange = () => {}, around = {} } = deps
  const log: string[] = []
  const events: Events<string> = makeEvents()
  let child: ChildProcess | null = null
  let retired = false

  function begin(): ChildProcess {
    if (child !== null) throw new Error('the bot is running already')
    if (retired) throw new Error('the sandbox is being stopped')
    const { preload = [], environment = () => ({}) } = around
    const imports = [CLOCK, ...preload].flatMap((module) => ['--import', module])
    const started = spawn(process.execPath, [...imports, MAIN], {
      cwd,
      env: { ...settings, ...environment(), SANDBOX_CLOCK_AHEAD_MS: String(aheadMs()) },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    const becomes = (now: ChildProcess | null) => {
      child = now
      onChange()
      events.emit('')
    }
    becomes(started)
    started.once('exit', () => becomes(null))
    for (const output of [started.stdout, started.stderr]) {
      if (output === null) continue
      createInterface({ input: output }).on('line', (line) => {
        log.push(line)
        onLine(line)
        events.emit(line)
        if (isReady(line)) started.emit('ready')
      })
    }
    return started
  }

  function start(): Promise<void> {
    const started = begin()
    return new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the bot was not ready in time')), READY_WITHIN_MS)
      const end = (settle: () => void) => {
        clearTimeout(timer)
        settle()
      }
      started.once('ready', () => end(resolve))
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

  /** The bot may end before it answers: then there is no clock left to set. */
  function setAhead(ahead: number): Promise<void> {
    const running = child
    if (running?.connected !== true) return Promise.resolve()
    return new Promise((resolve) => {
      const done = () => {
        running.off('message', done)
        running.off('disconnect', done)
        resolve()
      }
      running.on('message', done)
      running.on('disconnect', done)
      running.send({ aheadMs: ahead }, (error) => {
        if (error !== null) done()
      })
    })
  }

  return {
    start,
    launch: () => void begin(),
    setAhead,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
    retire: () => {
      retired = true
      events.stop()
    },
    isRunning: () => child !== null,
    log,
    until: events.until,
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
