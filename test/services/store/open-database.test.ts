import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { DatabaseRefusedError, migrate } from '../../../src/services/store/migrate.ts'
import { openDatabase } from '../../../src/services/store/open-database.ts'

let folder: string
let path: string
const opened: Database.Database[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  path = join(folder, 'deep', 'verify.db')
})
afterEach(() => {
  for (const db of opened.splice(0)) db.close()
  rmSync(folder, { recursive: true })
})

function open(at = path): Database.Database {
  const db = openDatabase(at)
  opened.push(db)
  return db
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o777).toString(8)
}

function refusal(at = path): Error {
  try {
    open(at)
  } catch (error) {
    if (error instanceof DatabaseRefusedError) return error
    throw error
  }
  throw new Error('it was not refused')
}

const write = (db: Database.Database) =>
  db
    .prepare(
      "insert into employees (team_id, user_id, employee_number, remembered_at) values ('T', 'U', abs(random() % 1000000) + 1, 1)",
    )
    .run()

describe('the schema', () => {
  it('is what the migrations make of an empty file', async () => {
    const db = open(':memory:')
    const dump = db
      .prepare(
        "select sql from sqlite_schema where sql is not null and name not like 'sqlite%' order by type desc, name",
      )
      .pluck()
      .all()
    await expect(`${dump.join(';\n\n')};\n`).toMatchFileSnapshot('schema.sql')
  })

  it('is strict in every table', () => {
    const db = open(':memory:')
    const tables = db
      .prepare("select name, strict from pragma_table_list where schema = 'main' and type = 'table'")
      .all()
    const own = tables.filter((table) => !String(Object(table).name).startsWith('sqlite_'))
    expect(own.length).toBeGreaterThan(0)
    for (const table of own) expect(table).toMatchObject({ strict: 1 })
  })

  it('is left alone when it is there already', () => {
    write(open())
    expect(open().prepare('select count(*) from employees').pluck().get()).toBe(1)
  })
})

describe('a database', () => {
  it('is readable by its owner only, with everything beside it', () => {
    write(open())
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect([file, modeOf(file)]).toEqual([file, '600'])
    expect(modeOf(join(folder, 'deep'))).toBe('700')
  })

  it('becomes so when it was open to others', () => {
    open().close()
    chmodSync(path, 0o644)
    write(open())
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect([file, modeOf(file)]).toEqual([file, '600'])
  })

  it('keeps what it is told: the disk is waited for, also after the first write', () => {
    for (let opening = 1; opening <= 2; opening += 1) {
      const db = open()
      write(db.exec('delete from employees'))
      expect(db.pragma('synchronous', { simple: true })).toBe(2)
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
      expect(db.pragma('secure_delete', { simple: true })).toBe(1)
      expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
      expect(db.pragma('busy_timeout', { simple: true })).toBe(5000)
      db.close()
    }
  })

  it('takes two megabytes of memory for what it has read, however much that was', () => {
    expect(open().pragma('cache_size', { simple: true })).toBe(-2000)
  })

  it('opens though a row breaks a rule of its table, for whoever reads that row has to look anyway', () => {
    const db = open()
    write(db)
    db.exec('pragma ignore_check_constraints = on; update employees set employee_number = 0')
    expect(open().prepare('select employee_number from employees').pluck().all()).toEqual([0])
  })

  it('takes nothing that its schema forbids', () => {
    const forbidden = "insert into employees (team_id, user_id, employee_number, remembered_at) values ('T', 'U', 0, 1)"
    for (let opening = 1; opening <= 2; opening += 1) {
      expect(() => open().prepare(forbidden).run()).toThrow(/CHECK constraint failed/)
    }
  })

  it('opens again when the process was killed right after it was made', () => {
    open().close()
    rmSync(path)
    const killed = new Database(path)
    migrate(killed)
    killed.close()
    write(open())
  })

  it('opens again when the process was killed before anything was in it', () => {
    open().close()
    writeFileSync(path, '')
    write(open())
  })
})

describe('it is refused', () => {
  it('when a newer build used it, naming both versions', () => {
    const db = open()
    const version = Number(db.pragma('user_version', { simple: true }))
    db.pragma(`user_version = ${version + 7}`)
    db.close()
    const { message } = refusal()
    expect(message).toContain(`schema version ${version + 7}`)
    expect(message).toContain(`this build knows ${version}`)
  })

  it('when it is another program’s, which stays as it is', () => {
    const path = join(folder, 'notes.db')
    const other = new Database(path)
    other.exec('create table notes (id)')
    other.close()
    const before = readFileSync(path)
    expect(refusal(path).message).toContain("another program's database")
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })

  it('when it is marked as another program’s, though empty', () => {
    const path = join(folder, 'marked.db')
    const other = new Database(path)
    other.pragma('application_id = 7')
    other.close()
    expect(refusal(path).message).toContain("another program's database")
  })

  it.for([
    ['a page in it is damaged', (size: number) => ({ from: size - 4096, bytes: Buffer.alloc(4096, 0xff) })],
    ['its first pages are damaged', () => ({ from: 4096, bytes: Buffer.alloc(8192, 0xff) })],
    ['its end is missing', (size: number) => ({ from: size - 8192, bytes: null })],
  ] as const)('when %s, and stays as it is', ([, spoil]) => {
    write(open())
    for (const db of opened.splice(0)) db.close()
    const whole = readFileSync(path)
    const { from, bytes } = spoil(whole.length)
    const spoilt = bytes === null ? whole.subarray(0, from) : Buffer.concat([whole.subarray(0, from), bytes])
    writeFileSync(path, spoilt)
    expect(refusal().message).toContain('is damaged. Keep the file for whoever can mend it, and restore a backup.')
    expect(readFileSync(path).equals(spoilt)).toBe(true)
  })

  it('when it is no database at all, which stays as it is', () => {
    const path = join(folder, 'letter.txt')
    writeFileSync(path, 'Dear Ola,\n'.repeat(500))
    expect(refusal(path).message).toContain('not a readable SQLite database')
    expect(readFileSync(path, 'utf8')).toMatch(/^Dear Ola/)
  })
})
