import { loadStoreConfig } from './config.ts'
import { EXIT, endedBy, exitCodeOf } from './exit-codes.ts'
import { BackupRefusedError } from './services/store/backup-file.ts'
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
    return EXIT.usage
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
  const until =
    asOf === 0
      ? 'The backup is empty: nothing had been asked for when it was made. If you expected more in it, restore another one before you start the bot.'
      : `It knows what happened until ${new Date(asOf).toISOString()}.`
  return [
    `Restored. ${until}`,
    ...(aside === null
      ? []
      : [`The database before is now ${aside}. Delete it when all is well: people and sealed links are in it.`]),
    ...(forgottenSince === 0
      ? []
      : [`${whoIsBack(forgottenSince)}: run "npm run forget" for them again, before the start.`]),
    'Now start the bot. For about two minutes it only reads in Slack what happened since; then it goes on.',
  ].join('\n')
}

function whoIsBack(forgottenSince: number | null): string {
  if (forgottenSince === null) return 'If somebody was forgotten since then, they are back'
  return forgottenSince === 1
    ? 'Somebody was forgotten since then and is back'
    : `People were forgotten since then (${forgottenSince} times) and are back`
}

function explain(error: unknown): number {
  const exitCode = error instanceof BackupRefusedError ? codeOfBackup(error) : exitCodeOf(error)
  return endedBy(error, (message) => console.error(`${message}\nNothing was changed.`), exitCode)
}

function codeOfBackup({ kind }: BackupRefusedError): number {
  return kind === 'missing' ? EXIT.noInput : EXIT.badData
}
