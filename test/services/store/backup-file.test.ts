import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BackupRefusedError, checksumFileOf, readBackup, writeBackup } from '../../../src/services/store/backup-file.ts'
import { damageIn } from '../../../src/services/store/check-database.ts'
import { openReadOnly } from '../../../src/services/store/open-read-only.ts'
import { buildProgram } from '../../helpers/build-program.ts'
import { eachInPairs, effectsOf, runKilled } from '../../helpers/killed.ts'
import { OLD_VERSIONS, writeOldDatabase } from '../../helpers/old-databases.ts'
import { openStore } from '../../helpers/open-store.ts'

// A process that moves a number from one row to the other for ever, in single transactions: their sum never changes.
const WRITER = buildProgram(
  'writer',
  `
  import { openDatabase } from './src/services/store/open-database.ts'
  const db = openDatabase(process.argv[2])
  const move = db.prepare('update employees set employee_number = employee_number + case user_id when ? then 1 else -1 end')
  const many = db.prepare("insert or replace into employees (team_id, user_id, employee_number, remembered_at) values ('T2', ?, ?, 1)")
  process.stdout.write('writing')
  for (let n = 0; ; n += 1) db.transaction(() => { move.run(n % 2 ? 'U1' : 'U2'); many.run('X' + (n % 5000), 1000000 + n % 5000) })()`,
)

const NEWEST = Math.max(...OLD_VERSIONS)

let folder: string
let path: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-backup-'))
  path = join(folder, 'verify.db')
  file = join(folder, 'copy.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function refusal(attempt: () => void): BackupRefusedError {
  try {
    attempt()
  } catch (error) {
    if (error instanceof BackupRefusedError) return error
    throw error
  }
  throw new Error('it was not refused')
}

/** Makes a backup of the database at `path`, as the command does. */
function backUp(to = file): void {
  const db = openReadOnly(path)
  try {
    writeBackup(db, to)
  } finally {
    db.close()
  }
}

const contents = (at: string) => {
  const db = new Database(at, { readonly: true })
  const tables = ['verifications', 'messages', 'employees', 'audit']
  const rows = tables.map((table) =>
    db.prepare(`select rowid, * from ${table === 'employees' ? '(select 0 as rowid, * from employees)' : table}`).all(),
  )
  const version = db.pragma('user_version', { simple: true })
  db.close()
  return { rows, version }
}

describe('a backup', () => {
  it('holds every row, in its order, in one file for its owner only', () => {
    writeOldDatabase(NEWEST, path)
    backUp()
    expect(contents(file)).toEqual(contents(path))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(checksumFileOf(file)).mode & 0o777).toBe(0o600)
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual(['copy.db', 'copy.db.sha256'])
  })

  it('holds what stands in the write-ahead log only', async () => {
    using store = openStore(path)
    await store.audit.record({ teamId: 'T1', actorId: 'U1', action: 'command', subjectId: null, result: 'done' })
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0)
    backUp()
    expect(contents(file)).toEqual(contents(path))
  })

  it('is one moment of the database, while another process writes to it all the time', async () => {
    using store = openStore(path)
    const employee = store.db.prepare(
      "insert into employees (team_id, user_id, employee_number, remembered_at) values ('T', ?, ?, 1)",
    )
    employee.run('U1', 50_000)
    employee.run('U2', 70_000)
    store.db.exec('drop index employees_number')
    const writer = spawn(process.execPath, [WRITER, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(writer.stdout, 'data')
      const moments = new Set<unknown>()
      for (let time = 1; time <= 8; time += 1) {
        backUp(`${file}${time}`)
        const copy = new Database(`${file}${time}`, { readonly: true })
        expect(damageIn(copy)).toEqual([])
        const [one, other] = copy
          .prepare("select employee_number from employees where team_id = 'T' order by user_id")
          .pluck()
          .all()
          .map(Number)
        expect((one ?? 0) + (other ?? 0)).toBe(120_000)
        moments.add(
          copy.prepare("select count(*) + sum(employee_number) from employees where team_id = 'T2'").pluck().get(),
        )
        copy.close()
      }
      expect(moments.size).toBeGreaterThan(1)
    } finally {
      writer.kill('SIGKILL')
      await once(writer, 'close')
    }
  })

  it('never takes the place of a file', () => {
    writeOldDatabase(NEWEST, path)
    writeFileSync(file, 'mine')
    expect(refusal(() => backUp()).kind).toBe('there_already')
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(existsSync(checksumFileOf(file))).toBe(false)
  })

  it('is not made of a damaged database, nor where nothing can be written, and leaves nothing then', () => {
    writeOldDatabase(NEWEST, path)
    expect(refusal(() => backUp(join(folder, 'nowhere', 'copy.db')))).toMatchObject({ kind: 'not_written' })
    const db = new Database(path)
    db.exec('pragma foreign_keys = off')
    db.exec('delete from verifications')
    db.close()
    expect(refusal(() => backUp())).toMatchObject({
      kind: 'unsound',
      message: expect.stringContaining('rows that refer to nothing'),
    })
    expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([])
  })

  it('killed at any point there is none, or a whole one; and the next one is made', async () => {
    writeOldDatabase(NEWEST, path)
    const env = { DATABASE_PATH: path }
    const most = await effectsOf(['dist/backup.js', file], env)
    expect(most).toBeGreaterThan(10)
    const wholeAt: number[] = []
    await eachInPairs(
      Array.from({ length: most }, (_, index) => index + 1),
      async (at) => {
        const to = join(folder, `${at}.db`)
        expect((await runKilled(['dist/backup.js', to], at, env)).signal).toBe('SIGKILL')
        if (existsSync(to)) {
          wholeAt.push(at)
          readBackup(to, `${to}.read`, { checksum: true })
          expect(contents(`${to}.read`)).toEqual(contents(path))
          rmSync(to)
        }
        backUp(to)
        expect(contents(to)).toEqual(contents(path))
        expect(readdirSync(folder).filter((name) => name.startsWith(`${at}.db.part`))).toEqual([])
      },
    )
    expect(wholeAt.length).toBeGreaterThan(0)
    expect(wholeAt.length).toBeLessThan(most / 2)
  })
})

describe('reading a backup', () => {
  it('finds any byte that is another', () => {
    writeOldDatabase(NEWEST, path)
    backUp()
    const bytes = readFileSync(file)
    for (let time = 0; time < 100; time += 1) {
      const changed = Buffer.from(bytes)
      const place = Math.floor((time / 100) * bytes.length)
      changed[place] = (changed[place] ?? 0) ^ (1 << (time % 8))
      writeFileSync(file, changed)
      expect(refusal(() => readBackup(file, `${path}.${time}`, { checksum: true })).message).toContain(
        'its checksum differs',
      )
    }
    for (const length of [0, 1, bytes.length - 1]) {
      writeFileSync(file, bytes.subarray(0, length))
      expect(refusal(() => readBackup(file, `${path}.short${length}`, { checksum: true })).kind).toBe('unsound')
    }
  })

  it('wants its checksum, unless told that there is none', () => {
    writeOldDatabase(NEWEST, path)
    backUp()
    rmSync(checksumFileOf(file))
    expect(refusal(() => readBackup(file, `${path}.a`, { checksum: true })).message).toContain('--no-checksum')
    readBackup(file, `${path}.b`, { checksum: false })
    expect(contents(`${path}.b`)).toEqual(contents(path))
    expect(refusal(() => readBackup(`${file}x`, `${path}.c`, { checksum: true })).kind).toBe('missing')
  })
})
