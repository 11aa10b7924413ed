import { randomBytes } from 'node:crypto'
import { WebAPIPlatformError } from '@slack/web-api'
import { makeBot } from './bot.ts'
import { loadConfig } from './config.ts'
import { EXIT, exitCodeOf } from './exit-codes.ts'
import { type Log, makeLog } from './services/log.ts'
import { SlackRefusedError } from './services/slack-sign-in.ts'
import { DatabaseTroubleError } from './services/store/database-health.ts'
import { ListenError } from './services/web-server.ts'

const USAGE = `Usage: npm start [-- --restored]

--restored: the database was put back to an earlier time without "npm run restore", which notes it by itself.`

class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Supervisors wait ten seconds between SIGTERM and SIGKILL. */
const STOP_WITHIN_MS = 9500

async function main(): Promise<void> {
  const restored = readArguments(process.argv.slice(2))
  const config = loadConfig(process.env)
  const log = makeLog({ level: config.logLevel })
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      log.fatal('unexpected: stopping', { error, exitCode: EXIT.software })
      process.exit(EXIT.software)
    })
  }
  const bot = makeBot(config, {
    log,
    now: Date.now,
    steady: () => performance.now(),
    random: Math.random,
    newId: () => randomBytes(12).toString('base64url'),
  })
  const signals = stopOnSignal(bot.stop, log)
  try {
    await bot.start({ restored })
  } catch (error) {
    if (signals.stopping()) return
    // Steps may be under way already; a start that is cut off would count as unclear.
    await bot.stop()
    throw error
  }
}

/** Whether the database was put back from a backup by somebody else than `npm run restore`, which notes it by itself. */
function readArguments(args: readonly string[]): boolean {
  const [flag, ...more] = args
  if (flag !== undefined && (flag !== '--restored' || more.length > 0)) throw new UsageError(USAGE)
  return flag !== undefined
}

function stopOnSignal(stop: () => Promise<void>, log: Log): { stopping(): boolean } {
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      log.info('stopping', { signal })
      setTimeout(() => process.exit(EXIT.software), STOP_WITHIN_MS).unref()
      stop().then(
        () => {
          log.info('stopped')
          process.exit(0)
        },
        (error: unknown) => {
          log.error('stopping went wrong', { error })
          process.exit(EXIT.software)
        },
      )
    })
  }
  return { stopping: () => stopping }
}

/** What the operator can mend, in a sentence; anything else is ours to mend and shows where it broke. */
function explain(error: unknown): { exitCode: number; message: string } {
  const exitCode = error instanceof SlackRefusedError ? EXIT.config : exitCodeOf(error)
  if (exitCode !== null && error instanceof Error) return { exitCode, message: error.message }
  if (error instanceof UsageError) return { exitCode: EXIT.usage, message: error.message }
  if (error instanceof WebAPIPlatformError) {
    const message = `Slack refuses SLACK_APP_TOKEN (${error.data.error}). Make a new app-level token with connections:write.`
    return { exitCode: EXIT.config, message }
  }
  if (error instanceof DatabaseTroubleError) {
    const message = "The database at DATABASE_PATH can't be written. Look at the disk, make room, and start again."
    return { exitCode: EXIT.badData, message }
  }
  if (error instanceof ListenError) return { exitCode: EXIT.unavailable, message: error.message }
  return { exitCode: EXIT.software, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

main().catch((error: unknown) => {
  const { exitCode, message } = explain(error)
  console.error(message)
  process.exit(exitCode)
})
