import type { Verification } from '../services/verification.ts'
import { type Content, say } from './blocks.ts'
import { checkName } from './check-words.ts'
import { dateTime, mention } from './mrkdwn.ts'
import { stateWords } from './state-words.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

/** `/verify status @employee`: the open verification if there is one, and the latest that ended. */
export function verificationStatus(employeeId: string, open: Verification | null, ended: Verification | null): Content {
  const employee = mention(employeeId)
  if (open === null && ended === null) {
    return say(`Nobody has asked ${employee} yet. To begin, type \`${VERIFY_COMMAND}\` and choose them.`)
  }
  const parts = [
    open === null ? `Nothing is open for ${employee}.` : about('Open now', open),
    ...(ended === null ? [] : [about('Latest that ended', ended)]),
  ]
  return say(parts.join('\n\n'))
}

function about(when: string, verification: Verification): string {
  const { title, next } = stateWords(verification)
  const asked = `${mention(verification.managerId)} asked ${dateTime(verification.createdAt)}`
  return `*${when}: ${title}*\n${next}\n${checkName(verification)}. ${asked}.`
}
