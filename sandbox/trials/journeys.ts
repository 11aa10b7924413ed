import type { Misbehaviour } from '../easyfreelance/faults.ts'
import type { FaultAction } from '../slack/faults.ts'
import type { Sandbox } from '../start-sandbox.ts'
import { CHANNEL, makeRole, type Role, STRANGE_CHANNEL } from './roles.ts'

/** Everything that can become of asking somebody, one story for each. */
export type Journey = {
  readonly name: string
  readonly role: Role
  /** The title of the card in the end. */
  readonly ends: string
  /** It comes to a decision at least once. */
  readonly isDecided: boolean
  /** What goes wrong in this story, whatever the line does. */
  readonly trouble: Trouble
}

type Trouble = (sides: Pick<Sandbox, 'slack' | 'easyfreelance'>, role: Role) => void

const none: Trouble = () => {}

type Spoil = (easyfreelance: Sandbox['easyfreelance'], number: number, times: number) => () => void

/** The next starts for this employee go so. */
const spoilStarts =
  (how: Misbehaviour): Spoil =>
  (easyfreelance, number, times) =>
    easyfreelance.fault({ route: 'start', when: ({ employeeId }) => employeeId === number, times, do: how })

const spoilPolls =
  (how: Misbehaviour): Spoil =>
  (easyfreelance, number, times) => {
    const isTheirs = (sessionId: string | null) =>
      easyfreelance.sessions().some(({ id, employeeId }) => id === sessionId && employeeId === number)
    return easyfreelance.fault({ route: 'poll', when: ({ sessionId }) => isTheirs(sessionId), times, do: how })
  }

const starts =
  (how: Misbehaviour, times = 1): Trouble =>
  ({ easyfreelance }, { number }) =>
    void spoilStarts(how)(easyfreelance, number, times)

const polls =
  (how: Misbehaviour, times = 1): Trouble =>
  ({ easyfreelance }, { number }) =>
    void spoilPolls(how)(easyfreelance, number, times)

/** However many of the answers the line swallows. */
const untilSomebodyIsAsked =
  (spoil: Spoil): Trouble =>
  ({ slack, easyfreelance }, { number, employeeId }) =>
    whenAsked(slack, employeeId, spoil(easyfreelance, number, Number.POSITIVE_INFINITY))

function whenAsked(slack: Sandbox['slack'], employeeId: string, lift: () => void): void {
  slack.on((event) => {
    if (event.type !== 'message_posted' && event.type !== 'message_edited') return
    const { text } = event.message
    if (text.startsWith('Please decide') && text.includes(employeeId)) lift()
  })
}

/** What becomes of the next call about a message to one of the two. */
const messages =
  (method: 'chat.postMessage' | 'chat.update', to: 'managerId' | 'employeeId', how: FaultAction): Trouble =>
  ({ slack }, role) =>
    void slack.fault({ method, when: ({ channel }) => channel === slack.person(role[to]).dm(), do: how })

const cannotBeWrittenTo: Trouble = ({ slack }, { employeeId }) => {
  const lift = slack.fault({
    method: 'conversations.open',
    when: ({ users }) => users === employeeId,
    times: Number.POSITIVE_INFINITY,
    do: { error: 'user_disabled' },
  })
  whenAsked(slack, employeeId, lift)
}

const getsUnknownWord: Trouble = ({ easyfreelance }, { number }) =>
  void easyfreelance.on((event) => {
    if (event.type !== 'session' || event.session.employeeId !== number || event.session.status !== 'pending') return
    queueMicrotask(() => easyfreelance.decide(event.session.id, 'under_review'))
  })

const STAYS_PENDING: Misbehaviour = {
  rewrite: (reply) => ({ ...reply, body: { ...Object(reply.body), status: 'pending' } }),
}

type Line = [name: string, ends: string, role?: Partial<Role>, trouble?: Trouble, isDecided?: 'decided']

const LINES: readonly Line[] = [
  ['approved by BankID', 'Approved'],
  ['approved by Veriff, Norwegian documents', 'Approved', { provider: 'Veriff' }],
  ['approved by Veriff, foreign documents', 'Approved', { provider: 'Veriff', documents: 'Foreign documents' }],
  ['declined', 'Declined', { employeeDoes: 'declined' }],
  ['cancelled', 'Cancelled', { employeeDoes: 'cancelled' }],
  ['an error at EasyFreelance', 'Error at EasyFreelance', { employeeDoes: 'error' }],
  ['never opened, expires', 'Expired', { employeeDoes: 'nothing' }],
  ['opened and left, expires', 'Expired', { employeeDoes: 'leave' }],
  ['a status nobody knows', 'Ended with an unknown status', { employeeDoes: 'nothing' }, getsUnknownWord],
  ['not expected', 'Approved', { isSurprised: true }],
  ['Send pressed twice at once', 'Approved', { sendsTwice: true }],
  ['held by Send until it says who that is', 'Approved', { numberIs: 'typed' }],
  ['linked by a command first', 'Approved', { numberIs: 'linked' }],
  ['found by e-mail', 'Approved', { numberIs: 'found' }],
  ['the card in a channel', 'Approved', { cardIn: CHANNEL }],
  ['the card for a channel without the app', 'Approved', { cardIn: STRANGE_CHANNEL }],
  ['not ours: refused by EasyFreelance', 'Not started', { partner: 'other' }],
  ['unknown: refused by EasyFreelance', 'Not started', {}, starts({ status: 404 }, Number.POSITIVE_INFINITY)],
  ['a start held up by a limit', 'Approved', {}, starts({ status: 429, retryAfter: '2' })],
  ['a start unclear once', 'Approved', {}, starts('lose')],
  ['a start unclear twice, tried again', 'Approved', {}, untilSomebodyIsAsked(spoilStarts('lose')), 'decided'],
  ['a start unclear twice, closed', 'Closed', { decides: 'close' }, starts({ garbage: 'html' }, 2), 'decided'],
  [
    'an unsafe link, tried again',
    'Approved',
    {},
    untilSomebodyIsAsked(spoilStarts({ link: 'other_origin' })),
    'decided',
  ],
  [
    'decided by a colleague',
    'Closed',
    { decides: 'close', decidedBy: 'colleague', cardIn: CHANNEL },
    untilSomebodyIsAsked(spoilStarts({ link: 'plain_http' })),
    'decided',
  ],
  ['a session not found, checked again', 'Approved', {}, untilSomebodyIsAsked(spoilPolls({ status: 404 })), 'decided'],
  [
    'no access, closed with a live link',
    'Closed',
    { decides: 'close', employeeDoes: 'nothing' },
    untilSomebodyIsAsked(spoilPolls({ status: 403 })),
    'decided',
  ],
  [
    'no result long after the deadline',
    'Closed',
    { decides: 'close', employeeDoes: 'leave' },
    polls(STAYS_PENDING, Number.POSITIVE_INFINITY),
    'decided',
  ],
  [
    'no answer long after the deadline',
    'Closed',
    { decides: 'close', employeeDoes: 'leave' },
    polls({ status: 500 }, Number.POSITIVE_INFINITY),
    'decided',
  ],
  ['an invitation not delivered, sent again', 'Approved', {}, cannotBeWrittenTo, 'decided'],
  ['an invitation whose answer is lost', 'Approved', {}, messages('chat.postMessage', 'employeeId', 'lose')],
  ['an invitation that is lost itself', 'Approved', {}, messages('chat.postMessage', 'employeeId', 'loseBefore')],
  ['a card whose answer is lost', 'Approved', {}, messages('chat.postMessage', 'managerId', 'lose')],
  ['an edit whose answer is lost', 'Approved', {}, messages('chat.update', 'managerId', 'lose')],
  ['an edit at the limit', 'Approved', {}, messages('chat.update', 'managerId', { ratelimit: 2 })],
]

export const JOURNEYS: readonly Journey[] = LINES.map(
  ([name, ends, role = {}, trouble = none, isDecided], index): Journey => ({
    name,
    ends,
    trouble,
    role: { ...makeRole(index), ...role },
    isDecided: isDecided !== undefined,
  }),
)
