import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeConfirmations } from '../../src/services/confirmations.ts'
import { makeEmailLookup } from '../../src/services/email-lookup.ts'
import { makeEmployees } from '../../src/services/employees.ts'
import { makePartner } from '../../src/services/partner.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { openBench } from './easyfreelance-bench.ts'

const ORDER = { teamId: 'T1', managerId: 'U0MARIA', employeeId: 'U0OLA' }

let bench: Awaited<ReturnType<typeof openBench>>
let store: OpenStore
let recording: ReturnType<typeof makeRecordingLog>
let email: string | null
let confirmations: ReturnType<typeof makeConfirmations>
let lookup: ReturnType<typeof makeEmailLookup>

beforeEach(async () => {
  bench = await openBench()
  store = openStore()
  recording = makeRecordingLog()
  email = 'ola.nordmann@example.com'
  let time = 1_000_000
  const { log } = recording
  const now = () => time
  const budget = makeRequestBudget({ perMinute: 60, now })
  time += 60_000
  const partner = makePartner({ easyfreelance: bench.client, budget, now, log })
  const people = { email: async () => email }
  confirmations = makeConfirmations({ partner, people, audit: store.audit, now })
  const employees = makeEmployees({ store: store.employees, now, log })
  lookup = makeEmailLookup({ partner, people, employees, confirmations, audit: store.audit })
})
afterEach(async () => {
  store.db.close()
  await bench.close()
})

const known = () => store.employees.of('T1', 'U0OLA')
/** Oldest first. */
const onRecord = async () =>
  (await store.audit.historyOf('T1', 'U0OLA', 9))
    .map(({ action, result, reason }) => `${action} ${result} ${reason}`)
    .reverse()

describe('looking somebody up by e-mail', () => {
  it('links their account and puts the number into the table', async () => {
    expect(await lookup.find(ORDER)).toEqual({ is: 'found', employeeNumber: 4711 })
    expect(await known()).toMatchObject({ employeeNumber: 4711, source: 'email', linkedBy: 'U0MARIA' })
    expect(await onRecord()).toEqual(['lookup done asked', 'lookup done found'])
  })

  it('needs no second question to say who it is', async () => {
    await lookup.find(ORDER)
    expect(await confirmations.confirm({ ...ORDER, employeeNumber: 4711 })).toMatchObject({
      is: 'found',
      email: 'same',
    })
    expect(bench.upstream.calls.map(({ method }) => method)).toEqual(['POST'])
  })

  it('is on record before EasyFreelance hears of it', async () => {
    let before: string[] = []
    bench.upstream.fault({
      route: 'link',
      do: {
        rewrite: (reply) => {
          const rows = store.db.prepare('select action, reason from audit').raw().all()
          before = rows.map((row) => String(row))
          return reply
        },
      },
    })
    await lookup.find(ORDER)
    expect(before).toEqual(['lookup,asked'])
  })

  it('is one call when it is asked for twice at once', async () => {
    const [one, other] = await Promise.all([lookup.find(ORDER), lookup.find({ ...ORDER, managerId: 'U0PETTER' })])
    expect(one).toEqual(other)
    expect(bench.upstream.calls).toHaveLength(1)
  })

  it('asks nobody without a confirmed address', async () => {
    email = null
    expect(await lookup.find(ORDER)).toEqual({ is: 'no_email' })
    expect(bench.upstream.calls).toEqual([])
    expect(await onRecord()).toEqual(['lookup refused no_email'])
  })

  it.each([
    [{ status: 422 }, 'invalid'],
    [{ status: 403 }, 'not_allowed'],
    [{ status: 401 }, 'unauthorised'],
    [{ status: 429 }, 'rate_limited'],
  ] as const)('links nothing when it is refused: %j', async (how, because) => {
    bench.upstream.fault({ route: 'link', do: how })
    expect(await lookup.find(ORDER)).toEqual({ is: 'refused', because })
    expect(await known()).toBeNull()
    expect(await onRecord()).toEqual(['lookup done asked', `lookup refused ${because}`])
  })

  it.each([
    [{ status: 500, done: true }, 'server_error'],
    ['lose', 'connection_lost'],
    [{ garbage: 'html' }, 'unreadable'],
  ] as const)('says that it is not known, and can be repeated, after %j', async (how, because) => {
    email = 'new@example.com'
    bench.upstream.fault({ route: 'link', do: how })
    expect(await lookup.find(ORDER)).toEqual({ is: 'unknown' })
    expect(await known()).toBeNull()
    expect(await onRecord()).toEqual(['lookup done asked', `lookup unsure ${because}`])
    expect(await lookup.find(ORDER)).toEqual({ is: 'found', employeeNumber: 4800 })
  })

  it('links nothing when the number stands for somebody else', async () => {
    await store.employees.link({ teamId: 'T1', userId: 'U0KARI', employeeNumber: 4711, linkedBy: 'U0MARIA', at: 0 })
    expect(await lookup.find(ORDER)).toEqual({ is: 'number_taken', employeeNumber: 4711, userId: 'U0KARI' })
    expect(await known()).toBeNull()
    expect(confirmations.known('U0OLA', 4711)).toBeNull()
  })

  it('leaves a link that somebody made meanwhile', async () => {
    await store.employees.link({ ...ORDER, userId: 'U0OLA', employeeNumber: 4712, linkedBy: 'U0MARIA', at: 0 })
    expect(await lookup.find(ORDER)).toEqual({ is: 'linked_meanwhile' })
    expect(await known()).toMatchObject({ employeeNumber: 4712, source: 'linked' })
  })

  it('leaves no address or name in the log or the database', async () => {
    await lookup.find(ORDER)
    expect(JSON.stringify(recording.lines)).not.toMatch(/nordmann|example|canary/i)
    const tables = store.db.prepare("select name from sqlite_schema where type = 'table'").pluck().all()
    const rows = tables.map((table) => store.db.prepare(`select * from ${String(table)}`).all())
    expect(JSON.stringify(rows)).not.toMatch(/nordmann|example|canary/i)
  })
})
