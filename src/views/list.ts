import type { KnownBlock } from '@slack/types'
import type { Verification } from '../services/verification.ts'
import { type Content, say, section } from './blocks.ts'
import { checkName } from './check-words.ts'
import { dateTime, mention } from './mrkdwn.ts'
import { stateTitle } from './state-words.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

const MOST_OPEN = 50
const MOST_ENDED = 10
const SECTION_LIMIT = 3000
const TEXT_LIMIT = 3900

/** `/verify list`: what the manager asked for and is still open, and the last ten that ended. */
export function verificationList(open: readonly Verification[], ended: readonly Verification[]): Content {
  if (open.length === 0 && ended.length === 0) {
    return say(`You have not asked anybody yet. To begin, type \`${VERIFY_COMMAND} @employee\`.`)
  }
  const lines = [
    open.length === 0 ? '*Nothing open*' : `*Open: ${open.length}*`,
    ...open.slice(0, MOST_OPEN).map(lineOf),
    ...(open.length > MOST_OPEN ? [`…and ${open.length - MOST_OPEN} more`] : []),
    ...(ended.length === 0 ? [] : ['*Ended lately*']),
    ...ended.slice(0, MOST_ENDED).map(lineOf),
  ]
  const [text = ''] = pages(lines, TEXT_LIMIT)
  const blocks: KnownBlock[] = pages(lines, SECTION_LIMIT).map(section)
  return { text, blocks }
}

function lineOf(verification: Verification): string {
  const asked = `asked ${dateTime(verification.createdAt)}`
  return `• ${mention(verification.employeeId)}: ${stateTitle(verification)}, ${checkName(verification)}, ${asked}`
}

/** The lines joined to as few texts as fit the limit. */
function pages(lines: readonly string[], limit: number): string[] {
  const texts: string[] = []
  for (const line of lines) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + 1 + line.length <= limit) texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  return texts
}
