import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import {
  type EasyFreelanceOptions,
  type EasyFreelanceStandIn,
  startEasyFreelance,
} from '../../../sandbox/easyfreelance/start-easyfreelance.ts'
import { freePort } from '../../../sandbox/free-port.ts'
import type { SlackOptions, SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { startSlack } from '../../../sandbox/slack/start-slack.ts'
import { readManifest } from '../../../sandbox/start-sandbox.ts'
import { type Bot, makeBot, type StartOptions } from '../../../src/bot.ts'
import { loadConfig } from '../../../src/config.ts'
import { type Level, makeLog } from '../../../src/services/log.ts'
import { openDatabase } from '../../../src/services/store/open-database.ts'
import { CHANNELS, EMPLOYEES, PEOPLE } from './cast.ts'
import { leaks } from './leaks.ts'

export type Transport = 'socket' | 'http'

export type StageOptions = {
  transport?: Transport
  managers?: string
  manifest?: object
  settings?: Readonly<Record<string, string>>
  /** More of them, for what is known only once the stand-ins run. */
  settingsFrom?: (standIns: { easyfreelance: EasyFreelanceStandIn }) => Readonly<Record<string, string>>
  slack?: Partial<SlackOptions>
  easyfreelance?: Partial<EasyFreelanceOptions>
  /** Leaves the return URL without approval. */
  returnUrlNotApproved?: boolean
  /** The lowest unless told, which has what all others have. */
  logLevel?: Level
  /** The test starts the bot itself: `startBot`, or as a process of its own. */
  withoutBot?: boolean
}

/** The real bot between the two strict stand-ins, over real HTTP and WebSockets, on a file, with one clock for all. */
export type Stage = {
  readonly slack: SlackStandIn
  readonly easyfreelance: EasyFreelanceStandIn
  readonly botUrl: string
  readonly settings: Readonly<Record<string, string>>
  /** Every line logged. */
  readonly log: readonly string[]
  now(): number
  /** Moves everybody's clock on, whatever is under way. */
  advance(ms: number): void
  /** Sets the bot's clock alone; time passes as before. */
  setBotClock(byMs: number): void
  /** Resolves when the bot has nothing under way and nothing due; or after a while, when something hangs. */
  quiet(): Promise<void>
  /** Moves the clock on from one quiet moment to the next. */
  jump(ms: number): Promise<void>
  /** Moves the clock on, a second at a time, until it is so; by no more than `mostMs`. */
  later<T>(look: () => T | undefined | null | false, mostMs?: number): Promise<T>
  /** Notes a line that a bot in a process of its own has logged. */
  hear(line: string): void
  stopBot(): Promise<void>
  startBot(options?: StartOptions): Promise<void>
  /** What the stand-ins may object to in this test. */
  tolerate(violation: RegExp): void
  /** How long the bot may take to stop, real ms. */
  mayStopWithin(ms: number): void
}

type Context = { onTestFinished(fn: () => Promise<void>): void }

const MANIFEST = readManifest()
const STOPS_WITHIN_MS = 2000
const QUIET_WITHIN_MS = 400
const BUSY = `select exists (select 1 from verifications where claimed = 1 or next_at <= :now)
  or exists (select 1 from messages where claimed = 1 or next_at <= :now)`

/** An empty database of this schema, made once for all: what the migrations do with a new file is others' to tell. */
let empty: Buffer | null = null

function writeEmptyDatabase(path: string): void {
  if (empty === null) {
    openDatabase(path).close()
    empty = readFileSync(path)
  } else writeFileSync(path, empty, { mode: 0o600 })
}

/** Opens a stage for one test; when that is over, everything is stopped and searched for what must never happen. */
export async function openStage(context: Context, options: StageOptions = {}): Promise<Stage> {
  const { transport = 'socket', managers = 'admins,U0PETTER' } = options
  let offset = 0
  const now = () => Date.now() + offset
  let botAhead = 0
  const log: string[] = []
  const tolerated: RegExp[] = []
  let stopsWithinMs = STOPS_WITHIN_MS
  let bot: Bot | null = null
  const warnings: string[] = []
  const onWarning = ({ message }: Error) => void warnings.push(message)
  process.on('warning', onWarning)

  const port = await freePort()
  const botUrl = `http://127.0.0.1:${port}`
  const returnUrl = `${botUrl}/return`
  const folder = mkdtempSync(join(tmpdir(), 'verify-journey-'))
  const ownDatabase = join(folder, 'verify.db')
  const slack = await startSlack({
    manifest: options.manifest ?? MANIFEST,
    now,
    delivery: transport === 'socket' ? 'socket' : { url: `${botUrl}/slack/events` },
    people: PEOPLE,
    channels: CHANNELS,
    ...options.slack,
  })
  const easyfreelance = await startEasyFreelance({
    now,
    employees: EMPLOYEES,
    approvedReturnUrls: options.returnUrlNotApproved === true ? [] : [returnUrl],
    ...options.easyfreelance,
  })
  const settings = {
    SLACK_BOT_TOKEN: slack.botToken,
    ...(transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
    SLACK_API_URL: slack.apiUrl,
    EASYFREELANCE_API_URL: easyfreelance.apiUrl,
    EASYFREELANCE_TOKEN: easyfreelance.token,
    EASYFREELANCE_API_KEY: easyfreelance.apiKey,
    EASYFREELANCE_REQUESTS_PER_MINUTE: '6000',
    PARTNER_RETURN_URL: returnUrl,
    VERIFY_MANAGERS: managers,
    // Some tests ask for far more than anybody would; those about the limits set them.
    LIMIT_PER_EMPLOYEE_DAY: '0',
    LIMIT_PER_MANAGER_HOUR: '0',
    LIMIT_PER_HOUR: '0',
    DATABASE_PATH: ownDatabase,
    PORT: String(port),
    ...options.settings,
    ...options.settingsFrom?.({ easyfreelance }),
  }

  if (options.withoutBot !== true && settings.DATABASE_PATH === ownDatabase) writeEmptyDatabase(ownDatabase)

  let ids = 0
  async function startBot(how?: StartOptions): Promise<void> {
    bot = makeBot(loadConfig(settings), {
      log: makeLog({ level: options.logLevel ?? 'trace', write: (line) => void log.push(line) }),
      now: () => now() + botAhead,
      steady: () => performance.now() + offset,
      random: Math.random,
      newId: () => `id-${++ids}`,
    })
    await bot.start(how)
  }

  async function stopBot(): Promise<void> {
    const stopping = bot
    bot = null
    await stopping?.stop()
  }

  function advance(ms: number): void {
    offset += ms
    bot?.nudge()
  }

  async function quiet(): Promise<void> {
    const db = new Database(settings.DATABASE_PATH, { readonly: true })
    const busy = db.prepare(BUSY).pluck()
    const began = performance.now()
    // The worker's own turn comes after this one.
    do await turn()
    while (busy.get({ now: now() + botAhead }) === 1 && performance.now() - began < QUIET_WITHIN_MS)
    db.close()
  }

  const stage: Stage = {
    slack,
    easyfreelance,
    botUrl,
    settings,
    log,
    now,
    advance,
    setBotClock: (byMs) => {
      botAhead += byMs
      bot?.nudge()
    },
    quiet,
    async jump(ms) {
      await quiet()
      advance(ms)
      await quiet()
    },
    async later(look, mostMs = 60_000) {
      for (let moved = 0; moved <= mostMs; moved += 1000) {
        await quiet()
        const found = look()
        if (found !== undefined && found !== null && found !== false) return found
        advance(1000)
      }
      return slack.until(look, { withinMs: 1, what: `${mostMs} ms by the clock: ${look}` })
    },
    hear: (line) => void log.push(line),
    startBot,
    stopBot,
    tolerate: (violation) => void tolerated.push(violation),
    mayStopWithin: (ms) => {
      stopsWithinMs = ms
    },
  }

  context.onTestFinished(async () => {
    const began = performance.now()
    await stopBot()
    const tookMs = performance.now() - began
    await slack.stop()
    await easyfreelance.stop()
    rmSync(folder, { recursive: true, force: true })
    const objections = [
      ...slack.violations.map(({ kind, detail }) => `${kind}: ${detail}`),
      ...easyfreelance.violations,
    ]
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
    expect(objections.filter((objection) => !tolerated.some((known) => known.test(objection)))).toEqual([])
    expect(leaks(stage)).toEqual([])
    expect(tookMs).toBeLessThan(stopsWithinMs)
  })

  if (options.withoutBot !== true) await startBot()
  return stage
}
