import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AT_REST } from '../../src/services/store/schedule.ts'
import { transition } from '../../src/services/transition.ts'
import type { Verification, VerificationEvent } from '../../src/services/verification.ts'
import { type OpenStore, openStore } from '../helpers/open-store.ts'
import { APPROVED, STARTED } from '../helpers/slack-bench.ts'
import { buildRequested, LINK } from '../views/build-verification.ts'

// The built command, as `npm run explain` runs it, beside a connection that stays open: the bot's.

const AT = Date.UTC(2026, 10, 23, 9, 30)

let folder: string
let path: string
let store: OpenStore

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  path = join(folder, 'verify.db')
  store = openStore(path)
})
afterEach(() => {
  store.db.close()
  rmSync(folder, { recursive: true })
})

function explain(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/explain.js', ...args],
      { env: { DATABASE_PATH: path } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      },
    )
  })
}

/** Asked for, started, its card posted, looked at twice, approved. */
async function settle(id: string): Promise<void> {
  let now = AT
  const news = { id, viewId: id, employeeId: `W-${id}`, employeeNumber: 1 + (id.codePointAt(2) ?? 0) }
  let current: Verification = buildRequested({ revision: 1, createdAt: AT, ...news })
  await store.verifications.insert(buildRequested({ revision: 1, createdAt: AT, ...news }), now)
  const [card] = await store.messages.of(id)
  if (card === undefined) throw new Error('no card')
  const shows = { revision: 1, digest: 'x' }
  const sending = { ...card, version: 2, sends: 1, state: 'sending', conversationId: 'D1', since: now, shows } as const
  await store.messages.begin(sending, 1, now)
  const sent = { resentAt: null, sweeps: 0, ts: '1.2' }
  await store.messages.save({ ...sending, ...sent, version: 3, state: 'sent' }, 2, 1, AT_REST, now)
  const session = { sessionId: `session-${id}` }
  for (const event of [...STARTED, APPROVED] as VerificationEvent[]) {
    now += 1000
    if (event.type === 'reported') {
      await store.verifications.reschedule(id, current.revision, AT_REST, now)
      await store.verifications.reschedule(id, current.revision, AT_REST, now + 500)
    }
    const next = transition(current, 'sessionId' in event ? { ...event, ...session } : event, now)
    await store.verifications.save(next, current.revision, AT_REST, now)
    current = next
  }
}

it('tells a verification from the request to the end, in words, with times', async () => {
  await settle('-one')
  const { code, stdout, stderr } = await explain('-one')
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const [card = ''] = (await store.messages.of('-one')).map(({ id }) => id)
  expect(stdout.split('\n').slice(0, 9)).toEqual([
    'Verification -one, now settled, revision 4.',
    '2026-11-23 09:30:00.000 UTC  U0MARIA asked that W--one be verified',
    `2026-11-23 09:30:00.000 UTC  card (${card}): is to be sent`,
    `2026-11-23 09:30:00.000 UTC  card (${card}): handed to Slack, showing revision 1`,
    `2026-11-23 09:30:00.000 UTC  card (${card}): Slack has it`,
    '2026-11-23 09:30:01.000 UTC  EasyFreelance is asked to start a session (revision 2)',
    '2026-11-23 09:30:02.000 UTC  a session was started; waiting for the employee (revision 3)',
    expect.stringMatching(/invitation \(.*\): is to be sent$/),
    '2026-11-23 09:30:03.000 UTC  EasyFreelance was asked; nothing new; 2 times, the last 2026-11-23 09:30:03.500 UTC',
  ])
  expect(stdout).toContain('09:30:03.000 UTC  over: EasyFreelance says approved (revision 4)')
  expect(stdout).not.toContain(LINK)
})

it('takes the beginning of an id, when it is the beginning of one only', async () => {
  await settle('a-one')
  await settle('a-two')
  expect((await explain('a-o')).stdout).toContain('Verification a-one, now settled')
  expect(await explain('a-')).toMatchObject({ code: 1, stderr: expect.stringContaining('More than one') })
})

it('says plainly what it can not do', async () => {
  expect(await explain('nobody')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no verification'),
  })
  for (const args of [[], ['one', 'two'], ["'; drop table ledger"], ['--help']]) {
    expect(await explain(...args)).toMatchObject({ code: 64, stdout: '', stderr: expect.stringMatching(/^Usage: /) })
  }
  path = join(folder, 'none.db')
  expect(await explain('one')).toMatchObject({ code: 65, stderr: expect.stringContaining('There is no database') })
})
