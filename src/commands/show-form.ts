import type { ModalView } from '@slack/types'
import type { WebClient } from '@slack/web-api'
import type { Asker } from '../services/confirmations.ts'
import { askSlack } from '../services/slack-answers.ts'
import { askingWho, type Confirmation, confirmationOf } from '../views/confirmation.ts'
import { readVerifyForm } from '../views/read-verify-modal.ts'
import { pairOf, type VerifyForm } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import { alreadyOpenProblem } from '../views/verify-problems.ts'
import type { Turn } from './form-turns.ts'
import type { ListenerDeps } from './listen.ts'

type Deps = Pick<ListenerDeps, 'confirmations' | 'log'>
type Pair = NonNullable<ReturnType<typeof pairOf>>

/** A form as it can be shown now, and what EasyFreelance has to be asked for it. `held`: Send was pressed already. */
export type Prepared = {
  readonly form: VerifyForm
  readonly asks: (Pair & Asker) | null
  readonly held: boolean
}

/**
 * Where a form stands. `hash`: null when it isn't known how it looks now. `turn`: null to show nothing once the form looks
 * otherwise, because whoever changed it shows everything there is.
 */
export type Place = {
  readonly client: WebClient
  readonly viewId: string
  readonly hash: string | null
  readonly turn: Turn | null
}

/** Everything that was filled in, with what we know about the person who is chosen now. */
export async function refreshed(
  view: unknown,
  teamId: string,
  deps: Pick<ListenerDeps, 'verifications' | 'employees' | 'emailLookup'>,
): Promise<VerifyForm> {
  const form = readVerifyForm(view)
  return form.employeeId === null ? form : withKnown({ ...form, employeeId: form.employeeId }, teamId, deps)
}

/** With the number we know for its person, the way to have it found, and the verification they have already. */
export async function withKnown(
  form: VerifyForm & { readonly employeeId: string },
  teamId: string,
  { verifications, employees, emailLookup }: Pick<ListenerDeps, 'verifications' | 'employees' | 'emailLookup'>,
): Promise<VerifyForm> {
  const [open, known] = await Promise.all([
    verifications.openFor(teamId, form.employeeId),
    employees.of(teamId, form.employeeId),
  ])
  const lookup = form.lookup === 'off' ? 'offered' : form.lookup
  return {
    ...form,
    rememberedNumber: known?.employeeNumber ?? null,
    isLinked: known !== null && known.source !== 'remembered',
    lookup: emailLookup === null ? 'off' : lookup,
    problem: open === null ? null : alreadyOpenProblem(open),
  }
}

/**
 * With who has the number, as far as that is known, for somebody who may ask. `again`: also when it stands there already.
 * Nobody is asked for themselves.
 */
export function withConfirmation(
  form: VerifyForm,
  by: Asker,
  { confirmations }: Pick<Deps, 'confirmations'>,
  { held = false, again = false } = {},
): Prepared {
  const pair = pairOf(form)
  if (pair === null || pair.employeeId === by.managerId)
    return { form: { ...form, confirmation: null }, asks: null, held }
  const { employeeId, employeeNumber } = pair
  const { confirmation } = form
  const stands = confirmation?.employeeId === employeeId && confirmation.employeeNumber === employeeNumber
  if (stands && confirmation.is === 'said' && !again) return { form, asks: null, held }
  const known = confirmations.known(employeeId, employeeNumber)
  return known === null
    ? { form: { ...form, confirmation: askingWho(employeeId, employeeNumber) }, asks: { ...pair, ...by }, held }
    : { form: answered(form, pair, known, held), asks: null, held }
}

/** The same form with the answer in it. */
export function answered(form: VerifyForm, pair: Pair, found: Confirmation, held: boolean): VerifyForm {
  return { ...form, confirmation: confirmationOf(pair.employeeId, pair.employeeNumber, found, { held }) }
}

/** Shows the form, and again once EasyFreelance has answered, unless something newer happens to it. */
export async function showPrepared(place: Place, prepared: Prepared, deps: Deps): Promise<void> {
  const hash = await showView(place, verifyModal(prepared.form), deps)
  if (hash !== null) await showAnswer({ ...place, hash }, prepared, deps)
}

/** Asks EasyFreelance what the form, which is shown already, is still waiting for, and shows the answer in it. */
export async function showAnswer(place: Place, { form, asks, held }: Prepared, deps: Deps): Promise<void> {
  if (asks === null) return
  const found = await deps.confirmations.confirm(asks)
  if (place.turn?.isLatest() === false) return
  await showView(place, verifyModal(answered(form, asks, found, held)), deps)
}

/** Gives the hash of what Slack shows now; null when it wasn't shown: Send shows it again where that matters. */
export async function showView(
  { client, viewId, hash, turn }: Place,
  view: ModalView,
  { log }: Pick<Deps, 'log'>,
): Promise<string | null> {
  const update = (expected: { hash?: string }) =>
    askSlack(() => client.views.update({ view_id: viewId, ...expected, view }))
  const shown = await update(hash === null ? {} : { hash })
  // Two changes at once: the other one was shown first. The latest knows of both.
  const isOvertaken = shown.is === 'refused' && shown.error === 'hash_conflict'
  const again = isOvertaken && turn?.isLatest() === true ? await update({}) : shown
  if (again.is === 'done') return again.value.view?.hash ?? null
  // Closed or changed meanwhile, or Slack had trouble.
  log.info('form not updated', { reason: again.error })
  return null
}
