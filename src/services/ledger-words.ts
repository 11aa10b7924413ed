import type { LedgerEntry } from './ledger.ts'
import type { Verification } from './verification.ts'

const HOLDS: Readonly<Record<string, string>> = {
  unreachable: 'EasyFreelance could not be reached, so nothing was sent; it is tried again',
  unauthorised: 'EasyFreelance refuses our credentials; it is tried again',
  rate_limited: 'EasyFreelance asked us to come back later',
  timeout: 'no answer in time, so it is not known whether a session was started',
  connection_lost: 'the connection was lost, so it is not known whether a session was started',
  server_error: 'EasyFreelance had an error, so it is not known whether a session was started',
  unreadable: 'the answer could not be read, so it is not known whether a session was started',
  interrupted: 'the process ended in the middle of it, so it is not known whether a session was started',
}

const NAMES: Readonly<Record<string, string>> = {
  card: 'card',
  invitation: 'invitation',
  decision: 'request for a decision',
  outcome: 'message about the end',
  concern: 'message that the employee did not expect this',
}

/** One verification's way in plain words, a line an entry, times in UTC. */
export function explainVerification(verification: Verification, entries: readonly LedgerEntry[]): string[] {
  const calls = entries.filter(({ what }) => what === 'called_for')
  const kinds = new Map(calls.map(({ messageId, became }) => [messageId, became]))
  const lines = entries.map((entry) => {
    const kind = kinds.get(entry.messageId) ?? null
    const who = entry.messageId === null ? '' : `${NAMES[kind ?? ''] ?? 'a message'} (${entry.messageId}): `
    return `${timeOf(entry.at)}  ${who}${sentence(entry, verification)}${repeated(entry)}`
  })
  return [`Verification ${verification.id}, now ${verification.status}, revision ${verification.revision}.`, ...lines]
}

function timeOf(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', ' UTC')
}

function repeated({ count, lastAt }: LedgerEntry): string {
  return count === 1 ? '' : `; ${count} times, the last ${timeOf(lastAt)}`
}

function sentence(entry: LedgerEntry, { managerId, employeeId }: Verification): string {
  const { revision, reason } = entry
  switch (entry.what) {
    case 'requested':
      return `${managerId} asked that ${employeeId} be verified`
    case 'claimed':
      return entry.was === 'starting'
        ? 'taken up again in the middle of a start: the process had ended'
        : 'taken up by the worker, to be started'
    case 'moved':
      return moved(entry)
    case 'delivered':
      return `the invitation reached the employee (revision ${revision})`
    case 'opened':
      return `the employee opened the link (revision ${revision})`
    case 'returned':
      return `somebody came back from EasyFreelance (revision ${revision})`
    case 'unexpected':
      return `the employee said that they did not expect this (revision ${revision})`
    case 'missing':
      return 'EasyFreelance does not know the session'
    case 'found_again':
      return 'EasyFreelance knows the session again'
    case 'strange_word':
      return 'EasyFreelance used a status word that it does not document'
    case 'changed':
      return `something else changed (revision ${revision})`
    case 'polled':
      return 'EasyFreelance was asked; nothing new'
    case 'unanswered':
      return 'EasyFreelance was asked; no answer that means anything'
    case 'called_for':
      return 'is to be sent'
    case 'posting':
      return entry.was === 'unknown'
        ? `surely not there: handed to Slack again, showing revision ${revision}`
        : `handed to Slack, showing revision ${revision}`
    case 'posted':
      return 'Slack has it'
    case 'in_doubt':
      return reason === 'restored'
        ? 'the database was restored: it is looked for before anything is sent'
        : 'no clear answer from Slack: it is looked for before anything is sent again'
    case 'not_seen':
      return 'looked for in the conversation, not there'
    case 'found':
      return 'found in the conversation: it had been sent'
    case 'not_sent':
      return entry.was === 'unknown' ? 'surely not sent; no longer in doubt' : 'not taken by Slack'
    case 'shown':
      return `shows revision ${revision}`
    case 'swept':
      return 'searched for copies that came late; none is left'
    case 'replaced':
      return 'could not be edited any more; a new one is sent'
    case 'moved_to_dm':
      return `goes to the manager's direct messages instead (${reason})`
    case 'undeliverable':
      return `can not be delivered (${reason})`
    default:
      return String(entry.what)
  }
}

function moved({ was, became, reason, revision }: LedgerEntry): string {
  const at = ` (revision ${revision})`
  switch (became) {
    case 'starting':
      return `EasyFreelance is asked to start a session${at}`
    case 'waiting':
      return was === 'parked'
        ? `[Try again]: waiting for the employee${at}`
        : `a session was started; waiting for the employee${at}`
    case 'requested':
      if (was === 'parked') return `[Try again]: to be started anew${at}`
      return `not started: ${HOLDS[reason ?? ''] ?? reason}${at}`
    case 'settled':
      return `over: EasyFreelance says ${reason}${at}`
    case 'failed':
      if (reason === 'restored') return `lost after a restore: the employee has a link that is not known any more${at}`
      return reason === 'given_up' ? `closed by a person${at}` : `EasyFreelance refused it: ${reason}${at}`
    case 'parked':
      return `halted until a person decides: ${reason}${at}`
    default:
      return `${was} became ${became}${at}`
  }
}
