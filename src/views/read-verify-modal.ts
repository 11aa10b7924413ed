/** What comes back from the form of `verify-modal.ts`. Nothing in it is taken on trust; nothing here throws. */
import * as z from 'zod'
import type { Base } from '../services/verification.ts'
import { readShownConfirmation } from './confirmation.ts'
import { LARGEST_NUMBER, readEmployeeNumber } from './employee-number.ts'
import { clean, isChannelId, isUserId, lengthForPeople } from './mrkdwn.ts'
import {
  CARD_IN,
  EMPLOYEE,
  type FormMemory,
  ID_TYPE,
  LOOKUP_ACTION,
  lookupBlock,
  NOTE,
  NOTE_LIMIT,
  NUMBER_ACTION,
  NUMBER_LIMIT,
  numberBlock,
  PROVIDER,
  readTypedNameHint,
  shownNumber,
  type VerifyForm,
} from './verify-form.ts'
import { EMPLOYEE_PROBLEMS, FIELD_PROBLEMS, linkedOtherwise } from './verify-problems.ts'

export type VerifyRequest = Pick<
  Base,
  'employeeId' | 'employeeNumber' | 'provider' | 'idType' | 'note' | 'cardChannelId'
>
export type VerifyModalResult =
  | { readonly is: 'complete'; readonly request: VerifyRequest }
  /** Complete but for the number, which is to be found by e-mail. */
  | { readonly is: 'to_be_found'; readonly employeeId: string }
  | { readonly is: 'wrong'; readonly errors: Record<string, string> }

/** However few letters they make: more than this does not fit into a message. */
const NOTE_UNITS = 2000

const userId = z.string().refine(isUserId)
const userSelected = z.object({ selected_user: userId })
const provider = z.enum(['veriff', 'bankid'])
const idType = z.enum(['local', 'international'])
const chosen = z.object({ selected_option: z.object({ value: z.string() }) })
const ticks = z.object({ selected_options: z.array(z.object({ value: z.string() })) })
const text = z.object({ value: z.string() })
const values = z.record(z.string(), z.record(z.string(), z.unknown()))
const view = z.object({ state: z.object({ values }) })
const metadata = z.object({ private_metadata: z.string() })
const hints = z.object({ blocks: z.array(z.unknown()) })
const hint = z.object({ block_id: z.literal(EMPLOYEE.block), hint: z.object({ text: z.string() }) })
const memory = z.object({
  channelId: z.string().refine(isChannelId).nullable(),
  employeeId: userId.nullable(),
  rememberedNumber: z.int().min(1).max(LARGEST_NUMBER).nullable(),
  isLinked: z.boolean(),
  typedNumber: z.object({ text: z.string().max(NUMBER_LIMIT), forEmployeeId: userId.nullable() }).nullable(),
})
const NOTHING_REMEMBERED: FormMemory = {
  channelId: null,
  employeeId: null,
  rememberedNumber: null,
  isLinked: false,
  typedNumber: null,
}

/** What is filled in now, complete or not: for showing the form again. The problem on top is not carried over. */
export function readVerifyForm(submitted: unknown): VerifyForm {
  const fields = readFields(submitted)
  const { channelId, employeeId: shownFor, rememberedNumber, isLinked, typedNumber } = readMemory(submitted)
  const number = fields.number.trim().slice(0, NUMBER_LIMIT)
  const asShown = number === shownNumber({ employeeId: shownFor, rememberedNumber, typedNumber })
  const asRemembered = rememberedNumber !== null && readEmployeeNumber(number) === rememberedNumber
  // What we know of this person was not typed, so it never follows to another one.
  const typedNow = asRemembered ? null : { text: number, forEmployeeId: shownFor }
  return {
    employeeId: fields.employeeId,
    typedName: readTypedName(submitted),
    provider: fields.provider,
    idType: fields.idType,
    rememberedNumber: fields.employeeId === shownFor ? rememberedNumber : null,
    isLinked: fields.employeeId === shownFor && isLinked,
    confirmation: readShownConfirmation(submitted),
    lookup: fields.employeeId === shownFor ? fields.lookup : 'off',
    typedNumber: number === '' ? null : asShown ? typedNumber : typedNow,
    note: fields.note,
    channelId,
    cardIn: fields.cardIn,
    problem: null,
  }
}

/** What was sent, or what to say at which field. A number that was typed wins over the wish to have it found. */
export function readVerifyModal(submitted: unknown): VerifyModalResult {
  const fields = readFields(submitted)
  const { channelId, employeeId: shownFor } = readMemory(submitted)
  const employeeNumber = readEmployeeNumber(fields.number)
  const note = clean(fields.note)
  const errors: Record<string, string> = {}

  if (fields.employeeId === null) errors[EMPLOYEE.block] = EMPLOYEE_PROBLEMS.nobody
  if (fields.provider === null) errors[PROVIDER.block] = FIELD_PROBLEMS.provider
  if (fields.provider === 'veriff' && fields.idType === null) {
    errors[fields.has(ID_TYPE.block) ? ID_TYPE.block : PROVIDER.block] = FIELD_PROBLEMS.idType
  }
  // Sent before the form could be shown again for the newly chosen person: the number may be the old person's.
  const hasChanged = shownFor !== null && fields.employeeId !== shownFor
  const isToBeFound = !hasChanged && fields.lookup === 'wanted' && fields.number.trim() === ''
  if (hasChanged) errors[fields.numberBlock] = FIELD_PROBLEMS.personChanged
  else if (employeeNumber === null && !isToBeFound) {
    const isMissing = fields.lookup === 'offered' && fields.number.trim() === ''
    errors[fields.numberBlock] = isMissing ? FIELD_PROBLEMS.numberOrTick : FIELD_PROBLEMS.number
  }
  if (lengthForPeople(note) > NOTE_LIMIT || note.length > NOTE_UNITS) errors[NOTE.block] = FIELD_PROBLEMS.note

  const { employeeId, provider, idType } = fields
  if (Object.keys(errors).length > 0 || employeeId === null || provider === null) return { is: 'wrong', errors }
  if (employeeNumber === null) return { is: 'to_be_found', employeeId }
  const request: VerifyRequest = {
    employeeId,
    employeeNumber,
    provider,
    idType: provider === 'veriff' ? idType : null,
    note: note === '' ? null : note,
    cardChannelId: fields.cardIn === 'channel' ? channelId : null,
  }
  return { is: 'complete', request }
}

/**
 * Sent before the form could be shown again for the person or the provider chosen last, so that a field is missing or may
 * be about somebody else. It has to be shown again first.
 */
export function isOutdated(submitted: unknown): boolean {
  const fields = readFields(submitted)
  const { employeeId: shownFor } = readMemory(submitted)
  const isAboutSomebodyElse = shownFor !== null && fields.employeeId !== null && fields.employeeId !== shownFor
  return isAboutSomebodyElse || (fields.provider === 'veriff' && !fields.has(ID_TYPE.block))
}

/** The employee is linked to another number. For `response_action: 'errors'`. */
export function linkedOtherwiseErrors(submitted: unknown, linkedNumber: number): Record<string, string> {
  return { [readFields(submitted).numberBlock]: linkedOtherwise(linkedNumber) }
}

/** EasyFreelance knows nobody of this number. For `response_action: 'errors'`. */
export function nobodyErrors(submitted: unknown): Record<string, string> {
  const { isLinked } = readVerifyForm(submitted)
  return { [readFields(submitted).numberBlock]: isLinked ? FIELD_PROBLEMS.linkedNobody : FIELD_PROBLEMS.nobody }
}

function readFields(submitted: unknown) {
  const state = view.safeParse(submitted).data?.state.values ?? {}
  const at = (field: { block: string; action: string }): unknown => state[field.block]?.[field.action]
  const option = (field: { block: string; action: string }) => chosen.safeParse(at(field)).data?.selected_option.value
  const employeeId = userSelected.safeParse(at(EMPLOYEE)).data?.selected_user ?? null
  const ticked = ticks.safeParse(at({ block: lookupBlock(employeeId ?? ''), action: LOOKUP_ACTION })).data
  const [block = numberBlock(null), number] = Object.entries(state).find(([, field]) => NUMBER_ACTION in field) ?? []
  return {
    has: (block: string): boolean => block in state,
    employeeId,
    provider: provider.safeParse(option(PROVIDER)).data ?? null,
    idType: idType.safeParse(option(ID_TYPE)).data ?? null,
    lookup: lookupOf(ticked?.selected_options),
    numberBlock: block,
    number: text.safeParse(number?.[NUMBER_ACTION]).data?.value ?? '',
    note: text.safeParse(at(NOTE)).data?.value ?? '',
    cardIn: option(CARD_IN) === 'channel' ? ('channel' as const) : ('dm' as const),
  }
}

function lookupOf(ticked: readonly unknown[] | undefined): VerifyForm['lookup'] {
  if (ticked === undefined) return 'off'
  return ticked.length > 0 ? 'wanted' : 'offered'
}

function readMemory(submitted: unknown): FormMemory {
  try {
    return memory.parse(JSON.parse(metadata.parse(submitted).private_metadata))
  } catch {
    return NOTHING_REMEMBERED
  }
}

function readTypedName(submitted: unknown): string | null {
  for (const block of hints.safeParse(submitted).data?.blocks ?? []) {
    const shown = hint.safeParse(block).data
    if (shown !== undefined) return readTypedNameHint(shown.hint.text)
  }
  return null
}
