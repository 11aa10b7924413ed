import type { BlockAction } from '@slack/bolt'
import { readVerificationId } from '../views/blocks.ts'
import { OPEN_LINK_ACTION } from '../views/invitation.ts'
import type { Register } from './listen.ts'

/** The employee pressed the link. Their browser opens it by itself; to us it says that a result may come soon. */
export const openLink: Register = (app, { verifications, permissions }) => {
  app.action<BlockAction>(OPEN_LINK_ACTION, async ({ body, action, ack }) => {
    await ack()
    const id = readVerificationId(action)
    const verification = id === null ? null : await verifications.get(id)
    if (verification === null) return
    if ((await permissions.isTheEmployee(body.user.id, verification.employeeId)) !== 'yes') return
    await verifications.note(verification.id, { type: 'opened' })
  })
}
