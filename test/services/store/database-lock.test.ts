import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DatabaseInUseError, lockDatabase } from '../../../src/services/store/database-lock.ts'
import { buildProgram } from '../../helpers/build-program.ts'

const HOLD = buildProgram(
  'hold',
  `
  import { lockDatabase } from './src/services/store/database-lock.ts'
  try {
    lockDatabase(process.argv[2])
    // What nobody refers to is gone now; the lock must not be.
    globalThis.gc()
    process.stdout.write('held')
    process.stdin.resume()
  } catch (error) {
    process.stdout.write(error.name)
    process.exitCode = 75
  }`,
)

let folder: string
let path: string
const children: ChildProcess[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-lock-'))
  path = join(folder, 'verify.db')
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

function start(database = path) {
  const child = spawn(process.execPath, ['--expose-gc', HOLD, database], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  children.push(child)
  return child
}

/** A process that has the lock, ready to be ended. */
async function holder(database = path) {
  const child = start(database)
  const [said] = await once(child.stdout, 'data')
  expect(String(said)).toBe('held')
  return child
}

/** What a process that tries now says and how it ends. */
async function attempt(database = path) {
  const child = start(database)
  child.stdin.end()
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return { said, code }
}

const REFUSED = { said: 'DatabaseInUseError', code: 75 }
const TAKEN = { said: 'held', code: 0 }

describe('one process has the database', () => {
  test('a second process is refused while the first lives', async () => {
    await holder()
    expect(await attempt()).toEqual(REFUSED)
    expect(await attempt()).toEqual(REFUSED)
    expect(() => lockDatabase(path)).toThrow(DatabaseInUseError)
  })

  test('of many that start together exactly one gets it', async () => {
    const rivals = Array.from({ length: 4 }, () => start())
    const said = await Promise.all(rivals.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])))
    expect(said.toSorted()).toEqual(['DatabaseInUseError', 'DatabaseInUseError', 'DatabaseInUseError', 'held'])
  })

  test('a second call in the same process is refused, and costs the first nothing', async () => {
    const lock = lockDatabase(path)
    expect(() => lockDatabase(path)).toThrow(DatabaseInUseError)
    expect(await attempt()).toEqual(REFUSED)
    lock.release()
  })

  test('the refusal names the database and the way out', () => {
    const lock = lockDatabase(path)
    expect(() => lockDatabase(path)).toThrow(new RegExp(`${path}[^]*DATABASE_PATH`))
    lock.release()
  })

  test('a link to the database or to its folder is the same database', async () => {
    writeFileSync(path, '')
    const linked = join(folder, 'linked.db')
    const linkedFolder = `${folder}-linked`
    symlinkSync(path, linked)
    symlinkSync(folder, linkedFolder)
    const lock = lockDatabase(path)
    expect(await attempt(linked)).toEqual(REFUSED)
    expect(await attempt(join(linkedFolder, 'verify.db'))).toEqual(REFUSED)
    lock.release()
    rmSync(linkedFolder)
  })

  test('another database is free', async () => {
    const lock = lockDatabase(path)
    expect(await attempt(join(folder, 'other.db'))).toEqual(TAKEN)
    lock.release()
  })
})

describe('the lock ends', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('with its process, by %s, and leaves nothing stale', async (signal) => {
    for (let round = 0; round < 3; round += 1) {
      const child = await holder()
      child.kill(signal)
      await once(child, 'exit')
      const lock = lockDatabase(path)
      lock.release()
    }
    expect(readdirSync(folder)).toEqual(['verify.db.lock'])
  })

  test('when released', async () => {
    lockDatabase(path).release()
    expect(await attempt()).toEqual(TAKEN)
    const again = lockDatabase(path)
    expect(await attempt()).toEqual(REFUSED)
    again.release()
  })
})

describe('the file', () => {
  test('is its owner’s alone, also when it was there before', () => {
    writeFileSync(`${path}.lock`, '', { mode: 0o644 })
    const lock = lockDatabase(path)
    expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600)
    lock.release()
    rmSync(`${path}.lock`)
    lockDatabase(path).release()
    expect(statSync(`${path}.lock`).mode & 0o777).toBe(0o600)
  })

  test('gets its folder made, and the database is not touched', () => {
    const deep = join(folder, 'a', 'b', 'verify.db')
    lockDatabase(deep).release()
    expect(existsSync(`${deep}.lock`)).toBe(true)
    expect(existsSync(deep)).toBe(false)
  })

  test('that can’t be a lock is an error of its own, not a database in use', () => {
    mkdirSync(`${path}.lock`)
    expect(() => lockDatabase(path)).toThrow()
    expect(() => lockDatabase(path)).not.toThrow(DatabaseInUseError)
  })
})
