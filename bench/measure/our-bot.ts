import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Child, programAt, startChild } from './child.ts'
import { MANAGER, SIGNING_SECRET } from './deliveries.ts'

/** The built bot itself: as `npm start` runs it, but for its settings. */
const MAIN = new URL('../../../dist/main.js', import.meta.url).pathname

export type Upstreams = { readonly slack: Child; readonly easyfreelance: Child }

export async function startUpstreams(mode: 'pending' | 'approved' | 'hung'): Promise<Upstreams> {
  const [slack, easyfreelance] = await Promise.all([
    startChild(programAt('quick-slack')),
    startChild(programAt('quick-easyfreelance'), { env: { EASYFREELANCE_MODE: mode } }),
  ])
  return { slack, easyfreelance }
}

export const slackUrl = ({ slack }: Upstreams): string => `http://127.0.0.1:${slack.port}/api/`

export const folder = (): string => mkdtempSync(join(tmpdir(), 'verify-bench-'))
export const remove = (path: string): void => rmSync(path, { recursive: true, force: true })

export type OurBot = Child & { readonly databasePath: string }

export async function startOurBot(
  upstreams: Upstreams,
  { at, env = {}, flags = [] }: { at: string; env?: Readonly<Record<string, string>>; flags?: readonly string[] },
): Promise<OurBot> {
  const databasePath = join(at, 'verify.db')
  const child = await startChild(MAIN, { cwd: at, env: { ...settings(upstreams, databasePath), ...env }, flags })
  return { ...child, databasePath }
}

export function settings(upstreams: Upstreams, databasePath: string): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: 'xoxb-bench',
    SLACK_SIGNING_SECRET: SIGNING_SECRET,
    SLACK_API_URL: slackUrl(upstreams),
    EASYFREELANCE_API_URL: `http://127.0.0.1:${upstreams.easyfreelance.port}/api/v1`,
    EASYFREELANCE_TOKEN: 'bench-token',
    EASYFREELANCE_API_KEY: 'bench-key',
    PARTNER_RETURN_URL: 'https://verify.example.com/return',
    VERIFY_MANAGERS: MANAGER,
    LIMIT_PER_EMPLOYEE_DAY: '0',
    LIMIT_PER_MANAGER_HOUR: '0',
    LIMIT_PER_HOUR: '0',
    DATABASE_PATH: databasePath,
    PORT: '0',
    LOG_LEVEL: 'info',
  }
}
