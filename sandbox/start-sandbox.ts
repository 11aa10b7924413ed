import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type Around, type BotProcess, makeBotProcess } from './bot-process.ts'
import { type Clock, makeClock } from './clock.ts'
import type { NewEmployee } from './easyfreelance/books.ts'
import { type EasyFreelanceStandIn, startEasyFreelance } from './easyfreelance/start-easyfreelance.ts'
import { freePort } from './free-port.ts'
import { CHANNELS, EMPLOYEES, MANAGERS, PEOPLE } from './seed.ts'
import type { SlackStandIn } from './slack/slack-options.ts'
import { startSlack } from './slack/start-slack.ts'
import type { NewChannel, NewPerson } from './slack/world.ts'

/** Both stand-ins, and the real built bot between them. All on loopback, all gone at the end. */
export type Sandbox = {
  readonly slack: SlackStandIn
  readonly easyfreelance: EasyFreelanceStandIn
  readonly bot: BotProcess
  /** Where the bot's own pages are. */
  readonly botUrl: string
  readonly returnUrl: string
  /** The bot's database; gone with the sandbox. */
  readonly databasePath: string
  /** Who is known at EasyFreelance, and who may verify besides admins. */
  readonly employees: readonly NewEmployee[]
  readonly managers: readonly string[]
  /** Of both stand-ins and of the bot. */
  readonly clock: Clock
  /** Moves the clock on and lets the bot see what is due by it. */
  forward(ms: number): Promise<void>
  /** Lets the bot end what it is at; or kills it, when nothing of it is needed any more. */
  stop(how?: 'gently' | 'at once'): Promise<void>
}

export type SandboxOptions = {
  readonly transport?: 'socket' | 'http'
  readonly port?: number
  readonly requestsPerMinute?: number
  readonly logLevel?: string
  /** Hears every line the bot logs. */
  readonly onLine?: (line: string) => void
  /** Hears that the bot has started or ended. */
  readonly onBotChange?: () => void
  /** How far the clock is ahead at first; negative when behind. */
  readonly aheadMs?: number
  readonly people?: readonly NewPerson[]
  readonly channels?: readonly NewChannel[]
  readonly employees?: readonly NewEmployee[]
  /** Who may verify besides admins: user ids. */
  readonly managers?: readonly string[]
  /** By how much Slack's rate limits are multiplied. */
  readonly limitScale?: number
  readonly around?: Around
  /** Where the bot is to open its socket, when not at Slack's stand-in itself: host and port. */
  readonly socketHost?: string
  /** It is started later, by whoever wants this. */
  readonly withoutBot?: boolean
}

const OUTCOMES: ReadonlySet<string> = new Set(['approved', 'declined', 'cancelled', 'expired', 'error'])
const MANIFEST = new URL('../manifest.yml', import.meta.url)

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { transport = 'socket', requestsPerMinute = 600, logLevel = 'info' } = options
  const { managers = MANAGERS, employees = EMPLOYEES } = options
  const { onLine = () => {}, onBotChange = () => {} } = options
  const clock = makeClock(options.aheadMs)
  const port = options.port ?? (await freePort())
  const botUrl = `http://127.0.0.1:${port}`
  const returnUrl = `${botUrl}/return`
  const slack = await startSlack({
    manifest: readManifest(),
    delivery: transport === 'socket' ? 'socket' : { url: `${botUrl}/slack/events` },
    people: options.people ?? PEOPLE,
    channels: options.channels ?? CHANNELS,
    now: clock.now,
    signingNow: clock.now,
    ...(options.limitScale === undefined ? {} : { limitScale: options.limitScale }),
    ...(options.socketHost === undefined ? {} : { socketHost: options.socketHost }),
  })
  const easyfreelance = await startEasyFreelance({
    employees,
    approvedReturnUrls: [returnUrl],
    now: clock.now,
  })
  const folder = mkdtempSync(join(tmpdir(), 'verify-for-slack-'))
  const databasePath = join(folder, 'verify.db')
  const bot = makeBotProcess({
    cwd: folder,
    ...(options.around === undefined ? {} : { around: options.around }),
    aheadMs: clock.aheadMs,
    onLine,
    onChange: onBotChange,
    settings: {
      SLACK_BOT_TOKEN: slack.botToken,
      ...(transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
      SLACK_API_URL: slack.apiUrl,
      EASYFREELANCE_API_URL: easyfreelance.apiUrl,
      EASYFREELANCE_TOKEN: easyfreelance.token,
      EASYFREELANCE_API_KEY: easyfreelance.apiKey,
      EASYFREELANCE_REQUESTS_PER_MINUTE: String(requestsPerMinute),
      PARTNER_RETURN_URL: returnUrl,
      VERIFY_MANAGERS: ['admins', ...managers].join(),
      // A crowd asks for more in a scene than anybody would.
      LIMIT_PER_EMPLOYEE_DAY: '0',
      LIMIT_PER_MANAGER_HOUR: '0',
      LIMIT_PER_HOUR: '0',
      DATABASE_PATH: databasePath,
      PORT: String(port),
      LOG_LEVEL: logLevel,
    },
  })

  clock.onMove(bot.setAhead)

  async function forward(ms: number): Promise<void> {
    // Whoever comes back from EasyFreelance makes the bot look at what is due. Where possible that is somebody whose session
    // is over, so that it means nothing else. A bot that is not running looks when it starts.
    const over = easyfreelance.sessions().find(({ status }) => OUTCOMES.has(status))
    await clock.forward(ms)
    await fetch(over === undefined ? returnUrl : `${returnUrl}?session=${over.id}`).catch(() => undefined)
  }

  async function stop(how: 'gently' | 'at once' = 'gently'): Promise<void> {
    bot.retire()
    if (how === 'gently') await bot.stop()
    else await bot.kill()
    await slack.stop()
    await easyfreelance.stop()
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    if (options.withoutBot !== true) await bot.start()
  } catch (error) {
    await stop('at once')
    throw error
  }
  return { slack, easyfreelance, bot, botUrl, returnUrl, databasePath, employees, managers, clock, forward, stop }
}

export function readManifest(): object {
  const manifest: unknown = parse(readFileSync(MANIFEST, 'utf8'))
  if (typeof manifest !== 'object' || manifest === null) throw new Error('manifest.yml is not a mapping')
  return manifest
}
