import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { CROWD, CROWD_CHANNELS, CROWD_EMPLOYEES, CROWD_MANAGERS } from '../scenes/crowd.ts'
import { startSandbox } from '../start-sandbox.ts'
import { judge, type Sample } from './judge.ts'
import { makeStories } from './stories.ts'
import { takeSample } from './take-sample.ts'

// `npm run soak`: the built bot at work for as long as one likes, between the strict stand-ins, in real time. Exit codes: 0 all
// flat and everything ended as it should, 1 not, 64 wrong usage.

const USAGE = 'Usage: npm run soak -- [--minutes 60] [--per-minute 8]'
const EVERY_MS = 5000
const UNEXPLAINED = `select count(*) from messages where sends > (
  select count(*) from ledger where message_id = messages.id and what = 'posting')`

const tell = (text: string) => console.log(text)
const mb = (bytes: number) => (bytes / 1024 / 1024).toFixed(1)

process.exitCode = await run(process.argv.slice(2))

async function run(args: string[]): Promise<number> {
  const minutes = readNumber(args, 'minutes', 60)
  const perMinute = readNumber(args, 'per-minute', 8)
  if (minutes === null || perMinute === null) {
    console.error(USAGE)
    return 64
  }
  const sandbox = await startSandbox({
    people: CROWD,
    channels: CROWD_CHANNELS,
    employees: CROWD_EMPLOYEES,
    managers: CROWD_MANAGERS,
  })
  try {
    return await soak(sandbox, minutes * 60_000, perMinute)
  } finally {
    await sandbox.stop()
  }
}

async function soak(
  sandbox: Awaited<ReturnType<typeof startSandbox>>,
  forMs: number,
  perMinute: number,
): Promise<number> {
  const { slack, easyfreelance, bot, botUrl, databasePath } = sandbox
  const began = Date.now()
  const stories = makeStories(sandbox)
  const samples: Sample[] = []
  let isOver = false
  const told = stories.tell(began + forMs, perMinute).finally(() => {
    isOver = true
  })
  while (!isOver) {
    await Promise.race([told, new Promise((resolve) => setTimeout(resolve, EVERY_MS))])
    const sample = await takeSample({ botUrl, databasePath, second: Math.round((Date.now() - began) / 1000) })
    samples.push(sample)
    if (samples.length % 12 === 1) tell(lineOf(sample, stories))
  }
  await told
  const last = samples.at(-1)
  if (last !== undefined) tell(lineOf(last, stories))
  const problems = [
    ...judge(samples),
    ...stories.broken,
    ...slack.violations.map(({ kind, detail }) => `Slack objects: ${kind}: ${detail}`),
    ...easyfreelance.violations.map((violation) => `EasyFreelance objects: ${violation}`),
    ...bot.log.filter((line) => line.includes('"level":"fatal"')),
    ...problemsOfFile(databasePath),
  ]
  if (!bot.isRunning()) problems.push('The bot has ended.')
  tell(
    problems.length === 0
      ? 'Flat, and nothing lost.'
      : ['Not in order:', ...problems.map((each) => `- ${each}`)].join('\n'),
  )
  return problems.length === 0 ? 0 : 1
}

function lineOf(sample: Sample, stories: ReturnType<typeof makeStories>): string {
  const { second, residentBytes, heapBytes, openFiles, handles, walBytes, lagSeconds } = sample
  return [
    `${second} s`,
    `${stories.over()} of ${stories.begun()} verifications over`,
    `memory ${mb(residentBytes)} MB (heap ${mb(heapBytes)})`,
    `files ${openFiles}`,
    `handles ${handles}`,
    `WAL ${mb(walBytes)} MB`,
    `lag ${lagSeconds.toFixed(1)} s`,
  ].join(' · ')
}

function problemsOfFile(path: string): string[] {
  const db = new Database(path, { readonly: true })
  try {
    const integrity = String(db.pragma('integrity_check', { simple: true }))
    const unexplained = Number(db.prepare(UNEXPLAINED).pluck().get())
    return [
      ...(integrity === 'ok' ? [] : [`The database is damaged: ${integrity}`]),
      ...(unexplained === 0 ? [] : [`Messages posted without an entry in the ledger: ${unexplained}.`]),
    ]
  } finally {
    db.close()
  }
}

function readNumber(args: string[], name: string, otherwise: number): number | null {
  try {
    const string = { type: 'string' } as const
    const { values } = parseArgs({ args, options: { minutes: string, 'per-minute': string } })
    const text = values[name as keyof typeof values]
    const value = text === undefined ? otherwise : Number(text)
    return Number.isFinite(value) && value > 0 && value <= 10_000 ? value : null
  } catch {
    return null
  }
}
