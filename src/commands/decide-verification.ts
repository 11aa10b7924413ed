import type { BlockAction } from '@slack/bolt'
import type { PersonEvent } from '../services/verifications.ts'
import { type Content, readVerificationId } from '../views/blocks.ts'
import { CLOSE_ACTION, RETRY_ACTION } from '../views/decision-buttons.ts'
import { alreadyDone, closed, notYourDecision, permissionUnchecked, retrying, unknownButton } from '../views/replies.ts'
import { type ListenerDeps, privately, type Register } from './listen.ts'

type Decision = {
  readonly event: (userId: string) => PersonEvent
  readonly reply: (employeeId: string) => Content
}

const DECISIONS: Readonly<Record<string, Decision>> = {
  [RETRY_ACTION]: { event: () => ({ type: 'retried' }), reply: retrying },
  [CLOSE_ACTION]: { event: (userId) => ({ type: 'given_up', by: userId }), reply: closed },
}

/** [Try again] and [Close] on a parked verification: for the manager who asked, or an admin. */
export const decideVerification: Register = (app, deps) => {
  for (const [actionId, decision] of Object.entries(DECISIONS)) {
    app.action<BlockAction>(actionId, async ({ body, action, ack, respond }) => {
      await ack()
      await respond(privately(await decide(decision, body.user.id, readVerificationId(action), deps)))
    })
  }
}

async function decide(decision: Decision, userId: string, id: string | null, deps: ListenerDeps): Promise<Content> {
  const { verifications, permissions } = deps
  const verification = id === null ? null : await verifications.get(id)
  if (verification === null) return unknownButton()
  const permission = await permissions.mayDecide(userId, verification.managerId)
  if (permission === 'unsure') return permissionUnchecked()
  if (permission === 'no') return notYourDecision(verification.managerId)
  if (verification.status !== 'parked') return alreadyDone()
  await verifications.note(verification.id, decision.event(userId))
  return decision.reply(verification.employeeId)
}
