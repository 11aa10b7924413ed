import type { BlockAction } from '@slack/bolt'
import type { PersonEvent } from '../services/verifications.ts'
import type { Content } from '../views/blocks.ts'
import { CLOSE_ACTION, type PressedDecision, RETRY_ACTION, readDecision } from '../views/decision-buttons.ts'
import {
  alreadyDone,
  closed,
  notVerifiableNow,
  notYourDecision,
  permissionUnchecked,
  retrying,
  unknownButton,
} from '../views/replies.ts'
import { type ListenerDeps, privately, type Register } from './listen.ts'

type Decision = {
  readonly event: (userId: string) => PersonEvent
  readonly reply: (employeeId: string) => Content
  /** Something is sent to the employee, who may have left or become a guest since. */
  readonly needsEmployee: boolean
}

const DECISIONS: Readonly<Record<string, Decision>> = {
  [RETRY_ACTION]: { event: () => ({ type: 'retried' }), reply: retrying, needsEmployee: true },
  [CLOSE_ACTION]: { event: (userId) => ({ type: 'given_up', by: userId }), reply: closed, needsEmployee: false },
}

/** [Try again] and [Close] on a parked verification: for the manager who asked, or an admin. */
export const decideVerification: Register = (app, deps) => {
  for (const [actionId, decision] of Object.entries(DECISIONS)) {
    app.action<BlockAction>(actionId, async ({ body, action, ack, respond }) => {
      await ack()
      await respond(privately(await decide(decision, body.user.id, readDecision(action), deps)))
    })
  }
}

async function decide(
  decision: Decision,
  userId: string,
  pressed: PressedDecision | null,
  { verifications, permissions }: ListenerDeps,
): Promise<Content> {
  const verification = pressed === null ? null : await verifications.get(pressed.verificationId)
  if (pressed === null || verification === null) return unknownButton()
  const { employeeId, managerId } = verification
  const [permission, employee] = await Promise.all([
    permissions.mayDecide(userId, verification),
    decision.needsEmployee ? permissions.canBeVerified(employeeId) : 'yes',
  ])
  if (permission === 'unsure') return permissionUnchecked()
  if (permission === 'no') return notYourDecision(managerId)
  if (verification.status !== 'parked' || (pressed.parks ?? verification.parks) !== verification.parks) {
    return alreadyDone()
  }
  if (employee === 'unsure') return permissionUnchecked()
  if (employee === 'no') return notVerifiableNow(employeeId)
  await verifications.note(verification.id, decision.event(userId))
  return decision.reply(employeeId)
}
