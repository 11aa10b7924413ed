import { expect, test } from 'vitest'
import type { Message } from '../../../sandbox/slack/messages.ts'
import { makeChance } from '../../../sandbox/trials/chance.ts'
import { type Evidence, verdict } from '../../../sandbox/trials/verdict.ts'

/** What a checker does not notice, nobody notices: each broken promise is made here once. */

const LINK = 'https://easyfreelance.example/verify/secret-token'

function message(id: string, channelId: string, text: string, more: Partial<Message> = {}): Message {
  const metadata = { event_type: 'verify_message', event_payload: { id } }
  const base = { userId: 'UBOT', ts: '1.0', blocks: [], edits: [], deleted: false, inHistoryFrom: 0 }
  return { ...base, channelId, text, metadata, ...more }
}

const linkBlocks = (url = LINK) => [{ type: 'actions', elements: [{ action_id: 'open_link', url }] }]
const before = (url = LINK) => [{ text: 'You are asked', blocks: linkBlocks(url), at: 1 }]
const row = { verification_id: 'V1', state: 'sent', channel_id: null, reason: null }

/** One verification that ended as it should. */
function story() {
  const session = {
    id: 'session-1',
    token: 'secret-token',
    link: LINK,
    employeeId: 4711,
    provider: 'bankid' as const,
    idType: null,
    status: 'approved',
    returnUrl: '',
    startedAt: 0,
    expiresAt: 1,
    completedAt: 1,
    opened: true,
  }
  const verification = {
    id: 'V1',
    view_id: 'VIEW1',
    manager_id: 'U0BOSS',
    employee_id: 'U0STAFF',
    employee_number: 4711,
    status: 'settled',
    session_id: 'session-1' as string | null,
    outcome: 'approved' as string | null,
    closed_by: null,
    parks: 0,
  }
  return {
    verification,
    session,
    rows: [
      { ...row, id: 'card', kind: 'card' },
      { ...row, id: 'invitation', kind: 'invitation' },
      { ...row, id: 'outcome', kind: 'outcome' },
    ],
    messages: [
      message('card', 'DU0BOSS', 'Approved. EasyFreelance confirmed who they are.'),
      message('invitation', 'DU0STAFF', 'Thank you!', { edits: before() }),
      message('outcome', 'DU0BOSS', 'Verification of <@U0STAFF>: Approved. Nothing more to do.'),
    ],
    sessions: [session],
    accepted: ['VIEW1'],
    calls: [0, 1, 2].map((at) => call(at * 1000)),
    log: ['{"msg":"ready"}'],
  }
}
type Story = ReturnType<typeof story>

function call(at: number, route: 'start' | 'poll' = 'poll') {
  const nothing = { path: '', status: 200, durationMs: 1, request: null, answer: null, fault: null }
  return { ...nothing, number: 1, method: 'GET', route, at, employeeId: 4711, sessionId: null }
}

function judge({ verification, rows, ...rest }: Story): string[] {
  const evidence: Evidence = { ...rest, rows: { verifications: [verification], messages: rows }, perMinute: 5 }
  return verdict(evidence)
}

test('a story that ended as it should breaks no promise', () => {
  expect(judge(story())).toEqual([])
})

const BROKEN: [string, (told: Story) => void, RegExp][] = [
  ['an accepted form has no row', (told) => told.accepted.push('VIEW2'), /^lost: .*VIEW2/],
  ['it never ended', (told) => Object.assign(told.verification, { status: 'waiting' }), /^stuck: .*waiting/],
  ['the session says otherwise', (told) => Object.assign(told.session, { status: 'declined' }), /^wrong: .*declined/],
  [
    'the session is somebody else’s',
    (told) => Object.assign(told.session, { employeeId: 1 }),
    /^wrong: .*somebody else/,
  ],
  [
    'it failed, and nobody refused it',
    (told) => Object.assign(told.verification, { status: 'failed', outcome: null }),
    /^wrong: .*nobody refused/,
  ],
  [
    'it failed although its start was answered well',
    (told) => {
      Object.assign(told.verification, { status: 'failed', outcome: null })
      told.calls.push(call(100_000, 'start'))
    },
    /^wrong: .*nobody refused/,
  ],
  [
    'an outcome was taken for a word that nobody knows',
    (told) => Object.assign(told.verification, { outcome: 'other' }),
    /^wrong: .*is other, its session approved/,
  ],
  [
    'it was started once too often',
    (told) => told.calls.push(...[1, 2, 3].map((minute) => call(minute * 100_000, 'start'))),
    /^wrong: .*started 3 times/,
  ],
  ['the card is not there', (told) => void told.messages.splice(0, 1), /^untold: .*no card/],
  ['the card is behind', (told) => Object.assign(told.messages[0] ?? {}, { text: 'Waiting for' }), /^wrong: the card/],
  ['nobody was told that it is over', (told) => void told.messages.splice(2, 1), /^untold: the manager/],
  [
    'the notice says otherwise',
    (told) => Object.assign(told.messages[2] ?? {}, { text: 'Expired' }),
    /^wrong: the notice/,
  ],
  [
    'a card was given up',
    (told) => Object.assign(told.rows[0] ?? {}, { state: 'undeliverable', reason: 'poisoned' }),
    /^untold: card card was given up \(poisoned\)/,
  ],
  [
    'an invitation was given up, and nobody was asked what to do',
    (told) => Object.assign(told.rows[1] ?? {}, { state: 'undeliverable', reason: 'poisoned' }),
    /^untold: invitation/,
  ],
  ['a notice was never sent', (told) => Object.assign(told.rows[2] ?? {}, { state: 'unknown' }), /^untold: outcome/],
  [
    'two links were shown',
    (told) => {
      told.sessions.push({ ...told.session, id: 'session-2', link: `${LINK}2`, token: 'another' })
      told.messages[1]?.edits.push(...before(`${LINK}2`))
    },
    /^wrong: 2 links were shown/,
  ],
  [
    'a link was shown to somebody else',
    (told) => Object.assign(told.messages[0] ?? {}, { edits: before() }),
    /^wrong: a link of V1 was shown in DU0BOSS/,
  ],
  [
    'a link still stands',
    (told) => Object.assign(told.messages[1] ?? {}, { blocks: linkBlocks() }),
    /^wrong: a live link/,
  ],
  ['a message stands twice', (told) => void told.messages.push(...told.messages.slice(2)), /^duplicate: .*outcome/],
  ['there were too many calls', (told) => void told.calls.push(...[3, 4, 5].map((at) => call(at))), /^budget: 6 calls/],
  ['the log holds a link', (told) => void told.log.push(`opened ${LINK}`), /^leak: /],
  ['the process broke', (told) => void told.log.push('{"msg":"unexpected: stopping"}'), /^broken: /],
]

test.for(BROKEN)('it is noticed when %s', ([, spoil, problem]) => {
  const told = story()
  spoil(told)
  expect(judge(told)).toEqual(expect.arrayContaining([expect.stringMatching(problem)]))
})

test('a start that EasyFreelance refused is no broken promise, and neither is a word that nobody knows', () => {
  const refused = story()
  Object.assign(refused.verification, { status: 'failed', outcome: null, session_id: null })
  refused.calls.push({ ...call(100_000, 'start'), status: 403 })
  Object.assign(refused.messages[0] ?? {}, { text: 'Not started. EasyFreelance does not let …' })
  Object.assign(refused.messages[2] ?? {}, { text: 'Verification of <@U0STAFF>: Not started. Check …' })
  expect(judge(refused)).toEqual([])

  const other = story()
  Object.assign(other.verification, { outcome: 'other' })
  Object.assign(other.session, { status: 'under_review' })
  Object.assign(other.messages[0] ?? {}, { text: 'Ended with an unknown status. EasyFreelance says …' })
  Object.assign(other.messages[2] ?? {}, { text: 'Verification of <@U0STAFF>: Ended with an unknown status. …' })
  expect(judge(other)).toEqual([])
})

test('a start that EasyFreelance asked to put off is not counted', () => {
  const told = story()
  for (const [index, status] of [200, 429, 200].entries()) {
    told.calls.push({ ...call((index + 1) * 100_000, 'start'), status })
  }
  expect(judge(told)).toEqual([])
})

test('a copy of a card in a channel, whose history is closed to the bot, is no broken promise', () => {
  const told = story()
  const [card] = told.messages
  if (card === undefined) throw new Error('no card')
  told.messages.splice(0, 1, { ...card, channelId: 'C1' }, { ...card, channelId: 'C1', text: 'Waiting for' })
  expect(judge(told)).toEqual([])
})

test('one seed makes the same choices again, and another one others', () => {
  const choices = (seed: number) => {
    const chance = makeChance(seed)
    return Array.from({ length: 20 }, () => chance.fork().between(0, 1000))
  }
  expect(choices(7)).toEqual(choices(7))
  expect(choices(7)).not.toEqual(choices(8))
})
