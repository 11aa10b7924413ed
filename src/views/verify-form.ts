/** The form behind `/verify`: its ids, what it holds, and what it remembers. Built in `verify-modal.ts`, read in `read-verify-modal.ts`. */
import type { IdType, Provider } from '../services/verification.ts'
import type { ShownConfirmation } from './confirmation.ts'
import { readEmployeeNumber } from './employee-number.ts'
import { cap, oneLine } from './mrkdwn.ts'

export const VERIFY_MODAL = 'verify'

/** In Slack a field keeps what was filled in for as long as its block id and action id stay the same. */
export const EMPLOYEE = { block: 'employee', action: 'choose_employee' }
export const PROVIDER = { block: 'provider', action: 'choose_provider' }
export const ID_TYPE = { block: 'id_type', action: 'id_type' }
export const NOTE = { block: 'note', action: 'note' }
export const CARD_IN = { block: 'card_in', action: 'card_in' }
export const NUMBER_ACTION = 'employee_number'
/** A field of its own for each person and what is known of them, so that nobody gets a number that is not theirs. */
export const numberBlock = (employeeId: string | null, rememberedNumber: number | null = null): string =>
  [NUMBER_ACTION, employeeId ?? 'nobody', ...(rememberedNumber === null ? [] : [rememberedNumber])].join('-')
export const LOOKUP_ACTION = 'find_by_email'
/** A tick for one person is none for another. */
export const lookupBlock = (employeeId: string): string => `${LOOKUP_ACTION}-${employeeId}`

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
  /** What EasyFreelance says about the number; not shown once person or number are others. */
  readonly confirmation: ShownConfirmation | null
  /** Whether the person can be found at EasyFreelance by e-mail, and whether that is ticked. */
  readonly lookup: 'off' | 'offered' | 'wanted'
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
  return {
    ...start,
    provider: 'bankid',
    idType: null,
    typedNumber: null,
    confirmation: null,
    lookup: 'off',
    note: '',
    cardIn: 'dm',
    problem: null,
  }
}

/** What stands in the number's field. */
export function shownNumber({ employeeId, rememberedNumber, typedNumber }: NumberField): string {
  const isForThem = typedNumber !== null && typedNumber.forEmployeeId === employeeId
  const remembered = rememberedNumber === null ? null : String(rememberedNumber)
  return (isForThem ? typedNumber.text : (remembered ?? typedNumber?.text ?? '')).slice(0, NUMBER_LIMIT)
}

type NumberField = Pick<VerifyForm, 'employeeId' | 'rememberedNumber' | 'typedNumber'>

/** The person and the number that belong together if this form is right; null while one is missing. */
export function pairOf(form: NumberField): { employeeId: string; employeeNumber: number } | null {
  const employeeNumber = readEmployeeNumber(shownNumber(form))
  return form.employeeId === null || employeeNumber === null ? null : { employeeId: form.employeeId, employeeNumber }
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
