/**
 * Who EasyFreelance says has the number in the form, for the manager to confirm. It stands under the number and nowhere else:
 * not in what the form remembers, not in a message, not in a log.
 */
import type { KnownBlock } from '@slack/types'
import * as z from 'zod'
import { mrkdwn } from './blocks.ts'
import { readEmployeeNumber } from './employee-number.ts'
import { code, isUserId, mention, outside } from './mrkdwn.ts'

export type Confirmation =
  | {
      readonly is: 'found'
      readonly name: string | null
      readonly maskedEmail: string | null
      /** With the one that Slack has confirmed. */
      readonly email: 'same' | 'different' | 'not_compared'
      readonly isVerified: boolean | null
    }
  | { readonly is: 'not_found' | 'not_allowed' | 'no_answer' }

/** A confirmation as it stands in the form. */
export type ShownConfirmation = {
  readonly employeeId: string
  readonly employeeNumber: number
  /** Only when it was `said` who has the number, or that EasyFreelance doesn't say, Send goes on. */
  readonly is: 'said' | 'asking' | 'nobody'
  /** Mrkdwn. */
  readonly text: string
}

/** `ola.nordmann@example.com` → `o…n@example.com`: enough to recognise, too little to write to. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const letters = [...email.slice(0, Math.max(0, at))]
  const shown = letters.length > 3 ? `${letters[0]}…${letters.at(-1)}` : '…'
  return at < 0 ? '…' : `${shown}${email.slice(at)}`
}

export function askingWho(employeeId: string, employeeNumber: number): ShownConfirmation {
  return { employeeId, employeeNumber, is: 'asking', text: `_Asking EasyFreelance who ${employeeNumber} is…_` }
}

/** `held`: Send was pressed before this was shown. */
export function confirmationOf(
  employeeId: string,
  employeeNumber: number,
  found: Confirmation,
  { held = false } = {},
): ShownConfirmation {
  const is = found.is === 'not_found' ? 'nobody' : 'said'
  const next = held && is === 'said' ? [`*Nothing was sent yet.* ${NEXT}`] : []
  return { employeeId, employeeNumber, is, text: [...words(employeeId, employeeNumber, found), ...next].join('\n') }
}

const NEXT = 'If it is the right person, press Send again.'
const NOT_CHECKED = 'You can go on; please check the id yourself.'

function words(employeeId: string, employeeNumber: number, found: Confirmation): string[] {
  switch (found.is) {
    case 'not_found':
      return [`⚠️ *EasyFreelance knows nobody with the id ${employeeNumber}.* Please check it and correct it above.`]
    case 'not_allowed':
      return [
        `⚠️ *EasyFreelance does not let this app see who ${employeeNumber} is.* It may belong to another company. ${NOT_CHECKED}`,
      ]
    case 'no_answer':
      return [`*EasyFreelance did not say who ${employeeNumber} is.* ${NOT_CHECKED}`]
    case 'found': {
      const name =
        (found.name === null ? '' : outside(found.name.replaceAll('*', '∗'), 100)) || 'somebody without a name'
      const email = found.maskedEmail === null ? '' : `, ${code(found.maskedEmail, 100)}`
      return [
        `At EasyFreelance ${employeeNumber} is *${name}*${email}. Is that ${mention(employeeId)}?`,
        ...(found.email === 'different'
          ? ['⚠️ *That is not the e-mail address they have in Slack.* Please check that it is the same person.']
          : []),
        ...(found.isVerified === true
          ? ['⚠️ *They are verified already.* Send this only if it has to be done once more.']
          : []),
      ]
    }
  }
}

const BLOCK = /^confirmation-(said|asking|nobody)-([UW][A-Z0-9]{2,30})-(\d{1,10})$/

/** The section. Its id says for whom and for which number it is. */
export function confirmationSection({ employeeId, employeeNumber, is, text }: ShownConfirmation): KnownBlock {
  return { type: 'section', block_id: `confirmation-${is}-${employeeId}-${employeeNumber}`, text: mrkdwn(text) }
}

const Blocks = z.object({ blocks: z.array(z.unknown()) })
const Section = z.object({ block_id: z.string().regex(BLOCK), text: z.object({ text: z.string().min(1).max(3000) }) })

/** What stood in a form that came back; null when nothing did. */
export function readShownConfirmation(view: unknown): ShownConfirmation | null {
  for (const block of Blocks.safeParse(view).data?.blocks ?? []) {
    const section = Section.safeParse(block).data
    const [, is, employeeId = '', digits = ''] = BLOCK.exec(section?.block_id ?? '') ?? []
    const employeeNumber = readEmployeeNumber(digits)
    if (section !== undefined && employeeNumber !== null && isUserId(employeeId) && isKind(is)) {
      return { employeeId, employeeNumber, is, text: section.text.text }
    }
  }
  return null
}

function isKind(word: string | undefined): word is ShownConfirmation['is'] {
  return word === 'said' || word === 'asking' || word === 'nobody'
}
