import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import type { Verification } from '../../../src/services/verification.ts'
import { LINKS } from '../../helpers/links.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import {
  buildFailed,
  buildParked,
  buildRequested,
  buildSession,
  buildSettled,
  buildWaiting,
  LINK,
} from '../../views/build-verification.ts'

let folder: string
let path: string
let store: OpenStore
let revision: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-traces-'))
  path = join(folder, 'verify.db')
  store = openStore(path)
  revision = 1
  await store.verifications.insert(buildRequested({ revision }), 0)
})
afterEach(() => {
  store.db.close()
  rmSync(folder, { recursive: true })
})

async function become(next: (news: { revision: number }) => Verification): Promise<void> {
  revision += 1
  expect(await store.verifications.save(next({ revision }), revision - 1, AT_REST, 0)).toBe(true)
}

const sealedAnew = (id: string) => buildSession({ link: LINKS.seal(LINK, id) })
const sealedLink = () => String(store.db.prepare('select link from verifications').pluck().get())
const walBytes = () => statSync(`${path}-wal`).size

/** In which of the raw files a text stands. */
function filesWith(text: string): string[] {
  const files = ['', '-wal', '-shm', '-journal'].map((end) => `${path}${end}`).filter((file) => existsSync(file))
  return files.filter((file) => readFileSync(file).includes(text)).map((file) => file.slice(path.length) || 'database')
}

describe('the link', () => {
  it('never stands in any file as it is, and is read back as it was sealed', async () => {
    await become(buildWaiting)
    expect(filesWith(LINK)).toEqual([])
    expect(filesWith('canary-4f1d')).toEqual([])
    expect(filesWith(sealedLink())).toEqual(['-wal'])
    expect(await store.verifications.get(buildWaiting().id)).toMatchObject({
      session: { link: { sealed: sealedLink() } },
    })
  })

  it.each([
    ['settles', buildSettled],
    ['fails', buildFailed],
    ['is parked without its session', buildParked],
  ])('leaves every file when the verification %s, sealed or not', async (_what, over) => {
    await become(buildWaiting)
    const first = sealedLink()
    store.db.exec('pragma wal_checkpoint(passive)')
    await become(({ revision }) => buildWaiting({ revision, session: sealedAnew(buildWaiting().id) }))
    const second = sealedLink()
    expect(first).not.toBe(second)
    expect(filesWith(first)).toContain('database')
    await become(over)
    expect([first, second, LINK, 'canary-4f1d'].map(filesWith)).toEqual([[], [], [], []])
    expect(walBytes()).toBe(0)
  })

  it('leaves nothing in pages of many rows either, which secure_delete overwrites', async () => {
    const seen = new Set<string>()
    const people = Array.from({ length: 40 }, (_, nth) => ({
      id: `v-${nth}`,
      viewId: `V${nth}`,
      employeeId: `U0P${nth}`,
    }))
    for (const [nth, who] of people.entries()) {
      const one = { ...who, employeeNumber: nth + 1 }
      await store.verifications.insert(buildRequested({ ...one, revision: 1 }), 0)
      for (const next of [2, 3]) {
        await store.verifications.save(
          buildWaiting({ ...one, revision: next, session: sealedAnew(one.id) }),
          next - 1,
          AT_REST,
          0,
        )
        seen.add(String(store.db.prepare('select link from verifications where id = ?').pluck().get(one.id)))
      }
      store.db.exec('pragma wal_checkpoint(passive)')
    }
    for (const [nth, who] of people.entries()) {
      const over = buildSettled({ ...who, employeeNumber: nth + 1, revision: 4 })
      await store.verifications.save(over, 3, AT_REST, 0)
    }
    expect(seen.size).toBe(80)
    expect([...seen].flatMap((sealed) => filesWith(sealed.slice(-40)))).toEqual([])
  })

  it('costs no checkpoint while it stays, nor where there was none', async () => {
    await become(buildParked)
    expect(walBytes()).toBeGreaterThan(0)
    await become(buildWaiting)
    await become(buildWaiting)
    expect(walBytes()).toBeGreaterThan(0)
  })

  it('leaves the log after the next save when a backup was reading, which nobody waits for', async () => {
    await become(buildWaiting)
    const sealed = sealedLink()
    const backup = new Database(path, { readonly: true })
    backup.exec('begin')
    backup.prepare('select count(*) from verifications').get()
    const begun = performance.now()
    await become(buildSettled)
    expect(performance.now() - begun).toBeLessThan(1000)
    expect(filesWith(sealed)).toContain('-wal')
    backup.exec('commit')
    backup.close()
    await become(buildSettled)
    expect(filesWith(sealed)).toEqual([])
    expect(store.db.pragma('busy_timeout', { simple: true })).toBe(5000)
  })
})
