import type { KnownBlock } from '@slack/types'
import { type Content, say, section } from './blocks.ts'
import { dateTime, mention, outside } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

/** One entry of the audit, as far as people read it. */
export type HistoryEntry = {
  readonly at: number
  readonly actorId: string | null
  readonly actorForgotten: boolean
  readonly action: string
  readonly employeeNumber: number | null
  readonly result: 'done' | 'refused' | 'unsure'
  readonly reason: string | null
}

export const HISTORY_SHOWN = 20
const SECTION_LIMIT = 3000
const TEXT_LIMIT = 3900

/** What somebody did, after their name. */
const DEEDS: Readonly<Record<string, string>> = {
  command: `typed \`${VERIFY_COMMAND}\``,
  request: 'asked for a verification',
  retry: 'pressed Try again',
  close: 'closed the verification',
  unexpected: 'said that they did not expect it',
  open_link: 'pressed the link',
  link: 'linked the person to EasyFreelance',
  unlink: 'removed the link to EasyFreelance',
  lookup: 'had the person looked up at EasyFreelance by e-mail',
  look: 'looked up who has a number',
  history: 'looked at the history',
}

/** What happened without anybody in Slack. */
const EVENTS: Readonly<Record<string, string>> = {
  settled: 'EasyFreelance reported a result',
  failed: 'EasyFreelance refused to start',
  parked: 'It stopped, for a person to decide',
}

const REASONS: Readonly<Record<string, string>> = {
  restored: 'its link is not known any more',
  not_permitted: 'not permitted',
  more_not_recorded: 'and what followed within the hour is not recorded',
  slack_did_not_answer: 'Slack did not say who somebody is',
  already_open: 'one was open already',
  linked_otherwise: 'the person is linked to another EasyFreelance id',
  number_taken: 'the EasyFreelance id is used for somebody else',
  limit_employee: 'the person was asked too often in a day',
  limit_manager: 'too many requests by one person in an hour',
  limit_everybody: 'too many requests in an hour',
  asked: 'the question was sent',
  found: 'an account was linked or created',
  no_email: 'Slack has no confirmed address for this app',
  linked_meanwhile: 'somebody linked the person meanwhile',
  target_changed: 'the person can no longer be verified',
  target_yourself: 'nobody can verify themselves',
  target_unknown: 'Slack does not know the person',
  target_deleted: 'the account is deactivated',
  target_bot: 'an app, not a person',
  target_slackbot: 'an app, not a person',
  target_guest: 'a guest',
  target_stranger: 'somebody of another company',
  target_invited: 'the person has never signed in',
}

/** `/verify history @employee`: the latest entries of the audit about one person, newest first. */
export function verificationHistory(employeeId: string, entries: readonly HistoryEntry[]): Content {
  if (entries.length === 0) return say(`Nothing is on record about ${mention(employeeId)}.`)
  const shown = entries.slice(0, HISTORY_SHOWN)
  const title =
    shown.length === 1
      ? `*On record about ${mention(employeeId)}*`
      : `*On record about ${mention(employeeId)}: the latest ${shown.length}, newest first*`
  const texts = [title]
  for (const line of shown.map(lineOf)) {
    const last = texts.at(-1) ?? ''
    if (last.length + 1 + line.length <= SECTION_LIMIT) texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  const blocks: KnownBlock[] = texts.map(section)
  const [first = ''] = texts
  const text = texts.join('\n').length <= TEXT_LIMIT ? texts.join('\n') : first
  return { text, blocks }
}

export function nobodyForHistory(): Content {
  return say(`Whose history? Type \`${VERIFY_COMMAND} history @employee\` and pick the person from Slack's list.`)
}

function lineOf(entry: HistoryEntry): string {
  return `• ${dateTime(entry.at)}: ${whatHappened(entry)}${howItWent(entry)}`
}

function whatHappened({ action, reason, actorId, actorForgotten, employeeNumber }: HistoryEntry): string {
  if (action === 'failed' && reason === 'restored') return 'It ended when the app was put back to an earlier state'
  const event = EVENTS[action]
  if (event !== undefined) return event
  const who = actorId !== null ? mention(actorId) : actorForgotten ? 'Somebody who was forgotten' : 'The operator'
  const deed = DEEDS[action] ?? words(action)
  const number = (action === 'link' || action === 'lookup') && employeeNumber !== null ? `, id ${employeeNumber}` : ''
  return `${who} ${deed}${number}`
}

function howItWent({ action, result, reason }: HistoryEntry): string {
  const why = reason === null ? '' : `: ${REASONS[reason] ?? words(reason)}`
  if (action === 'lookup' && result === 'unsure')
    return ' – no clear answer: an account may have been linked or created'
  return result === 'done' ? why : ` – refused${why}`
}

/** A word of ours that has no sentence yet. */
function words(word: string): string {
  return outside(word.replaceAll('_', ' '), 60)
}
