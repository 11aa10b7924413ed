import { loadStoreConfig } from './config.ts'
import { EXIT, endedBy } from './exit-codes.ts'
import { makeLog } from './services/log.ts'
import { type Forgotten, forgetPerson } from './services/store/forget-person.ts'
import { mustBeThere } from './services/store/open-read-only.ts'
import { openSeal } from './services/store/open-seal.ts'
import { makePseudonyms } from './services/store/pseudonyms.ts'
import { takeDatabase } from './services/store/take-database.ts'

// The operator's command `npm run forget -- U123 [--dry-run]`. Exit codes: 0 done, 64 wrong usage, 65 the database is
// missing or refused, 75 the bot is running, 78 wrong settings (sysexits.h).

const USAGE = `Usage: npm run forget -- U0123456789 [--dry-run]

Removes a person, named by their Slack user id, from everything that is kept. Stop the bot first.
With --dry-run it only counts what would be removed. What is removed can't be brought back.`

process.exitCode = run(process.argv.slice(2))

function run(args: readonly string[]): number {
  const dryRun = args.includes('--dry-run')
  const [userId = '', ...more] = args.filter((argument) => argument !== '--dry-run')
  if (!/^[UW][A-Z0-9]{2,30}$/.test(userId) || more.length > 0) {
    console.error(USAGE)
    return EXIT.usage
  }
  try {
    console.log(describe(forget(userId, dryRun), dryRun))
    return 0
  } catch (error) {
    return endedBy(error, console.error)
  }
}

function forget(userId: string, dryRun: boolean): Forgotten {
  const config = loadStoreConfig(process.env)
  // Made now, it would know nobody, and whoever looked in the wrong place would believe that somebody was forgotten.
  mustBeThere(config.databasePath)
  const { db, close } = takeDatabase(config.databasePath, {
    onUpgrade: (file) => console.error(`The database was upgraded. It was backed up before: ${file}`),
  })
  try {
    const { keys } = openSeal(db, { ...config, log: makeLog({ level: 'error' }) })
    return forgetPerson(db, { userId, pseudonyms: makePseudonyms(keys), now: Date.now(), dryRun })
  } finally {
    close()
  }
}

/** Counts only: who it was about stands in the terminal's history already, and what about them is nobody's business. */
function describe({ verifications, closed, messages, employees, audit }: Forgotten, dryRun: boolean): string {
  return [
    dryRun ? 'This would be removed or changed; nothing was:' : 'Done:',
    `- verifications that name the person: ${verifications}, of which still open and now closed: ${closed}`,
    `- messages in Slack to be edited or dropped: ${messages}`,
    `- employee numbers and links: ${employees}`,
    `- names in the audit: ${audit}`,
    ...(dryRun || messages === 0
      ? []
      : ['Start the bot again, so that it takes the name out of its messages in Slack.']),
    ...(dryRun ? [] : ['Backups still hold the person until they are replaced.']),
  ].join('\n')
}
