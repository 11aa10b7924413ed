import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { type BotProcess, makeBotProcess } from './bot-process.ts'
import { type EasyFreelanceStandIn, startEasyFreelance } from './easyfreelance/start-easyfreelance.ts'
import { freePort } from './free-port.ts'
import { CHANNELS, EMPLOYEES, PEOPLE } from './seed.ts'
import type { SlackStandIn } from './slack/slack-options.ts'
import { startSlack } from './slack/start-slack.ts'

/** Both stand-ins, and the real built bot between them. All on loopback, all gone at the end. */
export type Sandbox = {
  readonly slack: SlackStandIn
  readonly easyfreelance: EasyFreelanceStandIn
  readonly bot: BotProcess
  /** Where the bot's own pages are. */
  readonly botUrl: string
  stop(): Promise<void>
}

export type SandboxOptions = {
  readonly transport?: 'socket' | 'http'
  readonly port?: number
  readonly requestsPerMinute?: number
  readonly logLevel?: string
  /** Hears every line the bot logs. */
  readonly onLine?: (line: string) => void
}

const MANIFEST = new URL('../manifest.yml', import.meta.url)

export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const { transport = 'socket', requestsPerMinute = 600, logLevel = 'info', onLine } = options
  const port = options.port ?? (await freePort())
  const botUrl = `http://127.0.0.1:${port}`
  const returnUrl = `${botUrl}/return`
  const slack = await startSlack({
    manifest: readManifest(),
    delivery: transport === 'socket' ? 'socket' : { url: `${botUrl}/slack/events` },
    people: PEOPLE,
    channels: CHANNELS,
  })
  const easyfreelance = await startEasyFreelance({ employees: EMPLOYEES, approvedReturnUrls: [returnUrl] })
  const folder = mkdtempSync(join(tmpdir(), 'verify-for-slack-'))
  const bot = makeBotProcess({
    cwd: folder,
    ...(onLine === undefined ? {} : { onLine }),
    settings: {
      SLACK_BOT_TOKEN: slack.botToken,
      ...(transport === 'socket' ? { SLACK_APP_TOKEN: slack.appToken } : { SLACK_SIGNING_SECRET: slack.signingSecret }),
      SLACK_API_URL: slack.apiUrl,
      EASYFREELANCE_API_URL: easyfreelance.apiUrl,
      EASYFREELANCE_TOKEN: easyfreelance.token,
      EASYFREELANCE_API_KEY: easyfreelance.apiKey,
      EASYFREELANCE_REQUESTS_PER_MINUTE: String(requestsPerMinute),
      PARTNER_RETURN_URL: returnUrl,
      VERIFY_MANAGERS: 'admins,U0PETTER',
      DATABASE_PATH: join(folder, 'verify.db'),
      PORT: String(port),
      LOG_LEVEL: logLevel,
    },
  })

  async function stop(): Promise<void> {
    await bot.stop()
    await slack.stop()
    await easyfreelance.stop()
    rmSync(folder, { recursive: true, force: true })
  }

  try {
    await bot.start()
  } catch (error) {
    await stop()
    throw error
  }
  return { slack, easyfreelance, bot, botUrl, stop }
}

export function readManifest(): object {
  const manifest: unknown = parse(readFileSync(MANIFEST, 'utf8'))
  if (typeof manifest !== 'object' || manifest === null) throw new Error('manifest.yml is not a mapping')
  return manifest
}
