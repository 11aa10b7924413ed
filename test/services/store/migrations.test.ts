import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { damageIn } from '../../../src/services/store/check-database.ts'
import { DatabaseRefusedError, schemaVersions } from '../../../src/services/store/migrate.ts'
import { openDatabase } from '../../../src/services/store/open-database.ts'
import { checkAudit } from '../../../src/services/store/read-audit.ts'
import { upgradeBackupsOf } from '../../../src/services/store/upgrade-backup.ts'
import { buildProgram } from '../../helpers/build-program.ts'
import { eachInPairs, leftByKills, runKilled } from '../../helpers/killed.ts'
import { LINKS } from '../../helpers/links.ts'
import { OLD_VERSIONS, writeOldDatabase } from '../../helpers/old-databases.ts'
import { openStore } from '../../helpers/open-store.ts'

const UPGRADE = buildProgram(
  'upgrade',
  "import { openDatabase } from './src/services/store/open-database.ts'; openDatabase(process.argv[2]).close()",
)

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-migrations-'))
  path = join(folder, 'verify.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const latest = ((): number => {
  const db = new Database(':memory:')
  const versions = schemaVersions(db)
  db.close()
  return versions.latest
})()

type Rows = Readonly<Record<string, readonly unknown[]>>

function read<T>(at: string, look: (db: Database.Database) => T): T {
  const db = new Database(at, { readonly: true })
  try {
    return look(db)
  } finally {
    db.close()
  }
}

const versionOf = (at: string) => read(at, (db) => Number(db.pragma('user_version', { simple: true })))
const schemaOf = (at: string) => read(at, (db) => db.prepare('select name, sql from sqlite_schema order by name').all())

const columnsOf = (db: Database.Database, table: string) =>
  db.prepare('select name from pragma_table_info(?)').pluck().all(table).map(String)

/** What a later version has no use for: how late a verification is follows from its pace. */
const GONE = new Set(['verifications.late_at'])

/** Every row, but for what is gone, in the columns that it had in `like`. */
function rowsOf(at: string, like: Rows | null = null): Rows {
  return read(at, (db) => {
    const tables = like === null ? null : Object.keys(like)
    const all = db.prepare("select name from sqlite_schema where type = 'table' order by name").pluck().all()
    return Object.fromEntries(
      (tables ?? all.map(String)).map((table) => {
        const [first] = like?.[table] ?? []
        const columns = (first === undefined ? columnsOf(db, table) : Object.keys(Object(first))).filter(
          (column) => !GONE.has(`${table}.${column}`),
        )
        return [table, db.prepare(`select ${columns.join(', ')} from ${table}`).all()]
      }),
    )
  })
}

it('a database of every version up to this one is kept', () => {
  expect(OLD_VERSIONS).toEqual(Array.from({ length: latest }, (_, index) => index + 1))
})

describe.each(OLD_VERSIONS)('a database of schema version %i', (version) => {
  beforeEach(() => writeOldDatabase(version, path))

  it('is upgraded with every row, and its links, messages and audit can be read', async () => {
    const before = rowsOf(path)
    using store = openStore(path)
    expect(versionOf(path)).toBe(latest)
    expect(damageIn(store.db)).toEqual([])
    expect(rowsOf(path, before)).toEqual(before)
    expect(checkAudit(store.db).problems).toEqual([])
    const ids = store.db.prepare('select id from verifications').pluck().all().map(String)
    const all = await Promise.all(ids.map((id) => store.verifications.get(id)))
    expect(new Set(all.map((verification) => verification?.status))).toEqual(
      new Set(['requested', 'starting', 'waiting', 'parked', 'settled', 'failed']),
    )
    const links = all.flatMap((verification) =>
      verification?.status === 'waiting' ? [LINKS.open(verification.session.link, verification.id)] : [],
    )
    expect(links).toEqual(['https://app.easyfreelance.no/verification/bouncer/9b1f-2-link'])
    const messages = (await Promise.all(ids.map((id) => store.messages.of(id)))).flat()
    expect(new Set(messages.map(({ state }) => state))).toEqual(
      new Set(['none', 'sending', 'unknown', 'sent', 'undeliverable']),
    )
  })
})

describe.each(OLD_VERSIONS.filter((version) => version < latest))('an upgrade from version %i', (version) => {
  beforeEach(() => writeOldDatabase(version, path))

  it('begins with a backup, for its owner only, of all that was there', () => {
    const before = { rows: rowsOf(path), schema: schemaOf(path) }
    let told: string | undefined
    openDatabase(path, { onUpgrade: (file) => (told = file) }).close()
    const [backup = ''] = upgradeBackupsOf(path)
    expect(told).toBe(backup)
    expect(backup).toMatch(new RegExp(`/verify\\.db\\.schema-${version}-\\d{8}T\\d{9}Z\\.bak$`))
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect({ rows: rowsOf(backup), schema: schemaOf(backup) }).toEqual(before)
    const sum = createHash('sha256').update(readFileSync(backup)).digest('hex')
    expect(readFileSync(`${backup}.sha256`, 'utf8')).toContain(sum)
  })
})

describe('an upgrade', () => {
  it('leaves nothing beside a new database, or one that is up to date', () => {
    openDatabase(path).close()
    openDatabase(path).close()
    expect(readdirSync(folder)).toEqual(['verify.db'])
  })

  it('keeps the last three backups', () => {
    const stamps = ['20260101T000000000Z', '20260102T000000000Z', '20260103T000000000Z', '20260104T000000000Z']
    for (const stamp of stamps) writeOldDatabase(1, `${path}.schema-1-${stamp}.bak`)
    writeOldDatabase(1, path)
    openDatabase(path).close()
    const kept = upgradeBackupsOf(path)
    expect(kept).toHaveLength(3)
    expect(kept.slice(1).map((file) => file.slice(-23, -4))).toEqual(
      ['-20260104T000000000Z', '-20260103T000000000Z'].map((end) => end.slice(-19)),
    )
  })

  it('does not happen when there can be no backup', () => {
    // The backup's name is longer than a file's name may be.
    const long = join(folder, `${'x'.repeat(230)}.db`)
    writeOldDatabase(1, long)
    expect(() => openDatabase(long)).toThrow(/no backup could be made before. Nothing was changed. .*\(ENAMETOOLONG\)/)
    expect(versionOf(long)).toBe(1)
  })

  it('does not happen when the database is damaged', () => {
    writeOldDatabase(1, path)
    const db = new Database(path)
    db.exec('pragma foreign_keys = off')
    db.exec('delete from verifications where id = (select verification_id from messages limit 1)')
    db.close()
    expect(() => openDatabase(path)).toThrow(DatabaseRefusedError)
    expect(() => openDatabase(path)).toThrow(
      /no backup could be made before. Nothing was changed. .*rows that refer to nothing/,
    )
    expect(versionOf(path)).toBe(1)
    expect(upgradeBackupsOf(path)).toEqual([])
  })

  it('is refused the other way round, with both versions named and no backup', () => {
    openDatabase(path).close()
    const newer = new Database(path)
    newer.exec(`pragma user_version = ${latest + 3}`)
    newer.close()
    expect(() => openDatabase(path)).toThrow(`schema version ${latest + 3}, this build knows ${latest}`)
    expect(upgradeBackupsOf(path)).toEqual([])
  })
})

/** Every version there is something to upgrade from; 0: there is no database yet. */
const UPGRADED = [0, ...OLD_VERSIONS.filter((version) => version < latest)]

function prepare(version: number, at: string): void {
  if (version > 0) writeOldDatabase(version, at)
}

/** Judges what a process left that was cut off in an upgrade: the old database or the new one, which the next start goes on with. */
function makeJudge(version: number): (left: string, at: number) => void {
  const old = join(folder, 'old.db')
  const fresh = join(folder, 'fresh.db')
  for (const file of [old, fresh]) prepare(version, file)
  openDatabase(fresh).close()
  const before = version === 0 ? null : rowsOf(old)
  const schemas = new Map([
    ...(version === 0 ? [] : [[version, schemaOf(old)] as const]),
    [latest, schemaOf(fresh)] as const,
  ])
  return (left, at) => {
    if (existsSync(left) && statSync(left).size > 0) {
      const found = versionOf(left)
      expect([at, [version, latest].includes(found)]).toEqual([at, true])
      if (schemas.has(found)) expect(schemaOf(left)).toEqual(schemas.get(found))
      if (before !== null) expect(rowsOf(left, before)).toEqual(before)
    }
    for (const backup of upgradeBackupsOf(left)) expect(rowsOf(backup)).toEqual(before)
    const db = openDatabase(left)
    expect(damageIn(db)).toEqual([])
    db.close()
    expect(versionOf(left)).toBe(latest)
    if (before !== null) expect(rowsOf(left, before)).toEqual(before)
  }
}

/*
 * A kill leaves the files as they are at that moment, and what is in memory is gone: so a copy of them, made right before an
 * effect, is what a kill there leaves. That takes one process for a version instead of one for each effect. Real kills follow:
 * on the longest way, which runs every statement of every migration since the first version, right before each effect that
 * changes a file; on the others, which run the last of the same statements, where the new version takes the place of the old.
 */
describe('killed right before any of its effects, an upgrade', () => {
  it.each(UPGRADED)('from version %i has happened or has not, and then does', async (version) => {
    const judge = makeJudge(version)
    const [home, copies] = [join(folder, 'home'), join(folder, 'copies')]
    mkdirSync(home)
    prepare(version, join(home, 'verify.db'))
    const all = await leftByKills([UPGRADE, join(home, 'verify.db')], { home, copies })
    const found = all.map(({ folder: copy, last }) => {
      const left = join(copy, 'verify.db')
      const version = existsSync(left) && statSync(left).size > 0 ? versionOf(left) : 0
      judge(left, last)
      return { version, last }
    })
    expect(found.at(-1)?.last).toBeGreaterThan(20)
    // First the old one, then the new one, and nothing else.
    const versions = found.map((each) => each.version)
    expect(new Set(versions)).toEqual(new Set([version, latest]))
    expect(versions).toEqual(versions.toSorted((one, other) => one - other))

    const lastOld = found.findLast((each) => each.version === version)?.last ?? 0
    const kills = version === 1 ? found.map(({ last }) => last) : [lastOld, lastOld + 1]
    await eachInPairs(kills, async (at) => {
      const file = join(folder, `${at}.db`)
      prepare(version, file)
      const { signal } = await runKilled([UPGRADE, file], at)
      expect(signal).toBe('SIGKILL')
      judge(file, at)
    })
  })
})
