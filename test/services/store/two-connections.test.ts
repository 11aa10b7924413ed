import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

let folder: string
let one: OpenStore
let two: OpenStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  const path = join(folder, 'verify.db')
  one = openStore(path)
  two = openStore(path)
})
afterEach(() => {
  one.db.close()
  two.db.close()
  rmSync(folder, { recursive: true })
})

describe('two connections on one file', () => {
  it('add one of two verifications for the same employee, and say to the other which', async () => {
    const first = buildRequested({ id: 'first', viewId: 'V1' })
    const second = buildRequested({ id: 'second', viewId: 'V2' })
    const answers = await Promise.all([one.verifications.insert(first, 0), two.verifications.insert(second, 0)])
    expect(answers).toEqual([
      { is: 'inserted', verification: first },
      { is: 'already_open', verification: first },
    ])
    expect(await two.verifications.get('second')).toBeNull()
    expect(await one.messages.of('first')).toHaveLength(1)
  })

  it('add one submission once', async () => {
    const first = buildRequested({ id: 'first' })
    const again = buildRequested({ id: 'again' })
    const answers = await Promise.all([one.verifications.insert(first, 0), two.verifications.insert(again, 0)])
    expect(answers.map(({ is }) => is)).toEqual(['inserted', 'repeated'])
    expect(answers[1]).toMatchObject({ verification: first })
  })

  it('let one of two changes from the same revision win', async () => {
    const first = buildRequested()
    await one.verifications.insert(first, 0)
    const starting = transition(first, { type: 'start_begun' }, 0)
    const parked = transition(first, { type: 'poisoned' }, 0)
    const won = await Promise.all([
      one.verifications.save(starting, first.revision, AT_REST, 0),
      two.verifications.save(parked, first.revision, AT_REST, 0),
    ])
    expect(won).toEqual([true, false])
    expect(await two.verifications.get(first.id)).toEqual(starting)
  })

  it('claim every row once', async () => {
    for (let row = 0; row < 20; row += 1) {
      const id = `v${row}`
      await one.verifications.insert(buildRequested({ id, viewId: id, employeeId: id, employeeNumber: row + 1 }), 0)
    }
    const claims = await Promise.all([one, two, one, two].map(({ verifications }) => verifications.claim(6, 1, 60_000)))
    const ids = claims.flat().map(({ item }) => item.id)
    expect(ids).toHaveLength(20)
    expect(new Set(ids).size).toBe(20)
  })

  it('see what the other committed after it was closed and opened again', async () => {
    const first = buildRequested()
    await one.verifications.insert(first, 0)
    one.db.close()
    two.db.close()
    one = openStore(join(folder, 'verify.db'))
    expect(await one.verifications.get(first.id)).toEqual(first)
    two = one
  })
})
