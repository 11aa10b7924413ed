import type { BlockAction } from '@slack/bolt'
import { refusal } from '../services/audit.ts'
import { readVerificationId } from '../views/blocks.ts'
import { OPEN_LINK_ACTION } from '../views/invitation.ts'
import type { Register } from './listen.ts'

/** The employee pressed the link. Their browser opens it by itself; to us it says that a result may come soon. */
export const openLink: Register = (app, { verifications, permissions, audit }) => {
  app.action<BlockAction>(OPEN_LINK_ACTION, async ({ body, action, ack }) => {
    await ack()
    const id = readVerificationId(action)
    const verification = id === null ? null : await verifications.get(id)
    if (verification === null) return
    const permission = await permissions.isTheEmployee(body.user.id, verification.employeeId)
    if (permission !== 'yes') {
      const { id: verificationId, teamId, employeeId: subjectId } = verification
      const pressing = { teamId, actorId: body.user.id, action: 'open_link', subjectId, verificationId } as const
      return audit.record({ ...pressing, ...refusal(permission) })
    }
    await verifications.note(verification.id, { type: 'opened' })
  })
}
