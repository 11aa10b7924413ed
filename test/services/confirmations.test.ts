import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PRIVATE_FIELDS } from '../../sandbox/easyfreelance/partner-answers.ts'
import type { AuditEntry } from '../../src/services/audit.ts'
import { makeConfirmations } from '../../src/services/confirmations.ts'
import { readPartnerEmployee } from '../../src/services/easyfreelance-employee.ts'
import { makePartner } from '../../src/services/partner.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { passingTimer } from '../helpers/passing-timer.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { openBench } from './easyfreelance-bench.ts'

let bench: Awaited<ReturnType<typeof openBench>>
let recording: ReturnType<typeof makeRecordingLog>
let slackEmail: string | null
let time: number
let confirmations: ReturnType<typeof makeConfirmations>
let recorded: AuditEntry[]
let isDiskFull: boolean

const setTimer = passingTimer((ms) => {
  time += ms
})

beforeEach(async () => {
  bench = await openBench()
  recording = makeRecordingLog()
  slackEmail = 'Ola.Nordmann@example.com'
  recorded = []
  isDiskFull = false
  time = 1_000_000
  const now = () => time
  const budget = makeRequestBudget({ perMinute: 60, now })
  const partner = makePartner({ easyfreelance: bench.client, budget, now, log: recording.log, setTimer })
  confirmations = makeConfirmations({ partner, people: { email: async () => slackEmail }, audit, now })
  time += 60_000
})
afterEach(() => bench.close())

const audit = {
  record: async (entry: AuditEntry) => {
    if (isDiskFull) throw new Error('disk full')
    recorded.push(entry)
  },
}
const confirm = (employeeId: string, employeeNumber: number) =>
  confirmations.confirm({ teamId: 'T1', managerId: 'U0PETTER', employeeId, employeeNumber })

const OLA = { is: 'found', name: 'Ola Nordmann', maskedEmail: 'o…n@example.com', email: 'same', isVerified: false }

describe('a confirmation', () => {
  it('says who has the number, and whether the e-mail is the one in Slack', async () => {
    expect(await confirm('U0OLA', 4711)).toEqual(OLA)
    slackEmail = 'someone@example.com'
    expect(await confirm('U0OTHER', 4711)).toMatchObject({ email: 'different' })
    slackEmail = null
    expect(await confirm('U0NOBODY', 4711)).toMatchObject({ email: 'not_compared' })
  })

  it('says that they are verified already, or that it is not said', async () => {
    bench.upstream.addEmployee({ id: 4711, email: 'ola@example.com', name: 'Ola', verified: true })
    expect(await confirm('U0OLA', 4711)).toMatchObject({ isVerified: true })
  })

  it.each([
    [99_999, 'not_found'],
    [4799, 'not_allowed'],
  ])('of %i is %s', async (number, is) => {
    expect(await confirm('U0OLA', number)).toEqual({ is })
  })

  it.each([{ status: 500 }, { status: 429 }, { status: 401 }, 'lose', { garbage: 'html' }, 'hang'] as const)(
    'is no answer after %j, for a few seconds; then it is asked again',
    async (how) => {
      bench.upstream.fault({ route: 'user', do: how })
      expect(await confirm('U0OLA', 4711)).toEqual({ is: 'no_answer' })
      expect(confirmations.known('U0OLA', 4711)).toEqual({ is: 'no_answer' })
      time += 10_000
      expect(confirmations.known('U0OLA', 4711)).toBeNull()
    },
  )

  it('says whether it is being asked for', async () => {
    const answer = confirm('U0OLA', 4711)
    expect(confirmations.isAsking('U0OLA', 4711)).toBe(true)
    expect(confirmations.isAsking('U0KARI', 4711)).toBe(false)
    await answer
    expect(confirmations.isAsking('U0OLA', 4711)).toBe(false)
  })

  it('can be learnt from another answer, and is not asked for then', async () => {
    const employee = {
      employeeNumber: 4711,
      email: 'ola.nordmann@Example.com',
      name: 'Ola Nordmann',
      isVerified: false,
    }
    confirmations.learn('U0OLA', employee, slackEmail)
    expect(await confirm('U0OLA', 4711)).toEqual({ ...OLA, maskedEmail: 'o…n@Example.com' })
    expect(bench.upstream.calls).toEqual([])
  })

  it('is forgotten, the oldest first, when there are very many', async () => {
    const employee = { employeeNumber: 1, email: null, name: null, isVerified: null }
    for (let number = 1; number <= 501; number += 1) {
      confirmations.learn('U0OLA', { ...employee, employeeNumber: number }, null)
    }
    expect(confirmations.known('U0OLA', 1)).toBeNull()
    expect(confirmations.known('U0OLA', 2)).not.toBeNull()
    expect(confirmations.known('U0OLA', 501)).not.toBeNull()
  })

  it('is asked for once, and again a minute later', async () => {
    await Promise.all([confirm('U0OLA', 4711), confirm('U0OLA', 4711)])
    await confirm('U0OLA', 4711)
    expect(bench.upstream.calls).toHaveLength(1)
    time += 60_000
    expect(confirmations.known('U0OLA', 4711)).toBeNull()
    await confirm('U0OLA', 4711)
    expect(bench.upstream.calls).toHaveLength(2)
  })

  it('is no answer, without a call, when the budget has none to spare', async () => {
    for (let at = 0; at < 12; at += 1) await confirm('U0OLA', 5000 + at)
    const [next, nextButOne] = await Promise.all([4711, 4712].map((number) => confirm('U0OLA', number)))
    expect([next, nextButOne]).toMatchObject([{ is: 'found' }, { is: 'no_answer' }])
    expect(bench.upstream.calls).toHaveLength(13)
  })

  it('is on record for each call: who looked, at whom and at which number', async () => {
    await Promise.all([confirm('U0OLA', 4711), confirm('U0OLA', 4711)])
    await confirm('U0OLA', 99_999)
    expect(recorded).toEqual(
      [4711, 99_999].map((employeeNumber) => ({
        teamId: 'T1',
        actorId: 'U0PETTER',
        action: 'look',
        subjectId: 'U0OLA',
        employeeNumber,
        result: 'done',
      })),
    )
    expect(JSON.stringify(recorded)).not.toMatch(/nordmann|example/i)
  })

  it('is not asked for when that can not be written down', async () => {
    isDiskFull = true
    expect(await confirm('U0OLA', 4711)).toEqual({ is: 'no_answer' })
    expect(bench.upstream.calls).toEqual([])
  })

  it('leaves nothing of it in the log', async () => {
    await confirm('U0OLA', 4711)
    expect(JSON.stringify(recording.lines)).not.toMatch(/nordmann|example|8601/i)
  })
})

describe('an employee as EasyFreelance writes one', () => {
  it('is read without bank, tax and address', () => {
    const read = readPartnerEmployee({ ...PRIVATE_FIELDS, id: '7', email: 'a@b.no', name: 'A' })
    expect(read).toEqual({ employeeNumber: 7, email: 'a@b.no', name: 'A', isVerified: null })
  })

  it.each([null, [], {}, { id: 0 }, { id: 'x' }, { id: 1.5 }, { id: 2 ** 31 }])('is nobody: %j', (body) => {
    expect(readPartnerEmployee(body)).toBeNull()
  })

  it('is whoever has the number; what makes no sense counts as not said', () => {
    expect(readPartnerEmployee({ id: 7, email: 4, name: '', onboarding: 'done' })).toEqual({
      employeeNumber: 7,
      email: null,
      name: null,
      isVerified: null,
    })
  })
})
