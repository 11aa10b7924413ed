import type { BlockAction } from '@slack/bolt'
import { refusal } from '../services/audit.ts'
import type { Employees } from '../services/employees.ts'
import { askSlack } from '../services/slack-answers.ts'
import { readVerifyForm } from '../views/read-verify-modal.ts'
import { notPermitted } from '../views/replies.ts'
import { EMPLOYEE, PROVIDER } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import { alreadyOpenProblem } from '../views/verify-problems.ts'
import { refusedView } from '../views/verify-results.ts'
import type { ListenerDeps, Register } from './listen.ts'

/** Another person or another provider was chosen: the form is shown again in place, with everything that was filled in. */
export const updateVerifyModal: Register = (app, { verifications, employees, permissions, audit, log }) => {
  /** The latest choice in each form that is being shown again; earlier ones have nothing more to say. */
  const latest = new Map<string, object>()

  for (const { action } of [EMPLOYEE, PROVIDER]) {
    app.action<BlockAction>(action, async ({ body, ack, client }) => {
      await ack()
      const { view, team } = body
      if (view === undefined || team === null) return
      latest.set(view.id, body)
      const isLatest = () => latest.get(view.id) === body
      // Another person's number and state are shown only to those who may still ask for them.
      const permission = await permissions.mayVerify(body.user.id)
      if (permission !== 'yes') {
        const { employeeId: subjectId } = readVerifyForm(view)
        const asked = { teamId: team.id, actorId: body.user.id, action: 'command', subjectId } as const
        await audit.record({ ...asked, ...refusal(permission) })
      }
      try {
        if (permission === 'unsure') return
        const updated =
          permission === 'yes'
            ? verifyModal(await refreshed(view, team.id, { verifications, employees }))
            : refusedView(notPermitted())
        const shown = await askSlack(() => client.views.update({ view_id: view.id, hash: view.hash, view: updated }))
        // Two choices at once: the other one was shown first. This one knows of both.
        const again =
          shown.is === 'refused' && shown.error === 'hash_conflict' && isLatest()
            ? await askSlack(() => client.views.update({ view_id: view.id, view: updated }))
            : shown
        // Closed meanwhile, or Slack had trouble: Send shows it again where that matters.
        if (again.is !== 'done') log.info('form not updated', { reason: again.error })
      } finally {
        if (isLatest()) latest.delete(view.id)
      }
    })
  }
}

/** Everything that was filled in, with what we know about the person who is chosen now. */
export async function refreshed(
  view: unknown,
  teamId: string,
  { verifications, employees }: Pick<ListenerDeps, 'verifications' | 'employees'>,
) {
  const form = readVerifyForm(view)
  const { employeeId } = form
  if (employeeId === null) return form
  const open = await verifications.openFor(teamId, employeeId)
  return {
    ...form,
    ...knownNumber(await employees.of(teamId, employeeId)),
    problem: open === null ? null : alreadyOpenProblem(open),
  }
}

/** What the form says about the number we know for its person. */
export function knownNumber(known: Awaited<ReturnType<Employees['of']>>) {
  return {
    rememberedNumber: known?.employeeNumber ?? null,
    isLinked: known !== null && known.source !== 'remembered',
  }
}
