import * as z from 'zod'
import { loadDatabasePath } from './config.ts'
import { EXIT, endedBy } from './exit-codes.ts'
import { explainVerification } from './services/ledger-words.ts'
import { keep, readOne } from './services/store/keep.ts'
import { makeLedgerReader } from './services/store/ledger-store.ts'
import { DatabaseRefusedError } from './services/store/migrate.ts'
import { openForReading } from './services/store/read-audit.ts'
import { readVerification } from './services/store/verification-rows.ts'

// The operator's command `npm run explain`, also while the bot runs. Exit codes: 0 explained, 1 no such verification, 64 wrong
// usage, 65 the database is missing or refused, 78 wrong settings (sysexits.h).

const USAGE = `Usage: npm run explain -- ID

Tells one verification from the first click to the last edit. ID is the verificationId of the log, or its beginning.`

// The sealed link is not read at all.
const FIND = `select id from verifications where substr(id, 1, length(:beginning)) = :beginning order by id limit 2`
const BY_ID = `select *, iif(link is null, null, 'sealed') as link from verifications where id = ?`

process.exitCode = run(process.argv.slice(2))

function run([beginning = '', ...more]: string[]): number {
  // Not by parseArgs: an id of ours may begin with a dash.
  if (more.length > 0 || !/^[A-Za-z0-9_-]{1,64}$/.test(beginning) || beginning === '--help') {
    console.error(USAGE)
    return EXIT.usage
  }
  try {
    const db = openForReading(loadDatabasePath(process.env))
    if (readOne(db, "select count(*) from sqlite_schema where name = 'ledger'") !== 1) {
      throw new DatabaseRefusedError(
        'The database at DATABASE_PATH has no ledger: start the bot once, so that it makes one.',
      )
    }
    const found = z.array(z.string()).parse(keep(db.prepare(FIND).pluck()).all({ beginning }))
    const id = found.find((each) => each === beginning) ?? found[0]
    if (id === undefined) {
      console.error('There is no verification with this id. It is the verificationId of the log.')
      return 1
    }
    if (found.length > 1 && id !== beginning) {
      console.error('More than one verification begins like this. Give more of the id.')
      return 1
    }
    const verification = readVerification(keep(db.prepare(BY_ID)).get(id))
    const entries = makeLedgerReader(db).of(id)
    console.log(explainVerification(verification, entries).join('\n'))
    if (entries.length === 0)
      console.log('Its ledger is gone: it was asked for before there was one, or its people were removed.')
    return 0
  } catch (error) {
    return endedBy(error, console.error)
  }
}
