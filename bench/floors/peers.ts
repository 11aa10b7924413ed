import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import * as z from 'zod'
import { freePort } from '../../sandbox/free-port.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Figures } from '../measure/report.ts'
import type { Contestant } from '../measure/rounds.ts'

const run = promisify(execFile)
const Said = z.object({ perSecond: z.number() })

export type Work = { readonly rows: number; readonly times: number; readonly atOnce: number }
type Peer = {
  readonly name: string
  readonly program: string
  readonly server: Server | null
  /** When what it has said is safe from a power cut, with the settings it is measured with. */
  readonly disk: string
  /** What it gets of the rows: the slow would take minutes a round, and none of them is slower with fewer. */
  readonly share: number
}
type Server = keyof typeof SERVERS
export type Peers = {
  readonly contestants: Contestant[]
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
  stop(): Promise<void>
}

/** Where Debian puts what this needs; other systems leave these out. */
const REDIS = '/usr/bin/redis-server'
const POSTGRES = '/usr/lib/postgresql'

const SERVERS = {
  everysec: (at: string) => startRedis(at, 'everysec'),
  always: (at: string) => startRedis(at, 'always'),
  postgres: startPostgres,
}

/** Each as it comes, but for what its name says. plainjob and liteque set `journal_mode = WAL` and this themselves. */
export const PEERS: readonly Peer[] = [
  { name: 'plainjob', program: 'plainjob', server: null, disk: 'no (synchronous=NORMAL)', share: 1 },
  { name: 'liteque', program: 'liteque', server: null, disk: 'no (synchronous=NORMAL)', share: 0.2 },
  { name: 'BullMQ', program: 'bullmq', server: 'everysec', disk: 'within a second (appendfsync everysec)', share: 1 },
  { name: 'BullMQ, every write', program: 'bullmq', server: 'always', disk: 'always (appendfsync always)', share: 1 },
  {
    name: 'graphile-worker',
    program: 'graphile-worker',
    server: 'postgres',
    disk: 'always (fsync, synchronous_commit)',
    share: 0.2,
  },
]

/** Queue libraries doing the same, each in a process of its own, with its server on loopback for as long as they run. */
export async function peers(peersAt: string | null, work: Work): Promise<Peers> {
  if (peersAt === null || !existsSync(join(peersAt, 'node_modules'))) {
    const reason = peersAt === null ? 'left out of a short run' : 'not installed; --with-peers installs it'
    return { contestants: [], skipped: PEERS.map(({ name }) => ({ name, reason })), stop: async () => {} }
  }
  const at = folder()
  const running = new Map<Server, Running | null>()
  const stop = async () => {
    for (const server of running.values()) await server?.stop()
    remove(at)
  }
  try {
    for (const name of Object.keys(SERVERS) as Server[]) running.set(name, await SERVERS[name](join(at, name)))
  } catch (error) {
    await stop()
    throw error
  }
  const isThere = ({ server }: Peer) => server === null || running.get(server) !== null
  return {
    contestants: PEERS.filter(isThere).map(({ name, program, server, share }) => ({
      name,
      run: () => {
        const port = portOf(server === null ? null : running.get(server))
        return runPeer(join(peersAt, `${program}.mjs`), { ...work, ...port, rows: work.rows * share })
      },
    })),
    skipped: PEERS.filter((peer) => !isThere(peer)).map(({ name }) => ({
      name,
      reason: 'its server is not installed',
    })),
    stop,
  }
}

type Running = { readonly port: number; stop(): Promise<void> }

const portOf = (server: Running | null | undefined) => (server == null ? {} : { port: server.port })

async function runPeer(program: string, work: object): Promise<Figures> {
  const at = folder()
  try {
    const { stdout } = await run(process.execPath, [program, JSON.stringify({ ...work, at })], {
      cwd: dirname(program),
    })
    return Said.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
  } finally {
    remove(at)
  }
}

async function startRedis(at: string, appendfsync: string): Promise<Running | null> {
  if (!existsSync(REDIS)) return null
  mkdirSync(at)
  const port = await freePort()
  const listens = ['--port', String(port), '--bind', '127.0.0.1']
  const keeps = ['--dir', at, '--appendonly', 'yes', '--appendfsync', appendfsync, '--save', '']
  const server = spawn(REDIS, [...listens, ...keeps], { stdio: ['ignore', 'pipe', 'ignore'] })
  await said(server, 'Ready to accept connections')
  return { port, stop: () => end(server, 'SIGTERM') }
}

/** PostgreSQL does not run as root, so it runs as the user its package made. */
async function startPostgres(at: string): Promise<Running | null> {
  const programs = newestPostgres()
  if (programs === null) return null
  mkdirSync(at)
  const who = process.getuid?.() === 0 ? await idsOf('postgres') : null
  if (who !== null) {
    chownSync(at, who.uid, who.gid)
    // The folder above is only its owner's.
    chmodSync(dirname(at), 0o711)
  }
  const data = join(at, 'data')
  const how = { ...who, cwd: at }
  await run(join(programs, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '--locale=C'], how)
  const port = await freePort()
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', at]
  const server = spawn(join(programs, 'postgres'), args, { ...how, stdio: ['ignore', 'ignore', 'pipe'] })
  await said(server, 'ready to accept connections')
  return { port, stop: () => end(server, 'SIGINT') }
}

function newestPostgres(): string | null {
  if (!existsSync(POSTGRES)) return null
  const newest = readdirSync(POSTGRES).toSorted((one, other) => Number(other) - Number(one))[0]
  return newest === undefined ? null : join(POSTGRES, newest, 'bin')
}

async function idsOf(user: string): Promise<{ uid: number; gid: number }> {
  const [uid, gid] = await Promise.all(['-u', '-g'].map((flag) => run('id', [flag, user])))
  return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) }
}

async function said(server: ChildProcess, words: string): Promise<void> {
  const output = server.stdout ?? server.stderr
  for await (const chunk of output ?? []) {
    if (!String(chunk).includes(words)) continue
    // Read on, so that it never waits for us.
    output?.resume()
    // PostgreSQL says so a moment before it does.
    await wait(200)
    return
  }
  throw new Error(`${server.spawnfile} did not start`)
}

async function end(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  server.kill(signal)
  await gone
}
