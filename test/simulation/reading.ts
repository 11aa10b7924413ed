/** Reads messages as a person does, apart from the code that writes them. */
import type { Content } from '../../src/services/slack-conversations.ts'

const ENDINGS: Readonly<Record<string, string>> = {
  Approved: 'approved',
  Declined: 'declined',
  Cancelled: 'cancelled',
  Expired: 'expired',
  'Error at EasyFreelance': 'error',
  'Ended with an unknown status': 'other',
  'Not started': 'failed',
  Closed: 'closed',
}

const TITLE = new RegExp(`^(?:Verification of <@\\w+>: )?(${Object.keys(ENDINGS).join('|')})\\.`)

/** How it ended, by a card or the message about the end; null: it says that it goes on. */
export function endingIn({ text }: Content): string | null {
  const title = TITLE.exec(text)?.[1]
  return title === undefined ? null : (ENDINGS[title] ?? null)
}

/** Whether anybody who reads this takes the employee for approved. */
export function saysApproved(content: Content): boolean {
  return endingIn(content) === 'approved' || content.text.startsWith('Thank you! You have confirmed who you are')
}
