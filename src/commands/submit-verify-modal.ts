import type { ViewSubmitAction } from '@slack/bolt'
import { refusal } from '../services/audit.ts'
import { isOutdated, linkedOtherwiseErrors, readVerifyForm, readVerifyModal } from '../views/read-verify-modal.ts'
import { notPermitted } from '../views/replies.ts'
import { VERIFY_MODAL } from '../views/verify-form.ts'
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
import type { Register } from './listen.ts'
import { refreshed } from './update-verify-modal.ts'

/**
 * Send: checks who asks and about whom, both against live facts and side by side, then stores the request. Nothing that
 * depends on EasyFreelance stands before the answer; the worker does the rest.
 */
export const submitVerifyModal: Register = (app, { verifications, employees, permissions, people, audit }) => {
  app.view<ViewSubmitAction>(VERIFY_MODAL, async ({ body, view, ack }) => {
    const showAgain = (problem: string) =>
      ack({ response_action: 'update', view: verifyModal({ ...readVerifyForm(view), problem }) })
    const managerId = body.user.id
    const teamId = body.team?.id ?? body.user.team_id ?? ''
    const { employeeId: subjectId } = readVerifyForm(view)
    const asked = { teamId, actorId: managerId, action: 'request', subjectId } as const
    if (isOutdated(view)) {
      // The form is shown again with what we know about the person, which is for those who may ask only.
      const permission = await permissions.mayVerify(managerId)
      if (permission !== 'yes') await audit.record({ ...asked, ...refusal(permission) })
      if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
      if (permission === 'unsure') return ack({ response_action: 'errors', errors: employeeErrors('unanswered') })
      const form = await refreshed(view, teamId, { verifications, employees })
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
    if (permission !== 'yes') await audit.record({ ...asked, ...refusal(permission) })
    if (permission === 'no') return ack({ response_action: 'update', view: refusedView(notPermitted()) })
    const problem = permission === 'unsure' ? 'unanswered' : employeeProblem(employee, request.employeeId, managerId)
    if (permission === 'yes' && problem !== null) {
      await audit.record({
        ...asked,
        ...(problem === 'unanswered' ? refusal('unsure') : { result: 'refused', reason: `target_${problem}` }),
      })
    }
    if (problem !== null) return ack({ response_action: 'errors', errors: employeeErrors(problem) })

    const inserted = await verifications.request({ ...request, teamId, managerId, viewId: view.id })
    switch (inserted.is) {
      case 'inserted':
      case 'repeated':
        return ack({ response_action: 'update', view: acceptedView(request) })
      case 'already_open':
        return showAgain(alreadyOpenProblem(inserted.verification))
      case 'limited':
        return showAgain(limitProblem(request.employeeId, inserted.reached))
      case 'number_taken':
        return showAgain(numberTakenProblem(request.employeeNumber, inserted.employeeId))
      case 'linked_otherwise':
        return ack({ response_action: 'errors', errors: linkedOtherwiseErrors(view, inserted.employeeNumber) })
    }
  })
}
