import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Sandbox } from '../start-sandbox.ts'
import { checkIntegrity, readRows } from './look-inside.ts'
import type { Player } from './people.ts'
import { verdict } from './verdict.ts'

const AUDIT = fileURLToPath(new URL('../../dist/audit.js', import.meta.url))

/**
 * What is not answered in time: the line was bad, the process was dead, the machine is busy, or the clock was moved on between a
 * press and its answer. Time is not judged here.
 */
const ABOUT_TIME = /\((no_ack|late_ack|response_url_expired)\)/

/** Everything that is wrong once a trial is over and the bot has stopped, in words. */
export function gather(
  { slack, easyfreelance, bot, databasePath }: Sandbox,
  players: readonly Player[],
  { perMinute }: { perMinute: number },
): string[] {
  const objections = [
    ...slack.violations.map(({ kind, detail }) => `Slack would object (${kind}): ${detail}`),
    ...easyfreelance.violations.map((violation) => `EasyFreelance would object: ${violation}`),
  ]
  return [
    ...checkIntegrity(databasePath).map((line) => `integrity at the end: ${line}`),
    ...verdict({
      rows: readRows(databasePath),
      accepted: players.flatMap(({ accepted }) => accepted),
      sessions: easyfreelance.sessions(),
      messages: slack.messages(),
      calls: easyfreelance.calls,
      perMinute,
      log: bot.log,
    }),
    ...checkAudit(databasePath),
    ...objections.filter((objection) => !ABOUT_TIME.test(objection)),
  ]
}

function checkAudit(databasePath: string): string[] {
  const { status, stderr } = spawnSync(process.execPath, [AUDIT, 'check'], {
    env: { DATABASE_PATH: databasePath },
    encoding: 'utf8',
  })
  return status === 0 ? [] : [`audit: ${stderr}`]
}
