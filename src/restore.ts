import { loadStoreConfig } from './config.ts'
import { ConfigError } from './read-settings.ts'
import { BackupRefusedError } from './services/store/backup-file.ts'
import { DatabaseInUseError } from './services/store/database-lock.ts'
import { KeyRefusedError } from './services/store/encryption-keys.ts'
import { DatabaseRefusedError } from './services/store/migrate.ts'
import { type Restored, restoreDatabase } from './services/store/restore-database.ts'

// The operator's command `npm run restore -- FILE`. Exit codes: 0 done, 64 wrong usage, 65 the backup is not sound, 66 there
// is no such file, 75 the bot is running, 78 wrong settings or key (sysexits.h).

const USAGE = `Usage: npm run restore -- FILE [--no-checksum]

Puts the backup FILE in the place of the database, if it is sound in every respect. The database before is set aside.
Stop the bot first. At its next start it finds out from Slack what happened since, before it sends anything.
--no-checksum: for a file that has no FILE.sha256, such as one that another program has restored.`

process.exitCode = run(process.argv.slice(2))

function run(args: readonly string[]): number {
  const [file = '', ...more] = args.filter((argument) => argument !== '--no-checksum')
  if (file === '' || file.startsWith('-') || more.length > 0) {
    console.error(USAGE)
    return 64
  }
  try {
    const checksum = !args.includes('--no-checksum')
    console.log(describe(restoreDatabase(file, { ...loadStoreConfig(process.env), checksum, now: Date.now() })))
    return 0
  } catch (error) {
    return explain(error)
  }
}

function describe({ asOf, aside, forgottenSince }: Restored): string {
  const until = asOf === 0 ? 'It knows nothing yet.' : `It knows what happened until ${new Date(asOf).toISOString()}.`
  return [
    `Restored. ${until}`,
    ...(aside === null
      ? []
      : [`The database before is now ${aside}. Delete it when all is well: people and sealed links are in it.`]),
    ...(forgottenSince === 0
      ? []
      : [
          forgottenSince === null
            ? 'If somebody was forgotten since then, they are back: run "npm run forget" for them again, before the start.'
            : `People were forgotten since then (${forgottenSince}) and are back: run "npm run forget" for them again, before the start.`,
        ]),
    'Now start the bot. For about two minutes it only reads in Slack what happened since; then it goes on.',
  ].join('\n')
}

function explain(error: unknown): number {
  const isOurs =
    error instanceof ConfigError ||
    error instanceof KeyRefusedError ||
    error instanceof DatabaseInUseError ||
    error instanceof DatabaseRefusedError ||
    error instanceof BackupRefusedError
  if (!isOurs) throw error
  console.error(`${error.message}\nNothing was changed.`)
  if (error instanceof DatabaseInUseError) return 75
  if (error instanceof BackupRefusedError) return error.kind === 'missing' ? 66 : 65
  return error instanceof DatabaseRefusedError ? 65 : 78
}
