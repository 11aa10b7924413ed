import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { headFile, makeAuditHeads } from '../../src/services/store/audit-heads.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'

// The built command, as `npm run audit` runs it, beside a connection that stays open: the bot's.

const DAY = 24 * 60 * 60_000

let folder: string
let path: string
let store: OpenStore
let time: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  path = join(folder, 'verify.db')
  time = Date.UTC(2025, 11, 31, 23, 59, 59, 999)
  store = openStore(path, { now: () => time })
  for (const reason of [null, 'not_permitted', 'already_open']) {
    await store.audit.record({
      teamId: 'T1',
      actorId: 'U0MARIA',
      action: 'request',
      subjectId: 'U0OLA',
      employeeNumber: 4711,
      result: reason === null ? 'done' : 'refused',
      reason,
    })
    time += reason === null ? 1 : DAY
  }
})
afterEach(() => {
  store.db.close()
  rmSync(folder, { recursive: true })
})

type Ended = { code: number; stdout: string; stderr: string }

function audit(args: string[], env: Record<string, string> = { DATABASE_PATH: path }): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['dist/audit.js', ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
    })
  })
}

describe('npm run audit -- check', () => {
  it('says that it holds, and the head to note', async () => {
    const { code, stdout, stderr } = await audit(['check'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [, head = ''] = /^The audit holds: 3 entries\. Head: (3:[0-9a-f]{64})$/m.exec(stdout) ?? []
    expect((await audit(['check', '--head', head])).code).toBe(0)
    expect(await audit(['check', '--head', `3:${'a'.repeat(64)}`])).toMatchObject({ code: 1 })
    expect((await audit(['check', '--head', `4:${head.slice(2)}`])).stderr).toContain('cut off')
  })

  it('counts one entry as one', async () => {
    path = join(folder, 'one.db')
    const { audit: own, db } = openStore(path)
    await own.record({ teamId: 'T1', actorId: 'U0MARIA', action: 'command', subjectId: null, result: 'done' })
    db.close()
    expect((await audit(['check'])).stdout).toMatch(/^The audit holds: 1 entry\. Head: 1:/)
  })

  it('is written with dashes too', async () => {
    const { stdout } = await audit(['check'])
    expect(await audit(['--check'])).toEqual({ code: 0, stdout, stderr: '' })
    const head = /Head: (\S+)/.exec(stdout)?.[1] ?? ''
    expect((await audit(['--check', '--head', head])).code).toBe(0)
    for (const wrong of [['--check', 'export'], ['--check', '--format', 'csv'], ['--check=yes'], []]) {
      expect([wrong, (await audit(wrong)).code]).toEqual([wrong, 64])
    }
  })

  it('finds a changed row, and a cut at the end by the head beside the database', async () => {
    const heads = makeAuditHeads(store.db, { databasePath: path, log: makeRecordingLog().log })
    heads.stop()
    expect((await audit(['check'])).code).toBe(0)
    store.db.exec('drop trigger audit_keeps_rows')
    store.db.exec('delete from audit where seq = 3')
    expect(await audit(['check'])).toMatchObject({ code: 1, stderr: expect.stringContaining('cut off') })
    writeFileSync(headFile(path), 'nonsense')
    expect(await audit(['check'])).toMatchObject({ code: 1, stderr: expect.stringContaining('can not be read') })
    rmSync(headFile(path))
    expect((await audit(['check'])).stdout).toContain('No head was noted')
    store.db.exec('drop trigger audit_keeps_words')
    store.db.exec("update audit set result = 'done' where seq = 2")
    expect(await audit(['check'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Row 2 was changed.') })
  })

  it('reads while the bot is in the middle of a write', async () => {
    store.db.exec('begin immediate')
    expect((await audit(['check'])).code).toBe(0)
    store.db.exec('rollback')
  })
})

describe('npm run audit -- export', () => {
  it('writes CSV since a day, which the first moment of that day belongs to', async () => {
    const { code, stdout } = await audit(['export', '--format', 'csv', '--since', '2026-01-01'])
    const [header, ...lines] = stdout.split('\r\n')
    expect({ code, header }).toEqual({
      code: 0,
      header: 'seq,at,team_id,actor,action,subject,employee_number,verification_id,result,reason',
    })
    expect(lines).toEqual([
      '2,2026-01-01T00:00:00.000Z,T1,U0MARIA,request,U0OLA,4711,,refused,not_permitted',
      '3,2026-01-02T00:00:00.000Z,T1,U0MARIA,request,U0OLA,4711,,refused,already_open',
      '',
    ])
  })

  it('writes JSON lines, with tombstones for those who were forgotten', async () => {
    await store.audit.forget('T1', 'U0OLA')
    const { stdout } = await audit(['export', '--format', 'json'])
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(entries).toHaveLength(4)
    expect(entries[0]).toMatchObject({ actor: 'U0MARIA', subject: 'forgotten', employee_number: null })
    expect((await audit(['check'])).code).toBe(0)
  })

  it('writes every entry once, however many pages there are', async () => {
    store.db.transaction(() => {
      for (let nth = 0; nth < 2100; nth += 1) {
        void store.audit.record({ teamId: 'T1', actorId: null, action: 'settled', subjectId: 'U0OLA', result: 'done' })
      }
    })()
    const { stdout } = await audit(['export', '--format', 'json'])
    const seqs = stdout
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).seq))
    expect(seqs).toEqual(Array.from({ length: 2103 }, (_, nth) => nth + 1))
  })
})

describe('npm run audit', () => {
  it.each([
    [[]],
    [['mend']],
    [['check', 'more']],
    [['check', '--head', '3']],
    [['check', '--format', 'csv']],
    [['export']],
    [['export', '--format', 'xlsx']],
    [['export', '--format', 'csv', '--since', 'yesterday']],
    [['export', '--format', 'csv', '--since', '2026-02-30']],
    [['export', '--format', 'csv', '--until', '2026-02-20']],
  ])('shows its usage for %j', async (args) => {
    const { code, stderr } = await audit(args)
    expect(code).toBe(64)
    expect(stderr).toContain('Usage: npm run audit -- check')
  })

  it.each([
    ['65 when there is no database', 65, () => join(folder, 'none.db'), 'There is no database'],
    ['65 when there is no database of ours', 65, () => join(folder, 'other.db'), 'DATABASE_PATH'],
    ['65 when there is a folder', 65, () => folder, 'can not be read as a database'],
    ['78 when the setting is wrong', 78, () => ':memory:', 'DATABASE_PATH'],
  ])('ends with %s', async (_what, exitCode, where, words) => {
    writeFileSync(join(folder, 'other.db'), 'this is not a database, and never was one')
    const { code, stderr } = await audit(['check'], { DATABASE_PATH: where() })
    expect(code).toBe(exitCode)
    expect(stderr).toContain(words)
  })
})
