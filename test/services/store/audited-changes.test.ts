import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { transition } from '../../../src/services/transition.ts'
import type { Verification, VerificationEvent } from '../../../src/services/verification.ts'
import { LINKS } from '../../helpers/links.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import { buildRequested } from '../../views/build-verification.ts'

let store: OpenStore
beforeEach(() => {
  store = openStore()
})
afterEach(() => void store.db.close())

const FIRST = buildRequested({ id: 'v1', viewId: 'V1', revision: 1 })
const STARTED: VerificationEvent[] = [
  { type: 'start_begun' },
  {
    type: 'started',
    sessionId: 's1',
    link: LINKS.seal('https://x.example/secret', FIRST.id),
    expiresAt: null,
    unclearStarts: 0,
  },
]
const reported = (status: string): VerificationEvent => ({
  type: 'reported',
  sessionId: 's1',
  status,
  missingSteps: [],
})

/** Takes the verification through these events, as the bot does. */
async function play(events: readonly VerificationEvent[], by: string | null = null): Promise<Verification> {
  await store.verifications.insert(FIRST, 1)
  let current: Verification = FIRST
  for (const [nth, event] of events.entries()) {
    const next = transition(current, event, nth + 2)
    if (next === current) throw new Error(`nothing happened at ${event.type}`)
    expect(await store.verifications.note(next, current.revision, AT_REST, nth + 2, by)).toBe(true)
    current = next
  }
  return current
}

async function onRecord(): Promise<string[]> {
  const entries = await store.audit.historyOf('T0TEAM', 'W0OLA', 100)
  expect(entries.every(({ subjectId }) => subjectId === 'W0OLA')).toBe(true)
  return entries
    .toReversed()
    .map(({ action, actorId, result, reason }) => [action, actorId, result, reason].filter((word) => word).join(' '))
}

const REQUEST = 'request U0MARIA done'

describe('on record, in the transaction of the change', () => {
  it.each<[string, VerificationEvent[], string[]]>([
    ['a start', STARTED, []],
    ['approved', [...STARTED, reported('approved')], ['settled done approved']],
    ['declined', [...STARTED, reported('declined')], ['settled done declined']],
    [
      'a refusal',
      [{ type: 'start_begun' }, { type: 'start_refused', reason: 'not_allowed' }],
      ['failed done not_allowed'],
    ],
    ['a halt', [{ type: 'poisoned' }], ['parked done poisoned']],
    ['"I did not expect this"', [...STARTED, { type: 'unexpected' }], ['unexpected W0OLA done']],
    ['it once only', [...STARTED, { type: 'unexpected' }, { type: 'opened' }], ['unexpected W0OLA done']],
    [
      '"I did not expect this" while it is parked',
      [...STARTED, { type: 'poisoned' }, { type: 'unexpected' }],
      ['parked done poisoned', 'unexpected W0OLA done'],
    ],
    ['signs of life', [...STARTED, { type: 'opened' }, { type: 'returned' }], []],
    [
      'a close',
      [{ type: 'poisoned' }, { type: 'given_up', by: 'U0ADMIN' }],
      ['parked done poisoned', 'close U0ADMIN done'],
    ],
  ])('%s', async (_what, events, entries) => {
    await play(events)
    expect(await onRecord()).toEqual([REQUEST, ...entries])
  })

  it('another try, by whom, with and without a session to go on with', async () => {
    await play(
      [{ type: 'poisoned' }, { type: 'retried' }, ...STARTED, { type: 'poisoned' }, { type: 'retried' }],
      'U0ADMIN',
    )
    const tries = ['parked done poisoned', 'retry U0ADMIN done']
    expect(await onRecord()).toEqual([REQUEST, ...tries, ...tries])
  })

  it('nothing about a change that lost its race, or a submission that came again', async () => {
    const last = await play(STARTED)
    const parked = transition(last, { type: 'poisoned' }, 9)
    expect(await store.verifications.note(parked, last.revision - 1, AT_REST, 9)).toBe(false)
    expect((await store.verifications.insert(FIRST, 9)).is).toBe('repeated')
    expect(await onRecord()).toEqual([REQUEST])
  })

  it('refused requests: one that is open, and a number that is somebody else’s', async () => {
    await store.verifications.insert(FIRST, 1)
    await store.verifications.insert(buildRequested({ id: 'v2', viewId: 'V2' }), 2)
    await store.verifications.insert(buildRequested({ id: 'v3', viewId: 'V3', employeeId: 'U0KARI' }), 3)
    expect(await onRecord()).toEqual([REQUEST, 'request U0MARIA refused already_open'])
    const [about] = await store.audit.historyOf('T0TEAM', 'U0KARI', 1)
    expect(about).toMatchObject({
      result: 'refused',
      reason: 'number_taken',
      employeeNumber: 47114711,
      verificationId: null,
    })
  })

  it('or the change is not made: when the entry can not be written, nothing is', async () => {
    const last = await play(STARTED)
    store.db.exec("create trigger no_audit before insert on audit begin select raise(abort, 'full'); end")
    const settled = transition(last, reported('approved'), 9)
    await expect(store.verifications.save(settled, last.revision, AT_REST, 9)).rejects.toThrow('full')
    expect(await store.verifications.get('v1')).toEqual(last)
    const other = buildRequested({ id: 'v2', viewId: 'V2', employeeId: 'U0KARI', employeeNumber: 5 })
    await expect(store.verifications.insert(other, 9)).rejects.toThrow('full')
    expect(await store.verifications.get('v2')).toBeNull()
  })

  it('no link, session id or note', async () => {
    await play([...STARTED, reported('approved')])
    const all = JSON.stringify(store.db.prepare('select * from audit').all())
    for (const secret of ['x.example', 's1', 'Welcome']) expect(all).not.toContain(`"${secret}`)
  })
})
