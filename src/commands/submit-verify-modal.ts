import type { AckFn, ViewResponseAction, ViewSubmitAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { refusal } from '../services/audit.ts'
import { readShownConfirmation } from '../views/confirmation.ts'
import { askingForAccount, lookupProblem } from '../views/lookup-words.ts'
import {
  isOutdated,
  linkedOtherwiseErrors,
  nobodyErrors,
  readVerifyForm,
  readVerifyModal,
  type VerifyRequest,
} from '../views/read-verify-modal.ts'
import { notPermitted } from '../views/replies.ts'
import { VERIFY_MODAL, type VerifyForm } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import {
  alreadyOpenProblem,
  employeeErrors,
  limitProblem,
  numberTakenProblem,
  OUTDATED_PROBLEM,
} from '../views/verify-problems.ts'
import { acceptedView, refusedView } from '../views/verify-results.ts'
import { employeeProblem } from './employee-problem.ts'
import type { Turn } from './form-turns.ts'
import type { ListenerDeps, Register } from './listen.ts'
import { answered, refreshed, showAnswer, showPrepared, withConfirmation } from './show-form.ts'

/** One press of Send. */
type Sent = {
  readonly teamId: string
  readonly managerId: string
  readonly view: ViewSubmitAction['view']
  readonly client: WebClient
  readonly turn: Turn
  readonly ack: AckFn<ViewResponseAction>
}

/**
 * Send: checks who asks and about whom, both against live facts and side by side, then stores the request. Slack's answer
 * never waits for EasyFreelance: what it must be asked first is asked after the answer, and Send is pressed again.
 */
export const submitVerifyModal: Register = (app, deps) => {
  app.view<ViewSubmitAction>(VERIFY_MODAL, async ({ body, view, ack, client }) => {
    const turn = deps.turns.begin(view.id)
    const teamId = body.team?.id ?? body.user.team_id ?? ''
    try {
      await take({ teamId, managerId: body.user.id, view, client, turn, ack }, deps)
    } finally {
      turn.end()
    }
  })
}

async function take(sent: Sent, deps: ListenerDeps): Promise<void> {
  const { teamId, managerId, view, ack } = sent
  const { permissions, people, audit } = deps
  const asked = () => {
    const { employeeId: subjectId } = readVerifyForm(view)
    return { teamId, actorId: managerId, action: 'request', subjectId } as const
  }
  if (isOutdated(view)) {
    // The form is shown again with what we know about the person, which is for those who may ask only.
    const permission = await permissions.mayVerify(managerId)
    if (permission !== 'yes') await audit.record({ ...asked(), ...refusal(permission) })
    if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
    if (permission === 'unsure') return ack({ response_action: 'errors', errors: employeeErrors('unanswered') })
    const form = await refreshed(view, teamId, deps)
    return showAgain({ ...form, problem: form.problem ?? OUTDATED_PROBLEM }, sent, deps)
  }
  const read = readVerifyModal(view)
  if (read.is === 'wrong') return ack({ response_action: 'errors', errors: read.errors })

  const employeeId = read.is === 'complete' ? read.request.employeeId : read.employeeId
  const [permission, employee] = await Promise.all([permissions.mayVerify(managerId), people.look(employeeId)])
  if (permission !== 'yes') await audit.record({ ...asked(), ...refusal(permission) })
  if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
  const problem = permission === 'unsure' ? 'unanswered' : employeeProblem(employee, employeeId, managerId)
  if (permission === 'yes' && problem !== null) {
    await audit.record({
      ...asked(),
      ...(problem === 'unanswered' ? refusal('unsure') : { result: 'refused', reason: `target_${problem}` }),
    })
  }
  if (problem !== null) return ack({ response_action: 'errors', errors: employeeErrors(problem) })

  if (read.is === 'to_be_found') return lookUp(employeeId, sent, deps)
  return (await isHeld(read.request, sent, deps)) ? undefined : request(read.request, sent, deps)
}

/** Nobody is asked for before the manager has seen who has the number, or that EasyFreelance doesn't say. */
async function isHeld({ employeeId, employeeNumber }: VerifyRequest, sent: Sent, deps: ListenerDeps): Promise<boolean> {
  const { teamId, view, ack } = sent
  const { confirmations, employees } = deps
  // Linked to another number: it will be refused, whoever has this one.
  const linked = await employees.of(teamId, employeeId)
  if (linked !== null && linked.source !== 'remembered' && linked.employeeNumber !== employeeNumber) return false
  const known = confirmations.known(employeeId, employeeNumber)
  if (known?.is === 'not_found') {
    await ack({ response_action: 'errors', errors: nobodyErrors(view) })
    return true
  }
  const read = readShownConfirmation(view)
  const shown = read?.employeeId === employeeId && read.employeeNumber === employeeNumber ? read.is : null
  if (shown === 'said') return false
  const form = readVerifyForm(view)
  if (shown === 'asking' && known === null && !confirmations.isAsking(employeeId, employeeNumber)) {
    // The answer never reached the form, and is gone. Nobody is held up a second time for that.
    const unanswered = answered(form, { employeeId, employeeNumber }, { is: 'no_answer' }, true)
    await ack({ response_action: 'update', view: verifyModal(unanswered) })
    return true
  }
  await showAgain(form, sent, deps)
  return true
}

async function request(request: VerifyRequest, sent: Sent, deps: ListenerDeps): Promise<void> {
  const { teamId, managerId, view, ack } = sent
  const showProblem = (problem: string) =>
    ack({ response_action: 'update', view: verifyModal({ ...readVerifyForm(view), problem }) })
  const inserted = await deps.verifications.request({ ...request, teamId, managerId, viewId: view.id })
  switch (inserted.is) {
    case 'inserted':
    case 'repeated':
      return ack({ response_action: 'update', view: acceptedView(request) })
    case 'already_open':
      return showProblem(alreadyOpenProblem(inserted.verification))
    case 'limited':
      return showProblem(limitProblem(request.employeeId, inserted.reached))
    case 'number_taken':
      return showProblem(numberTakenProblem(request.employeeNumber, inserted.employeeId))
    case 'linked_otherwise':
      return ack({ response_action: 'errors', errors: linkedOtherwiseErrors(view, inserted.employeeNumber) })
  }
}

/** Has the number found by e-mail, shows it with who that is, and leaves it to the next Send. */
async function lookUp(employeeId: string, sent: Sent, deps: ListenerDeps): Promise<void> {
  const { teamId, managerId, view, client, turn, ack } = sent
  const form = await refreshed(view, teamId, deps)
  if (deps.emailLookup === null || form.rememberedNumber !== null || form.problem !== null) {
    return showAgain({ ...form, problem: form.problem ?? OUTDATED_PROBLEM }, sent, deps)
  }
  await ack({ response_action: 'update', view: verifyModal({ ...form, problem: askingForAccount(employeeId) }) })
  const found = await deps.emailLookup.find({ teamId, managerId, employeeId })
  if (!turn.isLatest()) return
  const next = await refreshed(view, teamId, deps)
  const problem = found.is === 'found' ? next.problem : lookupProblem(employeeId, found)
  const prepared = withConfirmation({ ...next, problem }, { teamId, managerId }, deps, { held: true })
  await showPrepared({ client, viewId: view.id, hash: null, turn }, prepared, deps)
}

/** Shows the form as Slack's answer, and who has the number as soon as EasyFreelance says. */
async function showAgain(form: VerifyForm, sent: Sent, deps: ListenerDeps): Promise<void> {
  const { teamId, managerId, view, client, turn, ack } = sent
  const prepared = withConfirmation(form, { teamId, managerId }, deps, { held: true })
  await ack({ response_action: 'update', view: verifyModal(prepared.form) })
  await showAnswer({ client, viewId: view.id, hash: null, turn }, prepared, deps)
}
