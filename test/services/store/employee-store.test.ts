import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Requested, Waiting } from '../../../src/services/verification.ts'
import { writeOldDatabase } from '../../helpers/old-databases.ts'
import { dueAt, type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested, buildSession, buildWaiting } from '../../views/build-verification.ts'

const TEAM = 'T1'
const AT = 1000

let store: OpenStore
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.db.close())

const link = (userId: string, employeeNumber: number, news = {}) =>
  store.employees.link({ teamId: TEAM, userId, employeeNumber, linkedBy: 'U0MARIA', at: AT, ...news })

const unlink = () => store.employees.unlink({ teamId: TEAM, userId: 'U0OLA', unlinkedBy: 'U0MARIA', at: AT })

const request = (employeeId: string, employeeNumber: number): Requested =>
  buildRequested({
    id: `v-${employeeId}`,
    viewId: `V-${employeeId}`,
    teamId: TEAM,
    employeeId,
    employeeNumber,
    revision: 1,
  })

const insert = (employeeId: string, employeeNumber: number) =>
  store.verifications.insert(request(employeeId, employeeNumber), 0)

/** A session started with this number. */
async function start(employeeId: string, employeeNumber: number): Promise<void> {
  await insert(employeeId, employeeNumber)
  const session = buildSession({ sessionId: `s-${employeeId}` })
  const { status: _status, ...base } = request(employeeId, employeeNumber)
  const waiting: Waiting = { ...buildWaiting({ session }), ...base, status: 'waiting', revision: 2 }
  expect(await store.verifications.save(waiting, 1, dueAt(0), 0)).toBe(true)
}

describe('a link', () => {
  it('is kept with who made it', async () => {
    expect(await link('U0OLA', 4711)).toEqual({ is: 'linked', before: null })
    const ola = { userId: 'U0OLA', employeeNumber: 4711, source: 'linked', linkedBy: 'U0MARIA' }
    expect(await store.employees.of(TEAM, 'U0OLA')).toEqual(ola)
    expect(await store.employees.all(TEAM)).toEqual([ola])
    expect(await store.employees.of('T2', 'U0OLA')).toBeNull()
  })

  it('can be changed by a manager, who is told what it was', async () => {
    await link('U0OLA', 4711)
    expect(await link('U0OLA', 4711)).toEqual({ is: 'unchanged' })
    expect(await link('U0OLA', 4712)).toMatchObject({ is: 'linked', before: { employeeNumber: 4711 } })
  })

  it('is refused for a number that is linked to somebody else, saying to whom', async () => {
    await link('U0OLA', 4711)
    expect(await link('U0KARI', 4711)).toEqual({ is: 'number_taken', userId: 'U0OLA' })
    expect(await store.employees.of(TEAM, 'U0KARI')).toBeNull()
    expect(await link('U0KARI', 4711, { teamId: 'T2' })).toMatchObject({ is: 'linked' })
  })

  it('is refused for a number in somebody else’s open verification', async () => {
    await insert('U0OLA', 4711)
    expect(await link('U0KARI', 4711)).toEqual({ is: 'number_taken', userId: 'U0OLA' })
    expect(await link('U0OLA', 4711)).toMatchObject({ is: 'linked' })
  })

  it('takes over from what was remembered, and is forgotten when it is unlinked', async () => {
    await start('U0OLA', 4711)
    expect(await store.employees.of(TEAM, 'U0OLA')).toMatchObject({ source: 'remembered', linkedBy: null })
    expect(await link('U0OLA', 4711)).toMatchObject({ is: 'linked', before: { source: 'remembered' } })
    expect(await unlink()).toMatchObject({ employeeNumber: 4711, source: 'linked' })
    expect(await store.employees.of(TEAM, 'U0OLA')).toBeNull()
    expect(await unlink()).toBeNull()
  })

  it('refuses a form with another number', async () => {
    await link('U0OLA', 4711)
    expect(await insert('U0OLA', 4712)).toEqual({ is: 'linked_otherwise', employeeNumber: 4711 })
    expect(await insert('U0OLA', 4711)).toMatchObject({ is: 'inserted' })
  })

  it('is not overwritten by a session that started with another number before it was made', async () => {
    await insert('U0OLA', 4712)
    await link('U0OLA', 4711)
    const { status: _status, ...base } = request('U0OLA', 4712)
    const waiting: Waiting = { ...buildWaiting(), ...base, status: 'waiting', revision: 2 }
    expect(await store.verifications.save(waiting, 1, dueAt(0), 0)).toBe(true)
    expect(await store.employees.of(TEAM, 'U0OLA')).toMatchObject({ employeeNumber: 4711, source: 'linked' })
  })
})

it('every change is on record, and who was refused too', async () => {
  await link('U0OLA', 4711)
  await link('U0OLA', 4711)
  await link('U0KARI', 4711)
  await unlink()
  await unlink()
  await store.employees.importLinks(TEAM, () => [{ userId: 'U0OLA', employeeNumber: 9 }], AT)
  const said = async (userId: string) =>
    (await store.audit.historyOf(TEAM, userId, 10)).map(({ actorId, action, result, reason, employeeNumber }) =>
      [actorId, action, result, reason, employeeNumber].join(' '),
    )
  expect(await said('U0OLA')).toEqual([' link done imported 9', 'U0MARIA unlink done  4711', 'U0MARIA link done  4711'])
  expect(await said('U0KARI')).toEqual(['U0MARIA link refused number_taken 4711'])
})

describe('an import', () => {
  it('lets two people exchange their numbers', async () => {
    await link('U0OLA', 1)
    await link('U0KARI', 2)
    const links = [
      { userId: 'U0OLA', employeeNumber: 2 },
      { userId: 'U0KARI', employeeNumber: 1 },
    ]
    expect(await store.employees.importLinks(TEAM, () => links, AT)).toBe(true)
    const now = await store.employees.all(TEAM)
    expect(now.map(({ userId, employeeNumber, source }) => [userId, employeeNumber, source])).toEqual([
      ['U0KARI', 1, 'imported'],
      ['U0OLA', 2, 'imported'],
    ])
    expect(await insert('U0OLA', 1)).toEqual({ is: 'linked_otherwise', employeeNumber: 2 })
  })

  it('is shown what is known, and does nothing when the plan gives up or breaks', async () => {
    await start('U0OLA', 4711)
    await store.employees.importLinks(
      TEAM,
      ({ known, open }) => {
        expect(known).toMatchObject([{ userId: 'U0OLA', source: 'remembered' }])
        expect(open).toEqual([{ userId: 'U0OLA', employeeNumber: 4711 }])
        return null
      },
      AT,
    )
    const clash = [
      { userId: 'U0KARI', employeeNumber: 5 },
      { userId: 'U0NILS', employeeNumber: 4711 },
    ]
    await expect(store.employees.importLinks(TEAM, () => clash, AT)).rejects.toThrow('UNIQUE')
    expect(await store.employees.all(TEAM)).toHaveLength(1)
  })
})

describe('a number that EasyFreelance named for an e-mail address', () => {
  const found = (userId: string, employeeNumber: number) =>
    store.employees.linkByEmail({ teamId: TEAM, userId, employeeNumber, linkedBy: 'U0MARIA', at: AT })
  const onRecord = async (userId: string) =>
    (await store.audit.historyOf(TEAM, userId, 9)).map(({ action, result, reason, actorId, employeeNumber }) => ({
      action,
      result,
      reason,
      actorId,
      employeeNumber,
    }))
  const entry = { action: 'lookup', actorId: 'U0MARIA', employeeNumber: 4711 }

  it('is a link, kept with who had it found, and on record', async () => {
    expect(await found('U0OLA', 4711)).toEqual({ is: 'linked', before: null })
    expect(await store.employees.of(TEAM, 'U0OLA')).toMatchObject({ source: 'email', linkedBy: 'U0MARIA' })
    expect(await onRecord('U0OLA')).toEqual([{ ...entry, result: 'done', reason: 'found' }])
    expect(await insert('U0OLA', 4712)).toEqual({ is: 'linked_otherwise', employeeNumber: 4711 })
  })

  it('takes the place of one that was only remembered', async () => {
    await start('U0OLA', 4712)
    expect(await found('U0OLA', 4711)).toMatchObject({ is: 'linked', before: { employeeNumber: 4712 } })
  })

  it('leaves a link that somebody made meanwhile, and says so on record', async () => {
    await link('U0OLA', 4712)
    expect(await found('U0OLA', 4711)).toEqual({ is: 'unchanged' })
    expect(await store.employees.of(TEAM, 'U0OLA')).toMatchObject({ employeeNumber: 4712, source: 'linked' })
    expect((await onRecord('U0OLA'))[0]).toEqual({ ...entry, result: 'refused', reason: 'linked_meanwhile' })
  })

  it('is refused when it stands for somebody else, and nothing is linked', async () => {
    await link('U0KARI', 4711)
    expect(await found('U0OLA', 4711)).toEqual({ is: 'number_taken', userId: 'U0KARI' })
    expect(await store.employees.of(TEAM, 'U0OLA')).toBeNull()
    expect(await onRecord('U0OLA')).toEqual([{ ...entry, result: 'refused', reason: 'number_taken' }])
  })

  it('can be changed and removed like any link', async () => {
    await found('U0OLA', 4711)
    expect(await link('U0OLA', 4712)).toMatchObject({ is: 'linked', before: { source: 'email' } })
    expect(await unlink()).toMatchObject({ employeeNumber: 4712 })
  })
})

it('numbers known to an older build are known to this one', () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-employees-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // Version 4 was the last to have another table of employees.
  const path = join(folder, 'verify.db')
  writeOldDatabase(4, path)
  using older = openStore(path)
  expect(
    older.db.prepare('select user_id, employee_number, remembered_at, source, linked_by from employees').raw().all(),
  ).toEqual([
    ['U0EXTRA', 4800, 1_791_187_808_000, 'imported', null],
    ['U0IDA', 4719, 1_791_187_720_000, 'remembered', null],
    ['U0KARI', 4712, 1_791_187_360_000, 'linked', 'U0PETTER'],
    ['U0OLA', 4711, 1_791_187_270_000, 'remembered', null],
  ])
})
