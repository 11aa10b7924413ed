import type { KeyObject } from 'node:crypto'
import type * as z from 'zod'
import {
  apiUrl,
  encryptionKeys,
  exactUrl,
  filePath,
  host,
  type Managers,
  managers,
  oneOf,
  origin,
  secret,
  wholeNumber,
} from './config-values.ts'
import { type ConfigProblem, type Environment, readSettings } from './read-settings.ts'
import { isLoopback } from './services/link-check.ts'
import type { RequestLimits } from './services/store/request-limits.ts'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** How the bot gets to know an employee's number: from what managers and the operator say, or also by e-mail. */
export const EMPLOYEE_LOOKUPS = ['table', 'email'] as const
export type EmployeeLookup = (typeof EMPLOYEE_LOOKUPS)[number]

/** How Slack reaches us: over a WebSocket that we open, or by signed HTTP requests to `POST /slack/events`. */
export type SlackTransport =
  | { readonly mode: 'socket'; readonly appToken: string }
  | { readonly mode: 'http'; readonly signingSecret: string }

export type PartnerConfig = {
  /** No slash at its end. */
  readonly easyfreelanceApiUrl: string
  readonly easyfreelanceToken: string
  readonly easyfreelanceApiKey: string
}

export type WorkspaceConfig = Pick<Config, 'slackBotToken' | 'slackApiUrl' | 'databasePath'>

export type Config = PartnerConfig & {
  readonly slackBotToken: string
  readonly slackTransport: SlackTransport
  /** Ends with a slash. */
  readonly slackApiUrl: string
  /** The only origin a link may have, such as `https://app.easyfreelance.no`. */
  readonly easyfreelanceLinkOrigin: string
  readonly easyfreelanceRequestsPerMinute: number
  /** Exactly as EasyFreelance approved it. */
  readonly partnerReturnUrl: string
  readonly managers: Managers
  /** `email`: a manager may have somebody found, or created, at EasyFreelance by their confirmed e-mail address. */
  readonly employeeLookup: EmployeeLookup
  readonly limits: RequestLimits
  readonly databasePath: string
  /** The first seals, all open. None: a key file beside the database is used. */
  readonly encryptionKeys: readonly KeyObject[]
  /** What is over is pseudonymised after so many days; 0: never. */
  readonly retentionDays: number
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  readonly logLevel: LogLevel
}

const PARTNER = {
  EASYFREELANCE_API_URL: apiUrl(
    'Write the address of the partner API, such as https://app.easyfreelance.no/api/v1.',
  ).default('https://app.easyfreelance.no/api/v1'),
  EASYFREELANCE_TOKEN: secret('Ask EasyFreelance for your API token and write it as it is, without "Bearer".'),
  EASYFREELANCE_API_KEY: secret('Ask EasyFreelance for your API key, a UUID.'),
}

const APP_TOKEN = 'Make an app-level token (xapp-…) with connections:write under "Basic Information" of your Slack app.'
const SIGNING_SECRET = 'Copy the signing secret from "Basic Information" of your Slack app.'

// The order is the one of the README's table and of .env.example.
const SETTINGS = {
  SLACK_BOT_TOKEN: secret('Copy the bot token (xoxb-…) from "OAuth & Permissions" of your Slack app.', 'xoxb-'),
  SLACK_APP_TOKEN: secret(APP_TOKEN, 'xapp-').optional(),
  SLACK_SIGNING_SECRET: secret(SIGNING_SECRET).optional(),
  SLACK_API_URL: apiUrl('Leave it out, unless you try the bot against a stand-in for Slack.')
    .refine((value) => isSlackOrLoopback(value), {
      error: 'is not on slack.com. Leave it out; other hosts are only for this machine.',
    })
    .transform((value) => `${value}/`)
    .default('https://slack.com/api/'),
  ...PARTNER,
  EASYFREELANCE_LINK_ORIGIN: origin(
    'Leave it out, or write scheme and host only, such as https://app.easyfreelance.no.',
  ).optional(),
  EASYFREELANCE_REQUESTS_PER_MINUTE: wholeNumber(1, 6000).default(30),
  PARTNER_RETURN_URL: exactUrl('Write the return URL exactly as EasyFreelance approved it.', 2048),
  VERIFY_MANAGERS: managers('admins'),
  EMPLOYEE_LOOKUP: oneOf(EMPLOYEE_LOOKUPS).default('table'),
  LIMIT_PER_EMPLOYEE_DAY: wholeNumber(0, 10_000).default(3),
  LIMIT_PER_MANAGER_HOUR: wholeNumber(0, 10_000).default(10),
  LIMIT_PER_HOUR: wholeNumber(0, 10_000).default(60),
  DATABASE_PATH: filePath().default('data/verify.db'),
  ENCRYPTION_KEY: encryptionKeys().optional(),
  RETENTION_DAYS: wholeNumber(0, 36_500).default(90),
  HOST: host().default('127.0.0.1'),
  PORT: wholeNumber(0, 65535).default(3000),
  LOG_LEVEL: oneOf(LOG_LEVELS).default('info'),
}

/** Every setting there is, in the order of `.env.example`. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS)

/**
 * Reads the settings. An empty value counts as not given.
 * @throws ConfigError naming everything that is wrong with them.
 */
export function loadConfig(env: Environment): Config {
  const wayIn: ConfigProblem[] =
    env.SLACK_APP_TOKEN || env.SLACK_SIGNING_SECRET
      ? []
      : [
          {
            setting: 'SLACK_APP_TOKEN',
            problem: `or SLACK_SIGNING_SECRET is missing: one is needed to hear from Slack. For Socket Mode: ${APP_TOKEN} For HTTP: ${SIGNING_SECRET}`,
          },
        ]
  const read = readSettings(SETTINGS, env, SETTING_NAMES, wayIn)
  return Object.freeze({
    slackBotToken: read.SLACK_BOT_TOKEN,
    slackTransport: transport(read.SLACK_APP_TOKEN, read.SLACK_SIGNING_SECRET),
    slackApiUrl: read.SLACK_API_URL,
    ...partner(read),
    easyfreelanceLinkOrigin: read.EASYFREELANCE_LINK_ORIGIN ?? new URL(read.EASYFREELANCE_API_URL).origin,
    easyfreelanceRequestsPerMinute: read.EASYFREELANCE_REQUESTS_PER_MINUTE,
    partnerReturnUrl: read.PARTNER_RETURN_URL,
    managers: read.VERIFY_MANAGERS,
    employeeLookup: read.EMPLOYEE_LOOKUP,
    limits: Object.freeze({
      perEmployeeDay: read.LIMIT_PER_EMPLOYEE_DAY,
      perManagerHour: read.LIMIT_PER_MANAGER_HOUR,
      perHour: read.LIMIT_PER_HOUR,
    }),
    databasePath: read.DATABASE_PATH,
    encryptionKeys: read.ENCRYPTION_KEY ?? [],
    retentionDays: read.RETENTION_DAYS,
    host: read.HOST,
    port: read.PORT,
    logLevel: read.LOG_LEVEL,
  })
}

/**
 * Reads only what a call to EasyFreelance needs.
 * @throws ConfigError naming everything that is wrong with those settings.
 */
export function loadPartnerConfig(env: Environment): PartnerConfig {
  return Object.freeze(partner(readSettings(PARTNER, env, SETTING_NAMES)))
}

/**
 * Reads only where the database is.
 * @throws ConfigError when that is not the path of a file.
 */
export function loadDatabasePath(env: Environment): string {
  return readSettings({ DATABASE_PATH: SETTINGS.DATABASE_PATH }, env, SETTING_NAMES).DATABASE_PATH
}

/**
 * Reads only what it takes to know the workspace and its database.
 * @throws ConfigError naming everything that is wrong with those settings.
 */
export function loadWorkspaceConfig(env: Environment): WorkspaceConfig {
  const { SLACK_BOT_TOKEN, SLACK_API_URL, DATABASE_PATH } = SETTINGS
  const read = readSettings({ SLACK_BOT_TOKEN, SLACK_API_URL, DATABASE_PATH }, env, SETTING_NAMES)
  return Object.freeze({
    slackBotToken: read.SLACK_BOT_TOKEN,
    slackApiUrl: read.SLACK_API_URL,
    databasePath: read.DATABASE_PATH,
  })
}

/**
 * Reads only what it takes to open the database and what is sealed in it.
 * @throws ConfigError naming everything that is wrong with those settings.
 */
export function loadStoreConfig(env: Environment): Pick<Config, 'databasePath' | 'encryptionKeys'> {
  const { DATABASE_PATH, ENCRYPTION_KEY } = SETTINGS
  const read = readSettings({ DATABASE_PATH, ENCRYPTION_KEY }, env, SETTING_NAMES)
  return Object.freeze({ databasePath: read.DATABASE_PATH, encryptionKeys: read.ENCRYPTION_KEY ?? [] })
}

function partner(read: z.output<z.ZodObject<typeof PARTNER>>): PartnerConfig {
  return {
    easyfreelanceApiUrl: read.EASYFREELANCE_API_URL,
    easyfreelanceToken: read.EASYFREELANCE_TOKEN,
    easyfreelanceApiKey: read.EASYFREELANCE_API_KEY,
  }
}

/** Socket Mode wins when both are given. */
function transport(appToken: string | undefined, signingSecret: string | undefined): SlackTransport {
  return Object.freeze(
    appToken === undefined ? { mode: 'http', signingSecret: signingSecret ?? '' } : { mode: 'socket', appToken },
  )
}

function isSlackOrLoopback(value: string): boolean {
  const { hostname, host: hostAndPort } = new URL(value)
  return hostAndPort === 'slack.com' || isLoopback(hostname)
}
