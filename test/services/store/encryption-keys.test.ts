import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database } from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyRefusedError, readKeys } from '../../../src/services/store/encryption-keys.ts'
import { openDatabase } from '../../../src/services/store/open-database.ts'
import { openSeal } from '../../../src/services/store/open-seal.ts'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { makeLinks } from '../../../src/services/store/sealed-links.ts'
import { openStore } from '../../helpers/open-store.ts'
import { makeRecordingLog } from '../../helpers/recording-log.ts'
import { buildRequested, buildSession, buildWaiting, LINK } from '../../views/build-verification.ts'

const newKey = () => randomBytes(32).toString('base64')

describe('keys are read', () => {
  it('from base64 of 32 bytes, in both alphabets, with commas between', () => {
    for (let round = 0; round < 50; round += 1) {
      const [one, two] = [randomBytes(32), randomBytes(32)]
      const written = `${one.toString('base64')} , ${two.toString('base64url')},`
      expect(readKeys(written)?.map((key) => key.export())).toEqual([one, two])
    }
  })

  it('from nothing else', () => {
    const bad = [
      '',
      ',',
      'secret',
      randomBytes(31).toString('base64'),
      randomBytes(33).toString('base64'),
      randomBytes(32).toString('hex'),
      Buffer.alloc(32).toString('base64'),
      Buffer.alloc(32, 'abc').toString('base64'),
      `${newKey()}!`,
      `!${newKey()}`,
      `${newKey()}=`,
      newKey().replace(/^./, ' '),
      `${newKey()},secret`,
      `${newKey()} ${newKey()}`,
    ]
    for (const value of bad) expect([value, readKeys(value)]).toEqual([value, null])
  })
})

let folder: string
let path: string
let opened: Database[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-keys-'))
  path = join(folder, 'verify.db')
  opened = []
})
afterEach(() => {
  for (const db of opened) db.close()
  rmSync(folder, { recursive: true })
})

/** Opens the database as the bot does. */
function boot(encryptionKey = '') {
  const first = openDatabase(path)
  opened.push(first)
  const { log, lines } = makeRecordingLog()
  const { seal } = openSeal(first, { databasePath: path, encryptionKeys: readKeys(encryptionKey) ?? [], log })
  first.close()
  const { db, verifications: store } = openStore(path)
  opened.push(db)
  return { db, store, lines, links: makeLinks(seal) }
}

async function bootWithLink(encryptionKey = ''): Promise<void> {
  const { store, db, links } = boot(encryptionKey)
  await store.insert(buildRequested({ revision: 1 }), 0)
  const session = buildSession({ link: links.seal(LINK, buildRequested().id) })
  await store.save(buildWaiting({ revision: 2, session }), 1, AT_REST, 0)
  db.close()
}

async function linkAfter(encryptionKey = ''): Promise<string | null> {
  const { store, links } = boot(encryptionKey)
  const found = await store.get(buildRequested().id)
  return found?.status === 'waiting' ? links.open(found.session.link, found.id) : null
}

function refusal(encryptionKey = ''): string {
  try {
    boot(encryptionKey)
  } catch (error) {
    if (error instanceof KeyRefusedError) return error.message
    throw error
  }
  return expect.unreachable()
}

describe('the key file', () => {
  it('is made on the first start, for its owner only, and named in the log, which shows no key', () => {
    const { lines } = boot()
    expect((statSync(`${path}.key`).mode & 0o777).toString(8)).toBe('600')
    const key = readFileSync(`${path}.key`, 'utf8').trim()
    expect(readKeys(key)).toHaveLength(1)
    expect(lines).toMatchObject([{ level: 'warn', keyFile: `${path}.key` }])
    expect(JSON.stringify(lines)).not.toContain(key)
  })

  it('opens what it sealed at every later start, and is not made again', async () => {
    await bootWithLink()
    const before = readFileSync(`${path}.key`)
    expect(await linkAfter()).toBe(LINK)
    expect(readFileSync(`${path}.key`)).toEqual(before)
  })

  it.each([0o640, 0o604, 0o660, 0o644, 0o610, 0o601, 0o777])('is refused with mode %i', (mode) => {
    boot()
    chmodSync(`${path}.key`, mode)
    expect(refusal()).toContain(`chmod 600 '${path}.key'`)
  })

  it('is refused when it holds something else, and left as it is', () => {
    for (const content of ['', 'not a key', randomBytes(16).toString('base64')]) {
      writeFileSync(`${path}.key`, content, { mode: 0o600 })
      expect(refusal()).toContain('holds no key')
      expect(readFileSync(`${path}.key`, 'utf8')).toBe(content)
    }
  })

  it('is neither made nor read when ENCRYPTION_KEY is given', () => {
    boot(newKey())
    expect(existsSync(`${path}.key`)).toBe(false)
  })
})

describe('a database with sealed links', () => {
  it('is refused without its key, naming the remedy and no key, and no new key is made', async () => {
    const [key, other] = [newKey(), newKey()]
    await bootWithLink(key)
    expect(refusal()).toContain('Add the old key to ENCRYPTION_KEY, after a comma, or restore the key file')
    expect(existsSync(`${path}.key`)).toBe(false)
    const message = refusal(other)
    expect(message).toContain('Add the old key to ENCRYPTION_KEY, after a comma')
    for (const secret of [key, other, LINK]) expect(message).not.toContain(secret)
    expect(await linkAfter(key)).toBe(LINK)
  })

  it('goes over to a new key at boot, after which the old one may leave', async () => {
    const [old, next] = [newKey(), newKey()]
    await bootWithLink(old)
    const { lines, db } = boot(`${next},${old}`)
    expect(lines).toMatchObject([{ count: 1 }])
    db.close()
    expect(await linkAfter(next)).toBe(LINK)
    expect(refusal(old)).toContain('not given')
  })

  it('goes over from a key file to ENCRYPTION_KEY with the content of that file behind a comma', async () => {
    await bootWithLink()
    const next = newKey()
    expect(await linkAfter(`${next},${readFileSync(`${path}.key`, 'utf8')}`)).toBe(LINK)
    expect(await linkAfter(next)).toBe(LINK)
  })

  it('does without its key when no link waits in it', async () => {
    boot(newKey()).db.close()
    expect(await linkAfter(newKey())).toBe(null)
  })
})
