import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod'
import { type Child, programAt, startChild } from '../measure/child.ts'
import { besideFloor, column, ratioOf, withSpread } from '../measure/columns.ts'
import { SIGNING_SECRET } from '../measure/deliveries.ts'
import { folder, remove, slackUrl, startOurBot, startUpstreams, type Upstreams } from '../measure/our-bot.ts'
import { type Contestant, interleave } from '../measure/rounds.ts'
import { openForBot, seedWaiting } from '../measure/seed.ts'
import type { Floor } from './floor.ts'

const FLOOR = 'bare Bolt'
const EMPTY = 'this bot, nothing waiting'
const FULL = 'this bot, many waiting'
/** So much that the budget does not decide when the first check can be made. */
const BUDGET = '6000'
const SETTLED_AFTER_MS = 2000

const Counted = z.object({ polls: z.number(), firstPollAt: z.number().nullable() })

/** Killed with SIGKILL in the middle of its work and started again: until it is ready, until it checks again, and its size. */
export const start: Floor = {
  name: 'start',
  run: async (report, { short, rounds }) => {
    const count = short ? 500 : 100_000
    const many = count.toLocaleString('en-GB')
    const at = folder()
    const upstreams = await startUpstreams('pending')
    try {
      const full = join(at, 'full')
      const empty = join(at, 'empty')
      mkdirSync(full)
      mkdirSync(empty)
      seed(full, count)
      // The first life of a database makes its key and its tables.
      for (const folder of [full, empty]) await ours(folder, upstreams).then((bot) => bot.kill())
      const contestants: Contestant[] = [
        { name: FLOOR, run: () => life(() => bare(upstreams), upstreams, { checks: false }) },
        { name: EMPTY, run: () => life(() => ours(empty, upstreams), upstreams, { checks: false }) },
        { name: FULL, run: () => life(() => ours(full, upstreams), upstreams, { checks: true }) },
      ]
      const results = await interleave(contestants, { rounds, report })
      report.table({
        title: `From the start of the process, with ${many} waiting`,
        about:
          'Each life ends with SIGKILL while sessions are being checked. Ready: it hears Slack. First check: EasyFreelance is ' +
          `asked about a session that waited before the kill, with a budget of ${BUDGET} a minute. Memory: two seconds later.`,
        columns: ['', 'ready, ms', '/ bare Bolt', 'first check, ms', 'RSS, MB', '/ bare Bolt'],
        rows: [FLOOR, EMPTY, FULL].map((name) => [
          name,
          ...besideFloor(results, name, FLOOR, 'ready'),
          name === FULL ? withSpread(column(results, name, 'firstCheck')) : '–',
          ...besideFloor(results, name, FLOOR, 'rss'),
        ]),
      })
      const [floorRss, fullRss] = [FLOOR, FULL].map((name) => column(results, name, 'rss'))
      const more = fullRss?.map((rss, round) => rss - (floorRss?.[round] ?? Number.NaN)) ?? []
      const ready = ratioOf(results, EMPTY, FLOOR, 'ready')
      report.goal({ what: 'start to ready, beside bare Bolt', found: ready, unit: '×', atMost: 1.3 })
      report.goal({ what: `memory with ${many} waiting, more than bare Bolt`, found: more, unit: ' MB', atMost: 40 })
      const firstCheck = column(results, FULL, 'firstCheck')
      report.goal({ what: `SIGKILL to the first check, ${many} waiting`, found: firstCheck, unit: ' ms', atMost: 1000 })
    } finally {
      for (const child of Object.values(upstreams)) await child.kill()
      remove(at)
    }
  },
}

function seed(folder: string, count: number): void {
  const own = openForBot(join(folder, 'verify.db'))
  const now = Date.now()
  // Some are due at any moment, as they are when the process is killed.
  const dueAt = (index: number) => now + (index % 300) * 1000
  seedWaiting(own, { count, dueAt, messages: { managerOf: (index) => `U0MANAGER${index % 50}` } })
  own.db.close()
}

const ours = (at: string, upstreams: Upstreams) =>
  startOurBot(upstreams, { at, env: { EASYFREELANCE_REQUESTS_PER_MINUTE: BUDGET } })

const bare = (upstreams: Upstreams) =>
  startChild(programAt('bare-bolt'), {
    env: { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: slackUrl(upstreams) },
  })

async function life(begin: () => Promise<Child>, { easyfreelance }: Upstreams, { checks }: { checks: boolean }) {
  await easyfreelance.ask({ count: true })
  const begunAt = Date.now()
  const child = await begin()
  await wait(SETTLED_AFTER_MS)
  const { rssMb } = await child.watch()
  await child.kill()
  const { firstPollAt } = Counted.parse(await easyfreelance.ask({ count: true }))
  if (checks && firstPollAt === null) throw new Error('no session was checked after the start')
  return {
    ready: child.readyAfterMs,
    rss: rssMb,
    ...(firstPollAt === null ? {} : { firstCheck: firstPollAt - begunAt }),
  }
}
