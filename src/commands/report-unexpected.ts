import type { BlockAction } from '@slack/bolt'
import { refusal } from '../services/audit.ts'
import { isOpen } from '../services/verification.ts'
import { readVerificationId } from '../views/blocks.ts'
import { NOT_EXPECTED_ACTION } from '../views/invitation.ts'
import { alreadyDone, notYourButton, permissionUnchecked, thanksForTelling, unknownButton } from '../views/replies.ts'
import { privately, type Register } from './listen.ts'

/** "I did not expect this": only the employee can say so. It marks the card and tells the manager. */
export const reportUnexpected: Register = (app, { verifications, permissions, audit }) => {
  app.action<BlockAction>(NOT_EXPECTED_ACTION, async ({ body, action, ack, respond }) => {
    await ack()
    const id = readVerificationId(action)
    const verification = id === null ? null : await verifications.get(id)
    if (verification === null) return void (await respond(privately(unknownButton())))
    const permission = await permissions.isTheEmployee(body.user.id, verification.employeeId)
    if (permission !== 'yes') {
      const { id: verificationId, teamId, employeeId: subjectId } = verification
      const pressing = { teamId, actorId: body.user.id, action: 'unexpected', subjectId, verificationId } as const
      await audit.record({ ...pressing, ...refusal(permission) })
    }
    if (permission === 'unsure') return void (await respond(privately(permissionUnchecked())))
    if (permission === 'no') return void (await respond(privately(notYourButton())))
    if (!isOpen(verification)) return void (await respond(privately(alreadyDone())))
    await verifications.note(verification.id, { type: 'unexpected' })
    await respond(privately(thanksForTelling(verification.managerId)))
  })
}
