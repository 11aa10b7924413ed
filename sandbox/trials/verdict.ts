import type { Call, Session } from '../easyfreelance/books.ts'
import type { Message } from '../slack/messages.ts'
import { isEnd } from './calm.ts'
import type { MessageRow, Rows, VerificationRow } from './look-inside.ts'

/** Everything a trial left behind. */
export type Evidence = {
  readonly rows: Rows
  /** Views whose form was answered with "Accepted". */
  readonly accepted: readonly string[]
  readonly sessions: readonly Session[]
  readonly messages: readonly Message[]
  readonly calls: readonly Call[]
  readonly perMinute: number
  readonly log: readonly string[]
}

const TITLES: Readonly<Record<string, string>> = {
  approved: 'Approved',
  declined: 'Declined',
  cancelled: 'Cancelled',
  expired: 'Expired',
  error: 'Error at EasyFreelance',
  other: 'Ended with an unknown status',
}
/** EasyFreelance's definite no to a start. */
const REFUSALS: readonly (number | null)[] = [400, 403, 404, 422]
/** Asked to wait: it was no start. */
const TOO_MANY = 429
const LINK_BUTTON = '"open_link"'
const MINUTE_MS = 60_000

/** Every promise that was broken, in words; empty when all were kept. */
export function verdict(evidence: Evidence): string[] {
  const { rows, accepted, messages } = evidence
  const byView = new Set(rows.verifications.map(({ view_id }) => view_id))
  return [
    ...accepted.filter((view) => !byView.has(view)).map((view) => `lost: the form of ${view} was accepted`),
    ...rows.verifications.flatMap((row) => [
      ...judgeState(row, evidence),
      ...judgeMessages(row, evidence),
      ...judgeLinks(row, evidence),
    ]),
    ...rows.messages.filter(({ state }) => state !== 'sent').flatMap((row) => judgeUnsent(row, rows)),
    ...duplicates(messages, (channel) => channel.startsWith('D')).map((id) => `duplicate: message ${id} stands twice`),
    ...judgeBudget(evidence),
    ...judgeLog(evidence),
  ]
}

/** Messages that stand more than once in one place. In channels that can't be helped; in direct messages it is a fault. */
export function duplicates(messages: readonly Message[], isPlace: (channelId: string) => boolean): string[] {
  const ids = messages
    .filter(({ deleted, metadata, channelId }) => !deleted && metadata !== undefined && isPlace(channelId))
    .map(({ channelId, metadata }) => `${idOf(metadata)} in ${channelId}`)
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))]
}

const isDirect = ({ channelId }: Message): boolean => channelId.startsWith('D')

const idOf = (metadata: Message['metadata']): string => String(metadata?.event_payload.id)

function judgeState(row: VerificationRow, { sessions, calls }: Evidence): string[] {
  const about = `verification ${row.id}`
  if (!isEnd(row.status)) return [`stuck: ${about} is ${row.status}`]
  const found: string[] = []
  if (row.status === 'settled') {
    const session = sessions.find(({ id }) => id === row.session_id)
    // A word that is none of the outcomes.
    const isOther = session !== undefined && session.status !== 'pending' && TITLES[session.status] === undefined
    const says = isOther ? 'other' : session?.status
    if (says !== row.outcome) found.push(`wrong: ${about} is ${row.outcome}, its session ${session?.status}`)
    if (session?.employeeId !== row.employee_number) found.push(`wrong: ${about} has somebody else's session`)
  }
  const starts = calls.filter(
    ({ route, employeeId, status }) => route === 'start' && employeeId === row.employee_number && status !== TOO_MANY,
  )
  const isRefused = REFUSALS.includes(starts.at(-1)?.status ?? null)
  if (row.status === 'failed' && row.closed_by === null && !isRefused) {
    found.push(`wrong: ${about} failed, and nobody refused it`)
  }
  // Two starts in all; and two more whenever a person said "try again".
  if (starts.length > 2 * (1 + row.parks)) found.push(`wrong: ${about} was started ${starts.length} times`)
  return found
}

/** What its card says in the end; empty while it is not over. */
export function titleOf({ status, outcome, closed_by: closedBy }: VerificationRow): string {
  if (status === 'failed') return closedBy === null ? 'Not started' : 'Closed'
  return TITLES[outcome ?? ''] ?? ''
}

function judgeMessages(row: VerificationRow, { rows, messages }: Evidence): string[] {
  const title = titleOf(row)
  const standing = (kind: string) => {
    const ids = new Set(
      rows.messages.filter((each) => each.verification_id === row.id && each.kind === kind).map(({ id }) => id),
    )
    return messages.filter(({ deleted, metadata }) => !deleted && metadata !== undefined && ids.has(idOf(metadata)))
  }
  const found: string[] = []
  const cards = standing('card')
  if (cards.length === 0) found.push(`untold: verification ${row.id} has no card`)
  // In a channel, whose history the bot may not read, an older copy may stand beside the card.
  const [direct, others] = [cards.filter(isDirect), cards.filter((each) => !isDirect(each))]
  const says = ({ text }: Message) => text.startsWith(`${title}.`)
  if (!direct.every(says) || (others.length > 0 && !others.some(says))) {
    found.push(`wrong: the card of ${row.id} does not say ${title}`)
  }
  if (row.closed_by === row.manager_id) return found
  const notices = standing('outcome').filter(({ channelId }) => channelId === `D${row.manager_id}`)
  if (notices.length === 0) found.push(`untold: the manager of ${row.id} was not told that it is over`)
  if (notices.some(({ text }) => !text.includes(`: ${title}.`)))
    found.push(`wrong: the notice of ${row.id} does not say ${title}`)
  return found
}

/** One link for a verification, in the employee's direct messages alone; none once it is over. */
function judgeLinks(row: VerificationRow, { rows, messages, sessions }: Evidence): string[] {
  const ids = new Set(rows.messages.filter((each) => each.verification_id === row.id).map(({ id }) => id))
  const own = messages.filter(({ metadata }) => metadata !== undefined && ids.has(idOf(metadata)))
  const ever = own.map((message) => JSON.stringify([message.blocks, message.edits.map(({ blocks }) => blocks)]))
  const shown = sessions.filter(({ link }) => ever.some((blocks) => blocks.includes(link)))
  const found: string[] = []
  if (shown.length > 1) found.push(`wrong: ${shown.length} links were shown for verification ${row.id}`)
  for (const [index, message] of own.entries()) {
    if (ever[index]?.includes(LINK_BUTTON) && message.channelId !== `D${row.employee_id}`) {
      found.push(`wrong: a link of ${row.id} was shown in ${message.channelId}`)
    }
    if (!message.deleted && JSON.stringify(message.blocks).includes(LINK_BUTTON)) {
      found.push(`wrong: a live link of ${row.id} is left`)
    }
  }
  return found
}

/** What was never sent, although it was asked for and somebody still needs it. */
function judgeUnsent({ id, kind, state, reason, verification_id }: MessageRow, { verifications }: Rows): string[] {
  if (state === 'undeliverable') {
    // An invitation that can't be delivered is for the manager to decide about: the verification was parked.
    const isDecided = verifications.some((row) => row.id === verification_id && row.parks > 0)
    return kind === 'invitation' && isDecided ? [] : [`untold: ${kind} ${id} was given up (${reason})`]
  }
  const isNeeded = kind === 'card' || kind === 'outcome' || kind === 'concern'
  return isNeeded && verifications.length > 0 ? [`untold: ${kind} ${id} is ${state}`] : []
}

/** At most so many calls in any minute, over all the lives of the process. */
function judgeBudget({ calls, perMinute }: Evidence): string[] {
  const times = calls.filter(({ route }) => route === 'start' || route === 'poll').map(({ at }) => at)
  const most = times.reduce((highest, at, index) => {
    const within = times.slice(index).filter((later) => later < at + MINUTE_MS).length
    return Math.max(highest, within)
  }, 0)
  return most > perMinute ? [`budget: ${most} calls within a minute, ${perMinute} are allowed`] : []
}

function judgeLog({ log, sessions }: Evidence): string[] {
  const secrets = sessions.flatMap(({ id, token }) => [id, token])
  return [
    ...(log.some((line) => secrets.some((secret) => line.includes(secret)))
      ? ['leak: a link or a session is in the log']
      : []),
    ...log.filter((line) => line.includes('unexpected: stopping')).map((line) => `broken: ${line}`),
  ]
}
