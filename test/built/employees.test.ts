import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SlackStandIn } from '../../sandbox/slack/slack-options.ts'
import { startSlack } from '../../sandbox/slack/start-slack.ts'
import { readManifest } from '../../sandbox/start-sandbox.ts'
import { lockDatabase } from '../../src/services/store/database-lock.ts'
import { openStore } from '../helpers/open-store.ts'

// The built command, as `npm run employees` runs it.

const HEADER = 'slack_user_id,easyfreelance_id'
const folder = mkdtempSync(join(tmpdir(), 'verify-employees-'))
const path = (name: string) => join(folder, name)
let slack: SlackStandIn
let runs = 0
let database = ''

beforeAll(async () => {
  slack = await startSlack({ manifest: readManifest(), delivery: 'socket', people: [], channels: [] })
})
afterAll(async () => {
  await slack.stop()
  rmSync(folder, { recursive: true, force: true })
})
beforeEach(() => {
  runs += 1
  database = path(`verify-${runs}.db`)
})

function employees(
  args: string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const settings = { SLACK_BOT_TOKEN: slack.botToken, SLACK_API_URL: slack.apiUrl, DATABASE_PATH: database }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/employees.js', ...args],
      { env: { ...settings, ...env } },
      (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    )
  })
}

function file(lines: string[]): string {
  const name = path(`in-${runs}.csv`)
  writeFileSync(name, [HEADER, ...lines].join('\n'))
  return name
}

async function stored() {
  using store = openStore(database)
  const all = await store.employees.all(slack.teamId)
  return all.map(({ userId, employeeNumber, source }) => `${userId} ${employeeNumber} ${source}`)
}

describe('npm run employees', () => {
  it('shows with --dry-run what it would change, then changes it, then has nothing to change', async () => {
    const name = file(['U0OLA,4711', 'U0KARI,4712'])
    const dry = await employees(['import', name, '--dry-run'])
    expect(dry).toMatchObject({ code: 0, stderr: '' })
    expect(dry.stdout).toBe(
      'line 2: U0OLA 4711 (new)\nline 3: U0KARI 4712 (new)\n2 of 2 would change. Nothing was changed.\n',
    )
    expect(await stored()).toEqual([])
    expect((await employees(['import', name])).stdout).toContain('2 of 2 changed.')
    expect(await stored()).toEqual(['U0KARI 4712 imported', 'U0OLA 4711 imported'])
    expect((await employees(['import', name])).stdout).toBe('0 of 2 changed.\n')
  })

  it('names every bad line and changes nothing', async () => {
    const { code, stdout, stderr } = await employees(['import', file(['U0OLA,4711', 'kari,1', 'U0NILS,x'])])
    expect({ code, stdout }).toEqual({ code: 65, stdout: '' })
    expect(stderr).toMatch(/^line 3: .*\nline 4: .*\nNothing was changed\.\n$/)
    using store = openStore(database)
    await store.employees.link({ teamId: slack.teamId, userId: 'U0EVE', employeeNumber: 7, linkedBy: 'U0MARIA', at: 1 })
    const taken = await employees(['import', file(['U0OLA,4711', 'U0KARI,7'])])
    expect(taken.code).toBe(65)
    expect(taken.stderr).toContain('line 3: The number belongs to U0EVE')
    expect(await stored()).toEqual(['U0EVE 7 linked'])
  })

  it('exports to a new file that only its owner can read, and takes that back', async () => {
    await employees(['import', file(['U0OLA,4711', 'U0KARI,4712'])])
    const out = path('out.csv')
    expect(await employees(['export', out])).toMatchObject({ code: 0, stdout: '2 written.\n' })
    expect(readFileSync(out, 'utf8')).toBe(`${HEADER}\r\nU0KARI,4712\r\nU0OLA,4711\r\n`)
    expect(statSync(out).mode & 0o777).toBe(0o600)
    expect((await employees(['import', out])).stdout).toBe('0 of 2 changed.\n')
    expect((await employees(['export', out])).code).toBe(73)
  })

  it('does nothing while the bot runs', async () => {
    const lock = lockDatabase(database)
    const { code, stderr } = await employees(['import', file(['U0OLA,4711'])])
    lock.release()
    expect(code).toBe(75)
    expect(stderr).toContain('Another process is using the database')
    expect(await stored()).toEqual([])
  })

  it('says what is wrong with the database before it asks Slack', async () => {
    const withoutSlack = { SLACK_API_URL: 'http://127.0.0.1:1/api/' }
    openStore(database).db.close()
    const lock = lockDatabase(database)
    expect(await employees(['import', file(['U0OLA,4711'])], withoutSlack)).toMatchObject({ code: 75 })
    lock.release()
    writeFileSync(database, 'this is not a database, and never was one')
    const foreign = await employees(['import', file(['U0OLA,4711'])], withoutSlack)
    expect(foreign).toMatchObject({ code: 65, stderr: expect.stringContaining('not a readable SQLite database') })
    const folderAsDatabase = { ...withoutSlack, DATABASE_PATH: folder }
    const { code, stderr } = await employees(['import', file(['U0OLA,4711'])], folderAsDatabase)
    expect({ code, stderr }).toEqual({
      code: 65,
      stderr: expect.stringMatching(/^The database at DATABASE_PATH .*\n$/),
    })
  })

  it('makes no database only to export it, nor before Slack has said which workspace it is', async () => {
    const withoutSlack = { SLACK_API_URL: 'http://127.0.0.1:1/api/' }
    expect(await employees(['import', file(['U0OLA,4711'])], withoutSlack)).toMatchObject({ code: 69 })
    expect(await employees(['export', path('none.csv')])).toMatchObject({
      code: 65,
      stderr: expect.stringContaining('There is no database at DATABASE_PATH'),
    })
    expect(existsSync(database)).toBe(false)
  })

  it.each([
    [[]],
    [['import']],
    [['export', 'a', '--dry-run']],
    [['import', 'a', 'b']],
    [['import', 'a', '--force']],
    [['drop', 'a']],
  ])('shows its usage for %j', async (args) => {
    expect(await employees(args)).toMatchObject({
      code: 64,
      stderr: expect.stringContaining('Usage: npm run employees'),
    })
  })

  it('ends with a sentence when the file, the settings or Slack are not there', async () => {
    expect((await employees(['import', path('missing.csv')])).code).toBe(66)
    writeFileSync(path('latin.csv'), Buffer.from([0xff, 0xfe, 0xe6]))
    expect((await employees(['import', path('latin.csv')])).code).toBe(66)
    expect((await employees(['export', path('x.csv')], { SLACK_BOT_TOKEN: '' })).code).toBe(78)
    openStore(database).db.close()
    slack.fault({ method: 'auth.test', do: { error: 'invalid_auth' } })
    expect((await employees(['export', path('x.csv')])).code).toBe(78)
    slack.fault({ method: 'auth.test', do: { status: 500 } })
    const { code, stderr } = await employees(['export', path('x.csv')])
    expect(code).toBe(69)
    expect(stderr).not.toContain(slack.botToken)
  })
})
