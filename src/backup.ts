import { statSync } from 'node:fs'
import { loadDatabasePath } from './config.ts'
import { EXIT, endedBy, exitCodeOf } from './exit-codes.ts'
import { BackupRefusedError, checksumFileOf, writeBackup } from './services/store/backup-file.ts'
import { openReadOnly } from './services/store/open-read-only.ts'

// The operator's command `npm run backup -- FILE`, also while the bot runs. Exit codes: 0 done, 64 wrong usage, 65 the
// database is missing, damaged or not ours, 73 the file is there already or can't be made, 78 wrong settings (sysexits.h).

const USAGE = `Usage: npm run backup -- FILE

Copies the whole database to FILE, which must not be there yet, and what it must be like to FILE.sha256.
The bot may go on running. The encryption key is not in it: keep that too, in another place.`

process.exitCode = run(process.argv.slice(2))

function run(args: readonly string[]): number {
  const [file = '', ...more] = args
  if (file === '' || file.startsWith('-') || more.length > 0) {
    console.error(USAGE)
    return EXIT.usage
  }
  try {
    const db = openReadOnly(loadDatabasePath(process.env))
    try {
      writeBackup(db, file)
    } finally {
      db.close()
    }
    console.log(`Backed up to ${file} (${statSync(file).size} bytes); its checksum is in ${checksumFileOf(file)}.`)
    return 0
  } catch (error) {
    return explain(error)
  }
}

function explain(error: unknown): number {
  const exitCode = error instanceof BackupRefusedError ? codeOfBackup(error) : exitCodeOf(error)
  return endedBy(error, console.error, exitCode)
}

function codeOfBackup({ kind }: BackupRefusedError): number {
  return kind === 'unsound' ? EXIT.badData : EXIT.cannotCreate
}
