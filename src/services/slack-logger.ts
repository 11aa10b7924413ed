import { type Logger, LogLevel } from '@slack/web-api'
import type { Log } from './log.ts'

/**
 * Lets Slack's libraries log through ours. At debug they print whole payloads, with people's names and what they typed,
 * of which the log keeps only the harmless part.
 */
export function slackLogger(log: Log): Logger {
  let name = 'slack'
  const pass =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (...said: unknown[]): void => {
      const error = said.find((part) => part instanceof Error)
      const first = said.find((part) => typeof part === 'string')
      log[level]('slack library said something', { library: name, said: first, error })
    }
  return {
    debug: pass('debug'),
    info: pass('info'),
    warn: pass('warn'),
    error: pass('error'),
    // One level for the whole program: the log's.
    setLevel: () => {},
    getLevel: () => slackLevel(log),
    setName: (given) => {
      // Such as `web-api:WebClient:0`.
      name = given.replaceAll(':', '.')
    },
  }
}

function slackLevel(log: Log): LogLevel {
  if (log.level === 'trace' || log.level === 'debug') return LogLevel.DEBUG
  if (log.level === 'info') return LogLevel.INFO
  return log.level === 'warn' ? LogLevel.WARN : LogLevel.ERROR
}
