import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Child, programAt, startChild } from '../measure/child.ts'
import { column, withSpread } from '../measure/columns.ts'
import { atOnce, commandBody, makeSlackSide, SIGNING_SECRET, submissionBody } from '../measure/deliveries.ts'
import { folder, remove, slackUrl, startOurBot, startUpstreams } from '../measure/our-bot.ts'
import type { Report } from '../measure/report.ts'
import { type Contestant, interleave } from '../measure/rounds.ts'
import { quantile } from '../measure/statistics.ts'

const SETTLED_AFTER_MS = 1500

/**
 * Many managers in the same moment, half of them with a command and half with Send, while EasyFreelance takes every
 * call and answers none. Every accepted submission must be in the database.
 */
export async function atOnceLoad(report: Report, { each, rounds }: { each: number; rounds: number }): Promise<void> {
  const at = folder()
  const upstreams = await startUpstreams('hung')
  const bolt = (name: string, more: Record<string, string> = {}) => {
    const env = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: slackUrl(upstreams), ...more }
    return startChild(programAt('bare-bolt'), { env: { ...env, BARE_DATABASE: join(at, `${name}.db`) } })
  }
  const children = {
    [OURS]: await startOurBot(upstreams, { at }),
    'bare Bolt, one insert': await bolt('bare'),
    'bare Bolt, two look-ups and one insert': await bolt('looking', { BARE_LOOKUPS: 'yes' }),
  }
  try {
    const contestants = Object.entries(children).map(([name, child]) => contestant(name, child, each))
    const results = await interleave(contestants, { rounds, report })
    const rows = countRows(join(at, 'verify.db'), 'select count(*) from verifications')
    const accepted = each * (rounds + 1)
    report.table({
      title: `${2 * each} commands and submissions at once, EasyFreelance hung`,
      about: `All sent in the same millisecond over ${2 * each} new connections; the load generator and both upstreams share the machine. \
Accepted submissions: ${accepted}, in the database: ${rows}.`,
      columns: ['', 'ack p50 ms', 'ack p99 ms', 'event loop late p99 ms', 'CPU ms each'],
      rows: [...results.keys()].map((name) => [
        name,
        ...COLUMNS.map((figure) => withSpread(column(results, name, figure))),
      ]),
    })
    for (const [figure, what, atMost] of GOALS) {
      const found = column(results, OURS, figure)
      report.goal({ what: `${2 * each} at once: ${what}`, found, unit: ' ms', atMost })
    }
    if (rows !== accepted) throw new Error(`${accepted - rows} accepted submissions are not in the database`)
  } finally {
    for (const child of [...Object.values(children), ...Object.values(upstreams)]) await child.kill()
    remove(at)
  }
}

const OURS = 'this bot'
const GOALS = [
  ['p99', 'acked, p99', 250],
  ['loopP99', 'event loop late, p99', 50],
] as const
const COLUMNS = ['p50', 'p99', 'loopP99', 'cpuEach']

function contestant(name: string, child: Child, each: number): Contestant {
  return {
    name,
    run: async () => {
      const slack = makeSlackSide(child.port, 2 * each)
      const bodies = Array.from({ length: each }, () => [commandBody(), submissionBody()]).flat()
      await child.watch()
      const acks = await atOnce(slack, bodies)
      const burst = await child.watch()
      const bad = acks.find(({ status, text }) => status !== 200 || text.includes('"errors"'))
      if (bad !== undefined) throw new Error(`${name} answered ${bad.status}: ${bad.text.slice(0, 200)}`)
      // What follows the acks must not fall into the next one's round.
      await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS))
      const after = await child.watch()
      await slack.close()
      const times = acks.map(({ ms }) => ms)
      return {
        p50: quantile(times, 0.5),
        p99: quantile(times, 0.99),
        loopP99: burst.loopP99Ms,
        cpuEach: (burst.cpuMs + after.cpuMs) / bodies.length,
      }
    },
  }
}

function countRows(path: string, sql: string): number {
  const db = new Database(path, { readonly: true })
  const count = Number(db.prepare(sql).pluck().get())
  db.close()
  return count
}
