import { mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { DatabaseTroubleError, makeDatabaseHealth } from '../../../src/services/store/database-health.ts'
import { openDatabase } from '../../../src/services/store/open-database.ts'
import { makeRecordingLog } from '../../helpers/recording-log.ts'

let clock: number
let calls: string[]

beforeEach(() => {
  clock = 1_000_000
  calls = []
})

function open(path = ':memory:') {
  const db = openDatabase(path)
  onTestFinished(() => void db.close())
  const { log, said } = makeRecordingLog()
  const health = makeDatabaseHealth(db, { path, now: () => clock, log })
  const insert = db.prepare(
    "insert into employees (team_id, user_id, employee_number, remembered_at) values ('T', ?, ?, 1)",
  )
  const store = health.watch(
    {
      add: async (userId: string, number: number) => {
        calls.push('add')
        return insert.run(userId, number).changes
      },
      claim: async () => {
        calls.push('claim')
        return 7
      },
      lose: async () => {
        throw new Database.SqliteError('malformed', 'SQLITE_CORRUPT')
      },
      mistake: async () => {
        throw new TypeError('ours')
      },
    },
    ['claim'],
  )
  return { db, health, store, said }
}

/** SQLite refuses every write, as on a disk it may not write to. */
const refuse = (db: Database.Database) => db.exec('pragma query_only = on')
const allow = (db: Database.Database) => db.exec('pragma query_only = off')

describe('a database that is well', () => {
  it('is used as if nobody watched', async () => {
    const { health, store } = open()
    expect(await store.add('U1', 1)).toBe(1)
    expect(await store.claim()).toBe(7)
    expect(health.isWell()).toBe(true)
  })

  it('stays well when a mistake or a lost race is not its fault', async () => {
    const { health, store } = open()
    await store.add('U1', 1)
    await expect(store.add('U1', 1)).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_CONSTRAINT/) })
    await expect(store.mistake()).rejects.toThrow(TypeError)
    expect(health.isWell()).toBe(true)
  })
})

describe('a database that refuses', () => {
  it('is in trouble with the first refusal, and says so once', async () => {
    const { db, health, store, said } = open()
    refuse(db)
    for (const _ of [1, 2]) await expect(store.add('U1', 1)).rejects.toBeInstanceOf(DatabaseTroubleError)
    expect(health.isWell()).toBe(false)
    expect(said('the database does not take what it is told')).toHaveLength(1)
  })

  it('is given nothing of what is held back, and everything else', async () => {
    const { db, store } = open()
    refuse(db)
    await store.add('U1', 1).catch(() => {})
    await expect(store.claim()).rejects.toBeInstanceOf(DatabaseTroubleError)
    await store.add('U1', 1).catch(() => {})
    expect(calls).toEqual(['add', 'add'])
  })

  it('is tried again after a second, and not before; then everything goes on', async () => {
    const { db, health, store } = open()
    refuse(db)
    await store.add('U1', 1).catch(() => {})
    allow(db)
    clock += 999
    expect(health.isWell()).toBe(false)
    clock += 1
    expect(health.isWell()).toBe(true)
    expect(await store.claim()).toBe(7)
  })

  it('is tried again when the clock was set back', async () => {
    const { db, health, store } = open()
    refuse(db)
    await store.add('U1', 1).catch(() => {})
    allow(db)
    clock -= 3_600_000
    expect(health.isWell()).toBe(true)
  })

  it('is found out by looking, though nothing was written for a while', () => {
    const { db, health } = open()
    refuse(db)
    expect(health.look()).toBe(true)
    clock += 10_000
    expect(health.look()).toBe(false)
    allow(db)
    clock += 1000
    expect(health.look()).toBe(true)
  })
})

describe('a database whose content makes no sense', () => {
  it('is not used again by this process', async () => {
    const { health, store } = open()
    await expect(store.lose()).rejects.toBeInstanceOf(DatabaseTroubleError)
    clock += 3_600_000
    expect(health.isWell()).toBe(false)
    await expect(store.add('U1', 1)).rejects.toBeInstanceOf(DatabaseTroubleError)
    expect(calls).toEqual([])
  })
})

describe('a database file', () => {
  it.for(['', '-wal'])('whose "%s" part is another one now takes nothing, until it is back', async (end) => {
    const folder = mkdtempSync(join(tmpdir(), 'verify-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const path = join(folder, 'verify.db')
    const { health, store } = open(path)
    renameSync(path + end, `${path}.away`)
    await expect(store.add('U1', 1)).rejects.toBeInstanceOf(DatabaseTroubleError)
    expect(health.isWell()).toBe(false)
    expect(calls).toEqual([])
    renameSync(`${path}.away`, path + end)
    clock += 1000
    expect(health.isWell()).toBe(true)
    expect(await store.add('U1', 1)).toBe(1)
  })
})
