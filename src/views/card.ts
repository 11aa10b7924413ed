import type { KnownBlock } from '@slack/types'
import type { MovedBecause } from '../services/message.ts'
import type { Session, Verification } from '../services/verification.ts'
import { type Content, context, mrkdwn, section } from './blocks.ts'
import { ID_TYPE_NAMES, PROVIDER_NAMES } from './check-words.ts'
import { decisionButtons } from './decision-buttons.ts'
import { dateTime, mention } from './mrkdwn.ts'
import { stateWords } from './state-words.ts'

const MOVED: Record<MovedBecause, string> = {
  not_in_channel: 'This card is here because the app is not in the channel you chose. Invite it there for next time.',
  channel_closed: 'This card is here because the channel you chose is archived or gone.',
  posting_restricted: 'This card is here because the app may not post in the channel you chose.',
}

/** The manager's status message. The employee's id at EasyFreelance is personal and stays out of it. */
export function card(verification: Verification, movedBecause: MovedBecause | null): Content {
  const { symbol, title, next } = stateWords(verification)
  const facts = factsOf(verification)
  const warning = unexpectedWarning(verification)
  const blocks: KnownBlock[] = [
    section(`${symbol} *${title}*\n${next}`),
    { type: 'section', fields: facts.map(([name, fact]) => mrkdwn(`*${name}*\n${fact}`)) },
  ]
  if (warning !== null) blocks.push(section(`:warning: ${warning}`))
  if (verification.status === 'parked') blocks.push(decisionButtons(verification))
  if (movedBecause !== null) blocks.push(context(MOVED[movedBecause]))
  const text = [
    `${title}.`,
    next,
    warning,
    `${facts.map(([name, fact]) => `${name}: ${fact}`).join('; ')}.`,
    movedBecause === null ? null : MOVED[movedBecause],
  ]
  return { text: text.filter((part) => part !== null).join(' '), blocks }
}

type Fact = [name: string, fact: string]

function factsOf(verification: Verification): Fact[] {
  const facts: Fact[] = [
    ['Employee', mention(verification.employeeId)],
    ['Asked by', `${mention(verification.managerId)}, ${dateTime(verification.createdAt)}`],
    ['Provider', PROVIDER_NAMES[verification.provider]],
  ]
  if (verification.idType !== null) facts.push(['ID type', ID_TYPE_NAMES[verification.idType]])
  switch (verification.status) {
    case 'requested':
    case 'starting':
      return facts
    case 'waiting':
      return [...facts, ...sessionFacts(verification.session)]
    case 'parked':
      return verification.session === null ? facts : [...facts, ...sessionFacts(verification.session)]
    case 'settled':
      return [...facts, ['Ended', dateTime(verification.settledAt)]]
    case 'failed':
      return [...facts, ['Ended', dateTime(verification.failedAt)]]
  }
}

function sessionFacts({ expiresAt, openedAt }: Session): Fact[] {
  return [
    ['Deadline', expiresAt === null ? 'EasyFreelance gave no deadline we can read' : dateTime(expiresAt)],
    ['Link opened', openedAt === null ? 'Not yet' : dateTime(openedAt)],
  ]
}

function unexpectedWarning({ unexpectedAt, employeeId, managerId }: Verification): string | null {
  if (unexpectedAt === null) return null
  return `${mention(employeeId)} said ${dateTime(unexpectedAt)} that they did not expect this. ${mention(managerId)}, please talk to them.`
}
