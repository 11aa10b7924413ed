import { subscribe } from 'node:diagnostics_channel'
import { appendFileSync } from 'node:fs'
import Database, { type Statement } from 'better-sqlite3'
import { WebSocket } from 'undici'
import { isWrite, statementName } from './statement-names.ts'

/**
 * Preloaded into the bot (`node --import …`), which knows nothing of it: sees the boundaries that the bot comes to, one by
 * one, and kills it at the chosen one. Its surroundings are watched, never its code: undici's own diagnostics for requests
 * (undici.nodejs.org/#/docs/api/DiagnosticsChannel), better-sqlite3's statements, and the socket on which Slack is answered.
 *
 * TRIAL_KILL_AT   `after request#2`: SIGKILL at the second time that boundary is reached
 * TRIAL_TRACE     a file in which every boundary is noted, in order
 */
const { TRIAL_KILL_AT: killAt, TRIAL_TRACE: trace } = process.env
const [wanted = '', nth = '1'] = (killAt ?? '').split('#')
let left = Number(nth)

function reach(boundary: string): void {
  if (trace !== undefined) appendFileSync(trace, `${boundary}\n`)
  if (boundary !== wanted) return
  left -= 1
  // Returns never: a signal to oneself is delivered before kill() returns (POSIX).
  if (left === 0) process.kill(process.pid, 'SIGKILL')
}

const STAGES = {
  'undici:request:create': 'before',
  'undici:request:bodySent': 'with the answer pending to',
  'undici:request:headers': 'before the end of the answer to',
  'undici:request:trailers': 'after',
} as const

for (const [channel, stage] of Object.entries(STAGES)) {
  subscribe(channel, (message) => {
    const { method, path } = (message as { request: { method: string; path: string } }).request
    const name = requestName(method, path)
    if (name !== null) reach(`${stage} ${name}`)
  })
}

function requestName(method: string, path: string): string | null {
  const slack = /\/api\/([a-z.A-Z]+)/.exec(path)?.[1]
  if (path.includes('/verification/flows')) return 'POST start'
  if (path.includes('/verification/status/')) return 'GET status'
  if (/\/users\/\d+$/.test(path)) return 'GET user'
  if (path.includes('/respond/')) return 'POST response_url'
  if (slack !== undefined && method === 'POST') return slack
  return path.startsWith('/link/') ? 'the socket' : null
}

/** What the transaction that is open has written so far: its end is a boundary of each of them. */
const written = new Set<string>()

function watched<Result>(statement: Statement, run: () => Result): Result {
  const { source, database } = statement
  if (/^begin/i.test(source)) written.clear()
  if (/^commit$/i.test(source)) {
    for (const name of written) reach(`before commit of ${name}`)
    const result = run()
    for (const name of written) reach(`after commit of ${name}`)
    return result
  }
  if (!isWrite(source)) return run()
  if (!database.inTransaction) return between(statementName(source), run)
  const result = run()
  if (didWrite(result)) written.add(statementName(source))
  return result
}

function between<Result>(name: string, run: () => Result): Result {
  reach(`before commit of ${name}`)
  const result = run()
  if (didWrite(result)) reach(`after commit of ${name}`)
  return result
}

/** `run` tells how many rows changed; `get` and `all` give what is `returning`. */
function didWrite(result: unknown): boolean {
  if (Array.isArray(result)) return result.length > 0
  // A row, or its one value.
  if (typeof result !== 'object' || result === null) return result !== undefined
  return !('changes' in result) || result.changes !== 0
}

const memory = new Database(':memory:')
const sample = memory.prepare('select 1')
/** Held on to: some versions of Node end the process when the garbage collector comes upon one of these. */
export const kept: readonly unknown[] = [memory, sample]

const prototype: Record<'run' | 'get' | 'all', (this: Statement, ...args: unknown[]) => unknown> =
  Object.getPrototypeOf(sample)
for (const method of ['run', 'get', 'all'] as const) {
  const original = prototype[method]
  prototype[method] = function (this: Statement, ...args: unknown[]) {
    return watched(this, () => original.apply(this, args))
  }
}

const send = WebSocket.prototype.send
WebSocket.prototype.send = function (this: WebSocket, ...args: Parameters<typeof send>) {
  reach('before the ack')
  send.apply(this, args)
  reach('after the ack')
}
