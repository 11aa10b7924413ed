import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import * as z from 'zod'

const WATCH = new URL('../programs/watch-preload.js', import.meta.url).href
const READY_WITHIN_MS = 120_000

const Ready = z.looseObject({ msg: z.literal('ready'), port: z.number() })
const Watched = z.object({
  loopP50Ms: z.number(),
  loopP99Ms: z.number(),
  loopMaxMs: z.number(),
  cpuMs: z.number(),
  rssMb: z.number(),
})
export type Watched = z.infer<typeof Watched>

/** A program under measurement, in a process of its own. */
export type Child = {
  readonly port: number
  /** From the spawn to the line that says it is ready. */
  readonly readyAfterMs: number
  readonly pid: number
  /** Every line it has printed. */
  readonly lines: readonly string[]
  /** Event-loop delay and CPU since the last reading, and memory now. Forgets the delays read. */
  watch(): Promise<Watched>
  tell(message: object): void
  /** The next message it sends after being told. */
  ask(message: object): Promise<unknown>
  kill(): Promise<void>
}

/** Starts a program and waits until it prints `{"msg":"ready","port":…}`. */
export async function startChild(
  program: string,
  {
    env = {},
    cwd,
    flags = [],
  }: { env?: Readonly<Record<string, string>>; cwd?: string; flags?: readonly string[] } = {},
): Promise<Child> {
  const startedAt = performance.now()
  const process_ = spawn(process.execPath, [...flags, '--import', WATCH, program], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    ...(cwd === undefined ? {} : { cwd }),
  })
  const lines: string[] = []
  const port = await new Promise<number>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${program} was not ready in time`)), READY_WITHIN_MS)
    process_.once('exit', (code) => reject(new Error(`${program} ended with ${code}:\n${lines.slice(-20).join('\n')}`)))
    for (const stream of [process_.stdout, process_.stderr]) {
      if (stream === null) continue
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line)
        const ready = readyIn(line)
        if (ready === null) return
        clearTimeout(timer)
        resolve(ready)
      })
    }
  })
  const readyAfterMs = performance.now() - startedAt
  return {
    port,
    readyAfterMs,
    pid: process_.pid ?? 0,
    lines,
    watch: async () => Watched.parse(await ask(process_, { watch: true })),
    tell: (message) => void process_.send(message),
    ask: (message) => ask(process_, message),
    kill: async () => {
      if (process_.exitCode !== null || process_.signalCode !== null) return
      const gone = once(process_, 'exit')
      process_.kill('SIGKILL')
      await gone
    },
  }
}

async function ask(child: ChildProcess, message: object): Promise<unknown> {
  const answered = once(child, 'message')
  child.send(message)
  const [answer] = await answered
  return answer
}

function readyIn(line: string): number | null {
  if (!line.includes('"ready"')) return null
  try {
    return Ready.safeParse(JSON.parse(line)).data?.port ?? null
  } catch {
    return null
  }
}

export const programAt = (name: string): string => new URL(`../programs/${name}.js`, import.meta.url).pathname
