import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Inserted } from '../../../src/services/store/inserted.ts'
import type { RequestLimits } from '../../../src/services/store/request-limits.ts'
import type { Requested } from '../../../src/services/verification.ts'
import { NO_LIMITS, type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const stores: OpenStore[] = []
const folders: string[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.db.close()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

let count = 0

function open(limits: Partial<RequestLimits>, path = ':memory:'): OpenStore {
  const store = openStore(path, { limits: { ...NO_LIMITS, ...limits } })
  stores.push(store)
  return store
}

function requested(news: Partial<Requested>): Requested {
  count += 1
  const id = `v${count}`
  return buildRequested({
    id,
    viewId: id,
    employeeId: `U${count}`,
    managerId: `W${count}`,
    employeeNumber: count,
    ...news,
  })
}

/** Asks at that time; what is asked for is over at once, so that only the limits stand in the way. */
async function ask(store: OpenStore, at: number, news: Partial<Requested> = {}): Promise<Inserted> {
  const verification = requested({ createdAt: at, ...news })
  const inserted = await store.verifications.insert(verification, at)
  store.db.exec(
    "update verifications set status = 'failed', reason = 'given_up', ended_at = 0 where status = 'requested'",
  )
  return inserted
}

const limited = (limit: string, until: number) => ({ is: 'limited', reached: { limit, until } })

describe.each([
  ['employee', { perEmployeeDay: 3 }, { employeeId: 'U0OLA', employeeNumber: 4711 }, 3, DAY],
  ['manager', { perManagerHour: 10 }, { managerId: 'U0MARIA' }, 10, HOUR],
  ['everybody', { perHour: 60 }, {}, 60, HOUR],
] as const)('the limit of one %s', (limit, limits, who, most, windowMs) => {
  it(`lets ${most} through and not one more, until exactly the first leaves the window`, async () => {
    const store = open(limits)
    for (let nth = 0; nth < most; nth += 1) expect((await ask(store, 1000 + nth, who)).is).toBe('inserted')
    expect(await ask(store, 1000 + most, who)).toEqual(limited(limit, 1000 + windowMs))
    expect(await ask(store, 1000 + windowMs - 1, who)).toEqual(limited(limit, 1000 + windowMs))
    expect((await ask(store, 1000 + windowMs, who)).is).toBe('inserted')
    expect(await ask(store, 1000 + windowMs, who)).toEqual(limited(limit, 1001 + windowMs))
  })

  it('keeps nobody out until the clock is where it was, when it is set back by a day', async () => {
    const store = open(limits)
    for (let nth = 0; nth < most; nth += 1) await ask(store, 2 * DAY + nth, who)
    for (let nth = 0; nth < most; nth += 1) expect((await ask(store, DAY + nth, who)).is).toBe('inserted')
    expect(await ask(store, DAY + most, who)).toEqual(limited(limit, DAY + windowMs))
  })

  it('is none when it is 0', async () => {
    const store = open({})
    for (let nth = 0; nth < most + 5; nth += 1) expect((await ask(store, 1000, who)).is).toBe('inserted')
  })

  it('is about one workspace', async () => {
    const store = open(limits)
    for (let nth = 0; nth < most; nth += 1) await ask(store, 1000, who)
    expect((await ask(store, 1000, { ...who, teamId: 'T2' })).is).toBe('inserted')
    expect((await ask(store, 1000, who)).is).toBe('limited')
  })

  it('counts what was asked for, not what was refused', async () => {
    const store = open(limits)
    for (let nth = 0; nth < most * 2; nth += 1) await ask(store, 1000, who)
    expect((await ask(store, 1000 + windowMs, who)).is).toBe('inserted')
  })

  it('is on record when it refuses', async () => {
    const store = open(limits)
    for (let nth = 0; nth <= most; nth += 1)
      await ask(store, 1000, { ...who, employeeId: 'U0OLA', employeeNumber: 4711 })
    const [latest, ...before] = await store.audit.historyOf('T0TEAM', 'U0OLA', 100)
    expect(latest).toMatchObject({
      action: 'request',
      result: 'refused',
      reason: `limit_${limit}`,
      verificationId: null,
    })
    expect(before).toHaveLength(most)
    expect(before.every(({ result }) => result === 'done')).toBe(true)
  })

  it('counts what another connection asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'verify-'))
    folders.push(folder)
    const [one, two] = [open(limits, join(folder, 'verify.db')), open(limits, join(folder, 'verify.db'))]
    let taken = 0
    for (let nth = 0; nth < most * 3; nth += 1) {
      const { is } = await ask(nth % 2 === 0 ? one : two, 1000, who)
      taken += Number(is === 'inserted')
    }
    expect(taken).toBe(most)
  })
})

describe('limits together', () => {
  it('say the time at which all of them let it through', async () => {
    const store = open({ perEmployeeDay: 1, perManagerHour: 1, perHour: 1 })
    const who = { employeeId: 'U0OLA', managerId: 'U0MARIA', employeeNumber: 4711 }
    await ask(store, 1000, who)
    expect(await ask(store, 2000, who)).toEqual(limited('employee', 1000 + DAY))
    expect(await ask(store, 2000, { managerId: 'U0MARIA' })).toMatchObject({ reached: { until: 1000 + HOUR } })
  })

  it('come after what is known already: the same submission, and one that is open', async () => {
    const store = open({ perHour: 1 })
    const first = requested({ createdAt: 1000 })
    await store.verifications.insert(first, 1000)
    expect((await store.verifications.insert(first, 1000)).is).toBe('repeated')
    const second = requested({ createdAt: 1000, employeeId: first.employeeId, employeeNumber: first.employeeNumber })
    expect((await store.verifications.insert(second, 1000)).is).toBe('already_open')
  })
})
