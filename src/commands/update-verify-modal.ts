import type { BlockAction } from '@slack/bolt'
import { refusal } from '../services/audit.ts'
import { readVerifyForm } from '../views/read-verify-modal.ts'
import { notPermitted } from '../views/replies.ts'
import { EMPLOYEE, NUMBER_ACTION, PROVIDER } from '../views/verify-form.ts'
import { refusedView } from '../views/verify-results.ts'
import type { Register } from './listen.ts'
import { refreshed, showPrepared, showView, withConfirmation } from './show-form.ts'

/**
 * Another person or another provider was chosen, or Enter was pressed at the number: the form is shown again in place, with
 * everything that was filled in, and with who has the number.
 */
export const updateVerifyModal: Register = (app, deps) => {
  const { permissions, audit, turns } = deps
  for (const action of [EMPLOYEE.action, PROVIDER.action, NUMBER_ACTION]) {
    app.action<BlockAction>(action, async ({ body, ack, client }) => {
      await ack()
      const { view, team, user } = body
      if (view === undefined || team === null) return
      const turn = turns.begin(view.id)
      try {
        const place = { client, viewId: view.id, hash: view.hash, turn }
        // Another person's number and state are shown only to those who may still ask for them.
        const permission = await permissions.mayVerify(user.id)
        if (permission !== 'yes') {
          const { employeeId: subjectId } = readVerifyForm(view)
          const asked = { teamId: team.id, actorId: user.id, action: 'command', subjectId } as const
          await audit.record({ ...asked, ...refusal(permission) })
        }
        if (permission === 'no') return void (await showView(place, refusedView(notPermitted()), deps))
        if (permission === 'unsure') return
        const form = await refreshed(view, team.id, deps)
        const by = { teamId: team.id, managerId: user.id }
        await showPrepared(place, withConfirmation(form, by, deps, { again: action === NUMBER_ACTION }), deps)
      } finally {
        turn.end()
      }
    })
  }
}
