import type { Hold, Verification, Waiting } from '../services/verification.ts'
import { decisionWords } from './decision-words.ts'
import { failedWords, settledWords } from './ending-words.ts'
import { code, dateTime, mention } from './mrkdwn.ts'
import type { Words } from './words.ts'

export function stateWords(verification: Verification): Words {
  switch (verification.status) {
    case 'requested':
    case 'starting':
      return startingWords(verification.employeeId, verification.hold)
    case 'waiting':
      return waitingWords(verification)
    case 'settled':
      return settledWords(verification)
    case 'failed':
      return failedWords(verification)
    case 'parked':
      return decisionWords(verification)
  }
}

function startingWords(employeeId: string, hold: Hold | null): Words {
  const words = (title: string, next: string): Words => ({ symbol: ':arrows_counterclockwise:', title, next })
  switch (hold) {
    case null:
      return words('Starting', `We are asking EasyFreelance for a link for ${mention(employeeId)}.`)
    case 'timeout':
      return words('Starting again', 'EasyFreelance did not answer in time. We are trying once more.')
    case 'connection_lost':
      return words('Starting again', 'The connection broke before EasyFreelance answered. We are trying once more.')
    case 'server_error':
      return words('Starting again', 'EasyFreelance reported trouble of its own. We are trying once more.')
    case 'unreadable':
      return words('Starting again', 'EasyFreelance gave an answer that makes no sense to us. We are trying once more.')
    case 'interrupted':
      return words('Starting again', 'We were interrupted while we asked EasyFreelance. We are trying once more.')
    case 'unreachable':
      return words(
        'EasyFreelance cannot be reached',
        'We keep trying and go on by ourselves. You do not need to do anything.',
      )
    case 'rate_limited':
      return words(
        'EasyFreelance is busy',
        'It asked us to wait. We go on by ourselves; you do not need to do anything.',
      )
    case 'unauthorised':
      return words(
        'EasyFreelance does not let this app in',
        'Ask whoever runs the app to check its EasyFreelance keys. After that we go on by ourselves.',
      )
  }
}

function waitingWords({ employeeId, session }: Waiting): Words {
  const employee = mention(employeeId)
  const words = (title: string, next: string): Words => ({ symbol: ':hourglass_flowing_sand:', title, next })
  if (session.reported !== null) {
    return words(
      'Unknown status',
      `EasyFreelance says ${code(session.reported, 60)}, a word we do not know. We keep asking; you do not need to do anything.`,
    )
  }
  if (session.returnedAt !== null) {
    return words('Waiting for EasyFreelance', `${employee} came back from EasyFreelance. The result is not in yet.`)
  }
  if (session.openedAt !== null) {
    return words('Link opened', `${employee} opened the link ${dateTime(session.openedAt)}. The result will show here.`)
  }
  if (session.deliveredAt === null) {
    return words('Sending the link', `We are sending ${employee} the link by direct message.`)
  }
  return words(
    `Waiting for ${employee}`,
    `Link sent by direct message. ${employee} has not opened it yet. The result will show here.`,
  )
}

/** The shortest way to say it, for lists. */
export function stateTitle(verification: Verification): string {
  return verification.status === 'waiting' &&
    verification.session.deliveredAt !== null &&
    verification.session.openedAt === null &&
    verification.session.reported === null
    ? 'Link sent'
    : stateWords(verification).title
}
