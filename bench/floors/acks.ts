import { join } from 'node:path'
import { programAt, startChild } from '../measure/child.ts'
import { besideFloor, type Results, ratioOf } from '../measure/columns.ts'
import { type Ack, commandBody, makeSlackSide, paced, SIGNING_SECRET, submissionBody } from '../measure/deliveries.ts'
import { folder, remove, slackUrl, startOurBot, startUpstreams } from '../measure/our-bot.ts'
import type { Figures, Report } from '../measure/report.ts'
import { type Contestant, interleave } from '../measure/rounds.ts'
import { quantile } from '../measure/statistics.ts'
import type { Floor, Options } from './floor.ts'

/** Fifty a second: far more than any workspace sends, and little enough that nothing queues in the bare programs. */
const EVERY_MS = 20
const PER_ROUND = 300

export const slashAck: Floor = { name: 'slash-ack', run: (report, options) => measure('slash', report, options) }
export const submitAck: Floor = { name: 'submit-ack', run: (report, options) => measure('submit', report, options) }

const WHAT = { slash: 'slash command acked, beside bare Bolt', submit: 'submission acked, beside Bolt and one insert' }
const GOALS = {
  slash: [
    ['p50', 1.15],
    ['p99', 1.5],
  ],
  submit: [['p50', 1.25]],
} as const
const TITLES = { slash: 'A slash command, acked', submit: 'A submission, acked, its row committed' }

async function measure(kind: 'slash' | 'submit', report: Report, { short, rounds }: Options): Promise<void> {
  const deliveries = short ? 10 : PER_ROUND
  const at = folder()
  const upstreams = await startUpstreams('hung')
  const env = { SLACK_SIGNING_SECRET: SIGNING_SECRET, SLACK_API_URL: slackUrl(upstreams) }
  const bolt = (name: string, more: Record<string, string> = {}) =>
    startChild(programAt('bare-bolt'), { env: { ...env, ...more, ...database(at, kind, name) } })
  const children = {
    'this bot': await startOurBot(upstreams, { at }),
    'bare Bolt': await bolt('bare'),
    ...(kind === 'slash'
      ? { 'node:http and the signature': await startChild(programAt('bare-http'), { env }) }
      : { 'bare Bolt, two look-ups': await bolt('looking', { BARE_LOOKUPS: 'yes' }) }),
  }
  try {
    const contestants = Object.entries(children).map(([name, child]): Contestant => {
      const slack = makeSlackSide(child.port, 4)
      return {
        name,
        run: async () => {
          const acks = await paced(slack, kind === 'slash' ? commandBody : submissionBody, {
            deliveries,
            everyMs: EVERY_MS,
          })
          refuseOthers(name, acks)
          return figuresOf(acks)
        },
      }
    })
    const results = await interleave(contestants, { rounds, report })
    tell(report, TITLES[kind], results)
    const found = (figure: string) => ratioOf(results, 'this bot', 'bare Bolt', figure)
    for (const [figure, atMost] of GOALS[kind]) {
      report.goal({ what: `${WHAT[kind]}, ${figure}`, found: found(figure), unit: '×', atMost })
    }
  } finally {
    for (const child of [...Object.values(children), ...Object.values(upstreams)]) await child.kill()
    remove(at)
  }
}

function database(at: string, kind: string, name: string): Record<string, string> {
  return kind === 'slash' ? {} : { BARE_DATABASE: join(at, `${name}.db`) }
}

function refuseOthers(name: string, acks: readonly Ack[]): void {
  const bad = acks.find(
    ({ status, text }) => status !== 200 || text.includes('"errors"') || text.includes('"callback_id":"verify"'),
  )
  if (bad !== undefined) throw new Error(`${name} answered ${bad.status}: ${bad.text.slice(0, 200)}`)
}

function figuresOf(acks: readonly Ack[]): Figures {
  const times = acks.map(({ ms }) => ms)
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) }
}

function tell(report: Report, title: string, results: Results): void {
  report.table({
    title,
    about: `One delivery every ${EVERY_MS} ms over kept connections; median of the rounds, and their spread.`,
    columns: ['', 'p50 ms', 'p50 / bare Bolt', 'p99 ms', 'p99 / bare Bolt'],
    rows: [...results.keys()].map((name) => [
      name,
      ...besideFloor(results, name, 'bare Bolt', 'p50'),
      ...besideFloor(results, name, 'bare Bolt', 'p99'),
    ]),
  })
}
