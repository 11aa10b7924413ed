import { button, fill, isConfirmed } from '../../../sandbox/as-seen.ts'
import type { Message } from '../../../sandbox/slack/messages.ts'
import type { PersonDriver } from '../../../sandbox/slack/person.ts'
import type { SubmitResult } from '../../../sandbox/slack/submission-answer.ts'
import { NUMBERS } from './cast.ts'
import type { Stage } from './stage.ts'

/** What people do, and what they see; by what is written on it. */

/** Within this time a session that nobody has opened is looked at for the first time: 76 seconds and a fifth. */
export const FIRST_LOOK_MS = 95_000

export type Ask = {
  readonly by?: string
  readonly employee?: string
  readonly number?: number
  readonly provider?: 'BankID' | 'Veriff'
  readonly documents?: 'Norwegian documents' | 'Foreign documents'
  readonly note?: string
  /** Where the command is typed; the direct messages with the app where none is named. */
  readonly from?: string
  readonly card?: 'Only to me' | 'To this channel'
}

type Block = { type?: string; label?: { text?: string }; hint?: { text?: string }; text?: { text?: string } }

/** Everything that is written in the form on top: labels, hints and sections. */
export function formText(person: PersonDriver): string {
  const blocks = (person.view()?.blocks ?? []) as Block[]
  return blocks.map(({ label, hint, text }) => [label?.text, hint?.text, text?.text].join(' ')).join('\n')
}

export function hasField(person: PersonDriver, label: RegExp): boolean {
  return ((person.view()?.blocks ?? []) as Block[]).some((block) => label.test(block.label?.text ?? ''))
}

/** What a field holds, as Slack's client would send it. */
export function held(person: PersonDriver, label: RegExp): unknown {
  const view = person.view()
  const block = (view?.blocks ?? []).find((each) => label.test((each as Block).label?.text ?? ''))
  const [state = {}] = Object.values(view?.state[String(block?.block_id)] ?? {}) as Record<string, unknown>[]
  const option = state.selected_option
  if (typeof option === 'object' && option !== null && 'value' in option) return option.value
  return state.selected_user ?? state.value ?? null
}

export async function openForm({ slack }: Stage, by: string, typed = '', from?: string): Promise<PersonDriver> {
  const person = slack.person(by)
  const before = person.view()?.id
  await person.command('/verify', typed, from === undefined ? {} : { channelId: from })
  await slack.until(() => person.view() !== undefined && person.view()?.id !== before, { what: 'the form opens' })
  return person
}

/** Fills in the form behind `/verify` without sending it. */
export async function fillForm(stage: Stage, ask: Ask = {}): Promise<PersonDriver> {
  const { by = 'U0PETTER', employee = 'U0OLA', provider = 'BankID', documents = 'Norwegian documents' } = ask
  const name = stage.slack.people().find(({ id }) => id === employee)?.name ?? ''
  const person = await openForm(stage, by, `@${name}`, ask.from)
  if (provider === 'Veriff') {
    await fill(person, /^How should/, 'Veriff')
    await stage.slack.until(() => hasField(person, /^Which documents/), { what: 'the ID type' })
    await fill(person, /^Which documents/, documents)
  }
  if (ask.number !== undefined || held(person, /employee id/) === null) {
    await fill(person, /employee id/, String(ask.number ?? NUMBERS[employee]))
  }
  const number = Number(held(person, /employee id/))
  if (Number.isInteger(number) && employee !== by) {
    await stage.slack.until(() => isConfirmed(person, number), { what: `who ${number} is` })
  }
  if (ask.note !== undefined) await fill(person, /^Note/, ask.note)
  if (ask.card !== undefined) await fill(person, /^Where should/, ask.card)
  return person
}

export async function send(person: PersonDriver): Promise<SubmitResult> {
  return person.submit()
}

/** Fills in the form and sends it; throws when it isn't taken. */
export async function askFor(stage: Stage, ask: Ask = {}): Promise<PersonDriver> {
  const person = await fillForm(stage, ask)
  const result = await send(person)
  if (!isAccepted(result)) throw new Error(`the form was not taken: ${JSON.stringify(result)}`)
  await person.close()
  return person
}

export function isAccepted(result: SubmitResult): boolean {
  return titleOf(result) === 'Accepted'
}

export function titleOf(result: SubmitResult): string | undefined {
  const title = result.updated?.definition.title
  return typeof title === 'object' && title !== null && 'text' in title ? String(title.text) : undefined
}

/** What EasyFreelance was asked to do, without who somebody is. */
export function sessionCalls({ easyfreelance }: Pick<Stage, 'easyfreelance'>) {
  return easyfreelance.calls.filter(({ route }) => route !== 'user')
}

/** The newest message with the link in it. */
export function invitationOf(stage: Stage, employee = 'U0OLA'): Message | undefined {
  return stage.slack
    .person(employee)
    .inbox()
    .findLast((message) => button(message, /^Continue/) !== undefined)
}

export function cards(stage: Stage, manager = 'U0PETTER'): Message[] {
  return stage.slack
    .person(manager)
    .inbox()
    .filter(({ text }) => /Asked by: /.test(text))
}

/** The manager's newest card. */
export function cardOf(stage: Stage, manager = 'U0PETTER'): Message | undefined {
  return cards(stage, manager).at(-1)
}

/** The newest card says so, now or soon. */
export function cardSays(stage: Stage, words: RegExp | string, manager = 'U0PETTER'): Promise<Message> {
  const says = (text: string) => (typeof words === 'string' ? text.includes(words) : words.test(text))
  return stage.slack.until(
    () => {
      const card = cardOf(stage, manager)
      return card !== undefined && says(card.text) && card
    },
    { what: `a card that says ${words}` },
  )
}

/** The newest message to the manager that is no card says so. */
export function noticeSays(stage: Stage, words: RegExp, manager = 'U0PETTER'): Promise<Message> {
  const all = () => stage.slack.person(manager).inbox()
  return stage.slack.until(() => all().find(({ text }) => words.test(text) && !text.includes('Asked by: ')), {
    what: `a message that says ${words}`,
  })
}

/** The private answer this person gets that says so. */
export function toldPrivately({ slack }: Stage, person: string, words: RegExp): Promise<Message> {
  return slack.until(
    () => slack.messages().find(({ ephemeralTo, text }) => ephemeralTo === person && words.test(text)),
    { what: `a private answer that says ${words}` },
  )
}

export function invited(stage: Stage, employee = 'U0OLA'): Promise<Message> {
  return stage.slack.until(() => invitationOf(stage, employee), { what: 'an invitation' })
}
