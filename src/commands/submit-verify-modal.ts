import type { ViewSubmitAction } from '@slack/bolt'
import type { Person, PersonKind } from '../services/people.ts'
import { isOutdated, numberTakenErrors, readVerifyForm, readVerifyModal } from '../views/read-verify-modal.ts'
import { notPermitted } from '../views/replies.ts'
import { VERIFY_MODAL } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import { alreadyOpenProblem, type EmployeeProblem, employeeErrors, OUTDATED_PROBLEM } from '../views/verify-problems.ts'
import { acceptedView, refusedView } from '../views/verify-results.ts'
import type { Register } from './listen.ts'
import { refreshed } from './update-verify-modal.ts'

/**
 * Send: checks who asks and about whom, both against live facts and side by side, then stores the request. Nothing that
 * depends on EasyFreelance stands before the answer; the worker does the rest.
 */
export const submitVerifyModal: Register = (app, { verifications, permissions, people }) => {
  app.view<ViewSubmitAction>(VERIFY_MODAL, async ({ body, view, ack }) => {
    const managerId = body.user.id
    const teamId = body.team?.id ?? body.user.team_id ?? ''
    if (isOutdated(view)) {
      // The form is shown again with what we know about the person, which is for those who may ask only.
      const permission = await permissions.mayVerify(managerId)
      if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
      if (permission === 'unsure') return ack({ response_action: 'errors', errors: employeeErrors('unanswered') })
      const form = await refreshed(view, teamId, verifications)
      return ack({
        response_action: 'update',
        view: verifyModal({ ...form, problem: form.problem ?? OUTDATED_PROBLEM }),
      })
    }
    const read = readVerifyModal(view)
    if (!read.ok) return ack({ response_action: 'errors', errors: read.errors })

    const { request } = read
    const [permission, employee] = await Promise.all([
      permissions.mayVerify(managerId),
      people.look(request.employeeId),
    ])
    if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
    const problem = permission === 'unsure' ? 'unanswered' : problemWith(employee, request.employeeId, managerId)
    if (problem !== null) return ack({ response_action: 'errors', errors: employeeErrors(problem) })

    const inserted = await verifications.request({ ...request, teamId, managerId, viewId: view.id })
    switch (inserted.is) {
      case 'inserted':
      case 'repeated':
        return ack({ response_action: 'update', view: acceptedView(request) })
      case 'already_open': {
        const form = { ...readVerifyForm(view), problem: alreadyOpenProblem(inserted.verification) }
        return ack({ response_action: 'update', view: verifyModal(form) })
      }
      case 'number_taken':
        return ack({ response_action: 'errors', errors: numberTakenErrors(view) })
    }
  })
}

const KIND_PROBLEMS: Readonly<Record<PersonKind, EmployeeProblem | null>> = {
  member: null,
  deactivated: 'deleted',
  bot: 'bot',
  slackbot: 'slackbot',
  guest: 'guest',
  stranger: 'stranger',
  invited: 'invited',
}

function problemWith(
  employee: Person | 'unknown' | 'no_answer',
  employeeId: string,
  managerId: string,
): EmployeeProblem | null {
  if (employeeId === managerId) return 'yourself'
  if (employee === 'unknown') return 'unknown'
  return employee === 'no_answer' ? 'unanswered' : KIND_PROBLEMS[employee.kind]
}
