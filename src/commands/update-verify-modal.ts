import type { BlockAction } from '@slack/bolt'
import { askSlack } from '../services/slack-answers.ts'
import { readVerifyForm } from '../views/read-verify-modal.ts'
import { EMPLOYEE, PROVIDER } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import { alreadyOpenProblem } from '../views/verify-problems.ts'
import type { ListenerDeps, Register } from './listen.ts'

/** Another person or another provider was chosen: the form is shown again in place, with everything that was filled in. */
export const updateVerifyModal: Register = (app, { verifications, log }) => {
  /** The latest choice in each form that is being shown again; earlier ones have nothing more to say. */
  const latest = new Map<string, object>()

  for (const { action } of [EMPLOYEE, PROVIDER]) {
    app.action<BlockAction>(action, async ({ body, ack, client }) => {
      await ack()
      const { view, team } = body
      if (view === undefined || team === null) return
      latest.set(view.id, body)
      const isLatest = () => latest.get(view.id) === body
      try {
        const updated = verifyModal(await refreshed(view, team.id, verifications))
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
export async function refreshed(view: unknown, teamId: string, verifications: ListenerDeps['verifications']) {
  const form = readVerifyForm(view)
  const { employeeId } = form
  if (employeeId === null) return form
  const open = await verifications.openFor(teamId, employeeId)
  return {
    ...form,
    rememberedNumber: await verifications.employeeNumber(teamId, employeeId),
    problem: open === null ? null : alreadyOpenProblem(open),
  }
}
