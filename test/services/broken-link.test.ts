import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LINKS } from '../helpers/links.ts'
import { APPROVED, EMPLOYEE, MANAGER, openSlackBench, type SlackBench, STARTED } from '../helpers/slack-bench.ts'
import { openVerificationsBench, REQUEST, report } from '../helpers/verifications-bench.ts'
import { buildRequested, LINK } from '../views/build-verification.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const OF_SOMEBODY_ELSE = LINKS.seal(LINK, 'somebody-else').sealed
const BREAK = 'update verifications set link = ?'

describe('a sealed link', () => {
  const { id } = buildRequested()
  const link = LINKS.seal(LINK, id)

  it('opens for the verification it was sealed for', () => {
    expect(LINKS.open(link, id)).toBe(LINK)
    expect(JSON.stringify(link)).not.toContain(LINK)
  })

  it('opens for no other, nor when it was changed', () => {
    const changed = link.sealed.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))
    expect(LINKS.open(link, 'somebody-else')).toBeNull()
    for (const sealed of [changed, `${link.sealed}A`, '', LINK]) expect(LINKS.open({ sealed }, id)).toBeNull()
  })
})

describe('a link that no longer opens', () => {
  let bench: SlackBench

  beforeEach(async () => {
    bench = await openSlackBench()
  })
  afterEach(async () => {
    expect(bench.slack.violations).toEqual([])
    await bench.close()
  })

  const breakLink = () => void bench.store.db.prepare(BREAK).run(OF_SOMEBODY_ELSE)

  it('is sent to nobody, and its invitation is given up once, with the reason', async () => {
    const { id } = await bench.move(await bench.request(), ...STARTED)
    breakLink()
    await bench.pass(24 * HOUR_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
    expect(bench.undeliverable).toEqual([{ verificationId: id, invitation: 0, why: 'link_broken', stateThen: 'none' }])
    expect(await bench.message('invitation')).toMatchObject({ state: 'undeliverable', reason: 'link_broken', sends: 0 })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
    expect(bench.store.unreadable).toEqual([])
  })

  it('is a person’s to decide about: the manager is told, and after [Send again] told anew', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    breakLink()
    await bench.pass(MINUTE_MS)
    const current = () => bench.store.verifications.get(waiting.id)
    const broken = await current()
    if (broken === null) return expect.unreachable()
    const parked = await bench.move(broken, { type: 'link_broken', invitation: 0 })
    await bench.pass(MINUTE_MS)
    const notices = () =>
      bench.standing(MANAGER).filter(({ text }) => /needs you\. Please decide: link not readable/.test(text))
    expect(notices()).toHaveLength(1)
    await bench.move(parked, { type: 'retried' })
    await bench.pass(MINUTE_MS)
    expect(bench.undeliverable.map(({ invitation }) => invitation)).toEqual([0, 1])
    expect(bench.standing(EMPLOYEE)).toEqual([])
  })

  it('stays in the message that has it until that is over, and nothing goes round', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    breakLink()
    const broken = await bench.store.verifications.get(waiting.id)
    if (broken === null) return expect.unreachable()
    const told = await bench.move(broken, { type: 'unexpected' })
    await bench.pass(24 * HOUR_MS)
    const invitation = () => JSON.stringify(bench.standing(EMPLOYEE).map(({ blocks }) => blocks))
    expect(invitation()).toContain(LINK)
    expect(bench.said('invitation left as it is: its link does not open')).toHaveLength(1)
    expect(await bench.message('invitation')).toMatchObject({ state: 'sent', shows: { revision: told.revision } })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
    await bench.move(told, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    expect(invitation()).not.toContain('"button"')
  })
})

it('a verification whose link no longer opens is still looked at, and settles', async () => {
  const bench = openVerificationsBench()
  await bench.verifications.request(REQUEST)
  await bench.pass(0)
  bench.store.db.prepare(BREAK).run(OF_SOMEBODY_ELSE)
  await bench.pass(10 * MINUTE_MS)
  expect(bench.polls()).toBeGreaterThan(0)
  bench.answers.poll = report('approved')
  await bench.pass(HOUR_MS)
  expect(await bench.get()).toMatchObject({ status: 'settled', outcome: 'approved' })
  expect(bench.store.unreadable).toEqual([])
  bench.close()
})
