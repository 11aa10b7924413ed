import type { Message } from '../../src/services/message.ts'
import type { Verification } from '../../src/services/verification.ts'
import type { Ending } from './checks.ts'
import { renderMessage } from './lives.ts'
import { endingIn } from './reading.ts'
import type { MessageRow, VerificationRow } from './rows.ts'
import { buttonsIn, type Standing, shownBy } from './slack-messages.ts'

/** Everybody was told, once, and what stands in Slack is what is true. */
export function checkMessages(ending: Ending): string[] {
  const { rows, slack } = ending
  const standing = slack.conversations.all.filter(({ gone }) => gone === null)
  return [
    ...rows.verifications.flatMap((row) => untold(row, rows.messages)),
    ...rows.messages.flatMap((row) => wrongMessage(row, ending)),
    ...strays(standing, rows.messages),
    ...standing
      .filter(hasLiveLink)
      .map(({ ts, conversationId }) => `a live link is left in ${ts} of ${conversationId}`),
    ...unexplained(ending),
  ]
}

function untold(verification: VerificationRow, messages: readonly MessageRow[]): string[] {
  const has = (kind: string) => messages.some((each) => each.verification_id === verification.id && each.kind === kind)
  const missing: string[] = []
  if (!has('card')) missing.push(`${verification.id} has no card`)
  const closedByManager = verification.reason === 'given_up' && verification.closed_by === verification.manager_id
  if (!closedByManager && !has('outcome')) missing.push(`nobody is told that ${verification.id} is over`)
  return missing
}

/** Kinds that are not worth sending any more once the verification is over. */
const NO_LONGER_WANTED = ['invitation', 'decision']

function wrongMessage(row: MessageRow, { rows, slack, verifications }: Ending): string[] {
  const verification = verifications.get(row.verification_id)
  if (verification === undefined) return [`${row.kind} ${row.id} belongs to nothing`]
  const name = `${row.kind} ${row.id} of ${row.verification_id}`
  if (row.next_at !== null || row.claimed === 1) return [`${name} is stuck in ${row.state}`]
  switch (row.state) {
    case 'none':
      return NO_LONGER_WANTED.includes(row.kind) ? [] : [`${name} was never sent`]
    case 'undeliverable':
      return undeliverable(row, name, { rows, slack })
    case 'sent':
      return wrongSent(row, name, verification, slack)
    default:
      return [`${name} rests in ${row.state}`]
  }
}

function undeliverable(row: MessageRow, name: string, { rows }: Pick<Ending, 'rows' | 'slack'>): string[] {
  if (row.kind !== 'invitation') return [`${name} was given up (${row.reason})`]
  const of = rows.ledger.filter(({ verification_id: id }) => id === row.verification_id)
  const failedAt = of.findIndex(({ message_id: id, became }) => id === row.id && became === 'undeliverable')
  const isDecided = of.some(
    ({ message_id: id, was, became, reason }, at) =>
      id === null &&
      was === 'waiting' &&
      became !== 'waiting' &&
      (at < failedAt || (became === 'parked' && reason === 'undeliverable')),
  )
  return isDecided ? [] : [`nobody decided about ${name}, which could not be delivered`]
}

function wrongSent(row: MessageRow, name: string, verification: Verification, slack: Ending['slack']): string[] {
  const found = slack.conversations.all.find(
    ({ ts, conversationId }) => ts === row.ts && conversationId === row.conversation_id,
  )
  if (found === undefined) return [`${name} is taken for sent, and was not`]
  if (found.id !== row.id) return [`${name} is taken for another message`]
  if (found.gone === 'taken_away') return []
  // What can't be edited any more is taken away, and sent anew only where that still helps somebody.
  if (found.gone !== null) return NO_LONGER_WANTED.includes(row.kind) ? [] : [`${name} was removed and not replaced`]
  if (found.conversationId.startsWith('C') && slack.conversations.closed.has(found.conversationId)) return []
  const content = shownBy(found)
  const wanted = renderMessage(
    {
      kind: row.kind as Message['kind'],
      occasion: row.occasion,
      movedBecause: row.moved_because,
    },
    verification,
  )
  if (wanted === null) return [`the link of ${name} does not open`]
  if (content.text !== wanted.text || JSON.stringify(content.blocks) !== JSON.stringify(wanted.blocks)) {
    return [`${name} shows something old: ${content.text.slice(0, 70)}`]
  }
  return wrongReading(row, name, verification, endingIn(content))
}

function wrongReading(row: MessageRow, name: string, verification: Verification, read: string | null): string[] {
  if (row.kind !== 'card' && row.kind !== 'outcome') return []
  const isTrue =
    verification.status === 'settled'
      ? read === verification.outcome
      : verification.status === 'failed' && read === (verification.reason === 'given_up' ? 'closed' : 'failed')
  return isTrue ? [] : [`${name} reads as ${read}`]
}

/** In a channel, whose history the bot may not read, a stray card can stay: README. */
function strays(standing: readonly Standing[], messages: readonly MessageRow[]): string[] {
  const byId = new Map(messages.map((row) => [row.id, row]))
  return standing
    .filter(({ conversationId }) => conversationId.startsWith('D'))
    .filter(({ id, ts }) => byId.get(id)?.ts !== ts)
    .map(({ id, ts, conversationId }) => `a stray copy of ${id} is left in ${conversationId} as ${ts}`)
}

function hasLiveLink(message: Standing): boolean {
  return buttonsIn(shownBy(message)).some(({ url }) => url !== null)
}

/** No more was posted than the bot wrote down beforehand. */
function unexplained({ slack, sends }: Ending): string[] {
  const posted = new Map<string, number>()
  for (const { id } of slack.conversations.all) posted.set(id, (posted.get(id) ?? 0) + 1)
  return [...posted]
    .filter(([id, count]) => count > (sends.get(id) ?? 0))
    .map(([id, count]) => `${id} was posted ${count} times and written down ${sends.get(id) ?? 0} times`)
}
