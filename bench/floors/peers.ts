import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { z } from 'zod'
import { freePort } from '../../sandbox/free-port.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Contestant } from '../measure/rounds.ts'

const run = promisify(execFile)
const Said = z.object({ perSecond: z.number() })

export type Work = { readonly rows: number; readonly times: number; readonly atOnce: number }
type Skipped = { readonly name: string; readonly reason: string }
export type Peers = { readonly contestants: Contestant[]; readonly skipped: Skipped[]; stop(): Promise<void> }

/** Where Debian puts what this needs; other systems leave these out. */
const REDIS = '/usr/bin/redis-server'
const POSTGRES = '/usr/lib/postgresql/15/bin'

/** Queue libraries doing the same, each in a process of its own, with its server on loopback for as long as they run. */
export async function peers(peersAt: string | null, work: Work): Promise<Peers> {
  const names = ['plainjob', 'liteque', 'BullMQ', 'graphile-worker']
  if (peersAt === null || !existsSync(join(peersAt, 'node_modules'))) {
    const reason = 'not installed: floors --with-peers installs them'
    return { contestants: [], skipped: names.map((name) => ({ name, reason })), stop: async () => {} }
  }
  const at = folder()
  const redis = existsSync(REDIS) ? await startRedis(at) : null
  const postgres = existsSync(POSTGRES) ? await startPostgres(at) : null
  const servers: Readonly<Record<string, { port: number } | null>> = {
    plainjob: { port: 0 },
    liteque: { port: 0 },
    BullMQ: redis,
    'graphile-worker': postgres,
  }
  const withServer = names.filter((name) => servers[name] !== null)
  return {
    contestants: withServer.map((name) => ({
      name,
      run: async () => {
        const own = folder()
        try {
          const args = [
            join(peersAt, `${name.toLowerCase()}.mjs`),
            JSON.stringify({ ...work, ...servers[name], at: own }),
          ]
          const { stdout } = await run(process.execPath, args, { cwd: peersAt })
          return Said.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
        } finally {
          remove(own)
        }
      },
    })),
    skipped: names
      .filter((name) => servers[name] === null)
      .map((name) => ({ name, reason: 'its server is not installed' })),
    stop: async () => {
      await redis?.stop()
      await postgres?.stop()
      remove(at)
    },
  }
}

async function startRedis(at: string) {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', at, '--appendonly', 'yes', '--save', '']
  const server = spawn(REDIS, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  await said(server, 'Ready to accept connections')
  return { port, stop: () => end(server, 'SIGTERM') }
}

/** PostgreSQL does not run as root, so it runs as the user its package made. */
async function startPostgres(at: string) {
  const data = join(at, 'postgres')
  mkdirSync(data)
  const asRoot = process.getuid?.() === 0
  const who = asRoot ? await idsOf('postgres') : null
  if (who !== null) {
    chownSync(data, who.uid, who.gid)
    chownSync(at, who.uid, who.gid)
  }
  const as = who ?? {}
  await run(join(POSTGRES, 'initdb'), ['-D', data, '-U', 'bench', '-A', 'trust', '--locale=C'], as)
  const port = await freePort()
  const args = ['-D', data, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', at]
  const server = spawn(join(POSTGRES, 'postgres'), args, { ...as, stdio: ['ignore', 'ignore', 'pipe'] })
  await said(server, 'ready to accept connections')
  return { port, stop: () => end(server, 'SIGINT') }
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
