/** The form behind `/verify`: its ids, what it holds, and what it remembers. Built in `verify-modal.ts`, read in `read-verify-modal.ts`. */
import type { IdType, Provider } from '../services/verification.ts'
import { cap, oneLine } from './mrkdwn.ts'

export const VERIFY_MODAL = 'verify'

/** In Slack a field keeps what was filled in for as long as its block id and action id stay the same. */
export const EMPLOYEE = { block: 'employee', action: 'choose_employee' }
export const PROVIDER = { block: 'provider', action: 'choose_provider' }
export const ID_TYPE = { block: 'id_type', action: 'id_type' }
export const NOTE = { block: 'note', action: 'note' }
export const CARD_IN = { block: 'card_in', action: 'card_in' }
export const NUMBER_ACTION = 'employee_number'
/** A field of its own for each person, so that nobody gets somebody else's remembered number. */
export const numberBlock = (employeeId: string | null): string => `${NUMBER_ACTION}-${employeeId ?? 'nobody'}`

export const NOTE_LIMIT = 300
export const NUMBER_LIMIT = 20

export type TypedNumber = {
  readonly text: string
  /** Who was chosen when it was typed. */
  readonly forEmployeeId: string | null
}

export type VerifyForm = {
  readonly employeeId: string | null
  /** A plain `@name` typed after the command, shown until somebody is chosen. */
  readonly typedName: string | null
  readonly provider: Provider | null
  readonly idType: IdType | null
  /** The employee number that we know for `employeeId`. */
  readonly rememberedNumber: number | null
  /** A manager or the operator said that it is theirs. */
  readonly isLinked: boolean
  readonly typedNumber: TypedNumber | null
  readonly note: string
  /** The channel the command came from; null when the card can only go to direct messages. */
  readonly channelId: string | null
  readonly cardIn: 'dm' | 'channel'
  /** Mrkdwn from `verify-problems.ts`: what is wrong with no field in particular. */
  readonly problem: string | null
}

/** What the form cannot tell by itself when it comes back. Slack shows it to nobody. */
export type FormMemory = Pick<VerifyForm, 'channelId' | 'employeeId' | 'rememberedNumber' | 'isLinked' | 'typedNumber'>

/** The form as `/verify` opens it. `channelId` is where the command was typed, be it a channel or not. */
export function newVerifyForm(
  start: Pick<VerifyForm, 'employeeId' | 'typedName' | 'rememberedNumber' | 'isLinked' | 'channelId'>,
): VerifyForm {
  return { ...start, provider: 'bankid', idType: null, typedNumber: null, note: '', cardIn: 'dm', problem: null }
}

const NAME_LIMIT = 80

/** Says back a name that was typed, without anything that Slack could take for a mention. */
export function typedNameHint(typedName: string): string {
  const name = cap(oneLine(typedName.replace(/[<>&]/g, '')), NAME_LIMIT)
  return `You typed: ${name} – please choose the person here.`
}

const TYPED_NAME_HINT = /^You typed: (.*) – please choose the person here\.$/su

/** The typed name out of the hint that shows it; it is a name, so it is kept nowhere else. */
export function readTypedNameHint(hint: string): string | null {
  return TYPED_NAME_HINT.exec(hint)?.[1] ?? null
}
