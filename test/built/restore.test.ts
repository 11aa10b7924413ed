import { execFile } from 'node:child_process'
import { createSecretKey } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeBackup } from '../../src/services/store/backup-file.ts'
import { damageIn } from '../../src/services/store/check-database.ts'
import { lockDatabase } from '../../src/services/store/database-lock.ts'
import { forgetPerson } from '../../src/services/store/forget-person.ts'
import { schemaVersions } from '../../src/services/store/migrate.ts'
import { openDatabase } from '../../src/services/store/open-database.ts'
import { makePseudonyms } from '../../src/services/store/pseudonyms.ts'
import { checkAudit } from '../../src/services/store/read-audit.ts'
import { restoreDatabase } from '../../src/services/store/restore-database.ts'
import { makeRestoreStore } from '../../src/services/store/restore-store.ts'
import { eachInPairs, leftByKills, runKilled } from '../helpers/killed.ts'
import { OLD_VERSIONS, writeOldDatabase } from '../helpers/old-databases.ts'
import { openStore } from '../helpers/open-store.ts'

// The built commands, as `npm run backup` and `npm run restore` run them.

/** What the kept databases are sealed with. */
const KEY_BYTES = Buffer.from(Array.from({ length: 32 }, (_, index) => index))
const OTHER_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index + 100)).toString('base64')
const NEWEST = Math.max(...OLD_VERSIONS)

let folder: string
let path: string
let file: string
let env: Record<string, string>

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-restore-'))
  path = join(folder, 'verify.db')
  file = join(folder, 'backup.db')
  env = { DATABASE_PATH: path, ENCRYPTION_KEY: KEY_BYTES.toString('base64') }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

type Ended = { code: number; said: string }

function run(command: string, args: string[], settings = env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [`dist/${command}.js`, ...args], { env: settings }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, said: stdout + stderr })
    })
  })
}
const restore = (...args: string[]) => run('restore', args)

/** A backup of a kept database, after `change`. */
function makeBackup(change: (db: Database.Database) => void = () => {}, version = NEWEST): void {
  const source = join(folder, 'source.db')
  writeOldDatabase(version, source)
  const db = new Database(source)
  change(db)
  writeBackup(db, file)
  db.close()
}

/** The database that is there, with something in it that no backup has. */
async function makeDatabase(): Promise<void> {
  writeOldDatabase(NEWEST, path)
  using store = openStore(path)
  await store.audit.record({ teamId: 'T0ACME', actorId: 'U0LATER', action: 'command', subjectId: null, result: 'done' })
}

const rows = (at: string, sql: string) => {
  const db = new Database(at, { readonly: true })
  const found = db.prepare(sql).all()
  db.close()
  return found
}
const isBefore = (at: string) => rows(at, "select 1 from audit where actor_id = 'U0LATER'").length === 1
const isRestored = (at: string) => rows(at, "select 1 from audit where action = 'restore'").length === 1

describe('a restore', () => {
  it('puts the backup in the place of the database, which is set aside with all that belongs to it', async () => {
    await makeDatabase()
    writeFileSync(`${path}.audit-head`, `9:${'0'.repeat(64)}\n`)
    makeBackup()
    const { code, said } = await restore(file)
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^Restored\. It knows what happened until 2026-10-05T08:\d\d/),
    })
    expect(readdirSync(folder).filter((name) => /\.restor|restore-ready|-wal|-shm/.test(name))).toEqual([])
    expect(isRestored(path)).toBe(true)
    expect(isBefore(path)).toBe(false)
    const [aside = ''] = readdirSync(folder).filter((name) => name.startsWith('verify.db.before-restore-'))
    expect(said).toContain(aside)
    expect(isBefore(join(folder, aside))).toBe(true)
    expect(existsSync(`${path}.audit-head`)).toBe(false)
    expect(readdirSync(folder).some((name) => name.startsWith('verify.db.audit-head.before-restore-'))).toBe(true)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(said).not.toContain('forgotten')
  })

  it('works where there is none yet, and takes a backup without a checksum when told to', async () => {
    makeBackup()
    rmSync(`${file}.sha256`)
    expect(await restore(file)).toMatchObject({ code: 65, said: expect.stringContaining('--no-checksum') })
    expect(existsSync(path)).toBe(false)
    expect(await restore(file, '--no-checksum')).toMatchObject({
      code: 0,
      said: expect.not.stringContaining('before-restore'),
    })
    expect(isRestored(path)).toBe(true)
  })

  it('says plainly that a backup is empty, and what to do', async () => {
    const db = openDatabase(join(folder, 'empty.db'))
    writeBackup(db, file)
    db.close()
    expect(await restore(file)).toMatchObject({
      code: 0,
      said: expect.stringMatching(
        /^Restored\. The backup is empty: .* restore another one before you start the bot\.\n/,
      ),
    })
  })

  it('follows a link to the database, which stays a link', async () => {
    await makeDatabase()
    const link = join(folder, 'link.db')
    symlinkSync(path, link)
    makeBackup()
    expect(await run('restore', [file], { ...env, DATABASE_PATH: link })).toMatchObject({ code: 0 })
    expect(isRestored(path)).toBe(true)
  })

  it.each(OLD_VERSIONS)(
    'upgrades a backup of schema version %i, and leaves the backup itself as it was',
    async (version) => {
      makeBackup(() => {}, version)
      const bytes = readFileSync(file)
      expect(await restore(file)).toMatchObject({ code: 0 })
      const db = new Database(path)
      const { current, latest } = schemaVersions(db)
      expect(current).toBe(latest)
      expect(damageIn(db)).toEqual([])
      expect(checkAudit(db).problems).toEqual([])
      expect(makeRestoreStore(db).pending()?.asOf).toBeGreaterThan(Date.UTC(2026, 9, 5))
      db.close()
      expect(readFileSync(file).equals(bytes)).toBe(true)
    },
  )

  it('says how many were forgotten since, who are back now', async () => {
    await makeDatabase()
    const db = openDatabase(path)
    writeBackup(db, file)
    const pseudonyms = makePseudonyms([createSecretKey(KEY_BYTES)])
    forgetPerson(db, { userId: 'U0KARI', pseudonyms, now: 1, dryRun: false })
    db.close()
    const { code, said } = await restore(file)
    expect({ code, said }).toMatchObject({
      code: 0,
      said: expect.stringContaining('Somebody was forgotten since then and is back: run "npm run forget"'),
    })
    expect(rows(path, "select 1 from verifications where employee_id = 'U0KARI'")).toHaveLength(1)
  })

  it('is on record: the audit holds, and its check says what is not in it', async () => {
    await makeDatabase()
    makeBackup()
    await restore(file)
    const { code, said } = await run('audit', ['check'])
    const seq = Number(Object(rows(path, "select seq from audit where action = 'restore'")[0]).seq)
    expect(code).toBe(0)
    expect(said).toContain(`Entry ${seq}: a backup was restored at `)
    expect(said).toContain(`What had been recorded after entry ${seq - 1} until then is not here`)
    const missed = await run('audit', ['check', '--head', `${seq}:${'0'.repeat(64)}`])
    expect(missed).toMatchObject({ code: 1, said: expect.stringContaining(`Entry ${seq}: a backup was restored`) })
  })
})

describe('what is not sound is refused, and nothing changes:', () => {
  const cases: [what: string, code: number, says: RegExp, spoil: () => void | Promise<void>][] = [
    [
      'a changed byte',
      65,
      /its checksum differs/,
      () => {
        makeBackup()
        const bytes = readFileSync(file)
        bytes[5000] = (bytes[5000] ?? 0) ^ 1
        writeFileSync(file, bytes)
      },
    ],
    [
      'a file that is cut short',
      65,
      /its checksum differs/,
      () => {
        makeBackup()
        writeFileSync(file, readFileSync(file).subarray(0, 9000))
      },
    ],
    [
      'a file that is no database',
      65,
      /not a backup/,
      () => {
        writeFileSync(file, 'Dear Ola,\n'.repeat(1000))
        rmSync(`${file}.sha256`, { force: true })
      },
    ],
    [
      "another program's database",
      65,
      /not a backup/,
      () => {
        const db = new Database(file)
        db.exec('create table notes (id)')
        db.close()
      },
    ],
    [
      'a newer schema',
      65,
      /^The backup has schema version 99, this build knows \d+\. It was used by a newer build/,
      () => {
        makeBackup((db) => db.exec('pragma user_version = 99'))
      },
    ],
    [
      'rows that refer to nothing',
      65,
      /The backup is damaged \(rows that refer to nothing: \d+\)/,
      () => {
        writeOldDatabase(NEWEST, file)
        const db = new Database(file)
        db.exec('pragma foreign_keys = off; delete from verifications')
        db.close()
      },
    ],
    [
      'a damaged index',
      65,
      /The backup is damaged \(/,
      () => {
        writeOldDatabase(NEWEST, file)
        const db = new Database(file)
        db.unsafeMode()
        db.exec("pragma writable_schema = on; delete from sqlite_schema where name = 'messages_due'")
        db.close()
      },
    ],
    [
      'links of another key',
      78,
      /The backup holds \d links? sealed with an encryption key that is not given/,
      () => {
        makeBackup()
        env.ENCRYPTION_KEY = OTHER_KEY
      },
    ],
    [
      'links without any key',
      78,
      /sealed with an encryption key that is not given/,
      () => {
        makeBackup()
        delete env.ENCRYPTION_KEY
      },
    ],
    ['a file that is not there', 66, /There is no file/, () => {}],
    ['a folder', 66, /is not a file/, () => mkdirSync(file)],
    [
      'a folder that has a checksum',
      66,
      /is not a file/,
      () => {
        mkdirSync(file)
        writeFileSync(`${file}.sha256`, `${'0'.repeat(64)}  backup\n`)
      },
    ],
    [
      "a checksum that can't be read",
      65,
      /\.sha256, which says what the backup must be like, is missing or can not be read/,
      () => {
        makeBackup()
        rmSync(`${file}.sha256`)
        mkdirSync(`${file}.sha256`)
      },
    ],
  ]
  it.each(cases)('%s', async (_, code, says, spoil) => {
    await makeDatabase()
    await spoil()
    const before = { bytes: readFileSync(path), names: readdirSync(folder).filter((name) => name.startsWith('verify')) }
    const ended = await restore(file, ...(existsSync(`${file}.sha256`) ? [] : ['--no-checksum']))
    expect(ended).toMatchObject({ code, said: expect.stringMatching(says) })
    expect(ended.said).toContain('Nothing was changed.')
    expect(readFileSync(path).equals(before.bytes)).toBe(true)
    const after = readdirSync(folder).filter((name) => name.startsWith('verify') && name !== 'verify.db.lock')
    expect(after).toEqual(before.names)
  })

  it('any backup, where there can be no database', async () => {
    makeBackup()
    const below = join(file, 'verify.db')
    const { code, said } = await run('restore', [file], { ...env, DATABASE_PATH: below })
    expect({ code, said }).toEqual({
      code: 65,
      said: 'The database at DATABASE_PATH lies below something that is no folder. Choose another path.\nNothing was changed.\n',
    })
  })

  it('any backup, while the bot runs', async () => {
    await makeDatabase()
    makeBackup()
    const lock = lockDatabase(path)
    expect(await restore(file)).toMatchObject({ code: 75, said: expect.stringContaining('Another process') })
    lock.release()
    expect(isBefore(path)).toBe(true)
  })

  it('a command that is not understood', async () => {
    for (const args of [[], ['--no-checksum'], [file, file], ['--force', file]]) {
      expect(await restore(...args)).toMatchObject({ code: 64, said: expect.stringContaining('Usage') })
    }
    for (const args of [[], [file, file], ['--force']]) {
      expect(await run('backup', args)).toMatchObject({ code: 64, said: expect.stringContaining('Usage') })
    }
  })
})

/** Somebody has used the database since the backup. */
async function prepare(at: string): Promise<void> {
  mkdirSync(dirname(at))
  writeOldDatabase(NEWEST, at)
  using store = openStore(at)
  await store.audit.record({ teamId: 'T0ACME', actorId: 'U0LATER', action: 'command', subjectId: null, result: 'done' })
}

type Again = (database: string) => void | Promise<void>

/** Judges what a process left that was cut off in a restore; what is not restored then is restored `again`. */
async function judge(database: string, at: number, again: Again): Promise<'before' | 'restored' | 'refused'> {
  const stands = standsAfterKill(database, at)
  if (isRestored(database)) return stands
  await again(database)
  expect([at, isRestored(database)]).toEqual([at, true])
  const asides = readdirSync(dirname(database)).filter((name) => /before-restore-\w+$/.test(name))
  expect(asides.some((name) => isBefore(join(dirname(database), name)))).toBe(true)
  return stands
}

function standsAfterKill(database: string, at: number): 'before' | 'restored' | 'refused' {
  try {
    const db = openDatabase(database)
    expect(damageIn(db)).toEqual([])
    db.close()
    expect([at, isBefore(database)]).toEqual([at, !isRestored(database)])
    return isBefore(database) ? 'before' : 'restored'
  } catch (error) {
    expect([at, String(error)]).toEqual([at, expect.stringContaining('Run "npm run restore -- FILE" again')])
    return 'refused'
  }
}

// As for migrations (services/store/migrations.test.ts): copies of the files for every effect, then real kills.
describe('killed right before any of its effects', () => {
  it('the database is the one before or the restored one, whole, or a start is refused until it is done again', async () => {
    makeBackup()
    const [home, copies] = [join(folder, 'home'), join(folder, 'copies')]
    const settings = { ...env, DATABASE_PATH: join(home, 'verify.db') }
    await prepare(settings.DATABASE_PATH)
    const all = await leftByKills(['dist/restore.js', file], { home, copies, env: settings })
    expect(all.at(-1)?.last).toBeGreaterThan(40)
    const seen = { before: 0, restored: 0, refused: 0 }
    let lastBefore = 0
    for (const left of all) {
      const stands = await judge(join(left.folder, 'verify.db'), left.last, (databasePath) => {
        const encryptionKeys = [createSecretKey(KEY_BYTES)]
        restoreDatabase(file, { databasePath, encryptionKeys, checksum: true, now: Date.now() })
      })
      seen[stands] += left.last - left.first + 1
      if (stands === 'before') lastBefore = left.last
    }
    expect(seen.before).toBeGreaterThan(10)
    expect(seen.restored).toBeGreaterThan(0)
    expect(seen.refused).toBeGreaterThan(0)

    // From the last that leaves the database before.
    const kills = all.map(({ last }) => last).filter((at) => at >= lastBefore)
    const killed = new Set<string>()
    await eachInPairs(kills, async (at) => {
      const database = join(folder, String(at), 'verify.db')
      await prepare(database)
      const own = { ...env, DATABASE_PATH: database }
      expect((await runKilled(['dist/restore.js', file], at, own)).signal).toBe('SIGKILL')
      const stands = await judge(database, at, async () => {
        expect(await run('restore', [file], own)).toMatchObject({ code: 0 })
      })
      killed.add(stands)
    })
    expect([...killed].sort()).toEqual(['before', 'refused', 'restored'])
  })
})
