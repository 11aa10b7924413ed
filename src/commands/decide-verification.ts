import type { BlockAction } from '@slack/bolt'
import { type AuditAction, refusal } from '../services/audit.ts'
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
  readonly action: Extract<AuditAction, 'retry' | 'close'>
  readonly becomes: (userId: string) => PersonEvent
  readonly reply: (employeeId: string) => Content
  /** Something is sent to the employee, who may have left or become a guest since. */
  readonly needsEmployee: boolean
}

const DECISIONS: Readonly<Record<string, Decision>> = {
  [RETRY_ACTION]: { action: 'retry', becomes: () => ({ type: 'retried' }), reply: retrying, needsEmployee: true },
  [CLOSE_ACTION]: {
    action: 'close',
    becomes: (userId) => ({ type: 'given_up', by: userId }),
    reply: closed,
    needsEmployee: false,
  },
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
  { verifications, permissions, audit }: ListenerDeps,
): Promise<Content> {
  const verification = pressed === null ? null : await verifications.get(pressed.verificationId)
  if (pressed === null || verification === null) return unknownButton()
  const { id, teamId, employeeId, managerId } = verification
  const pressing = { teamId, actorId: userId, action: decision.action, subjectId: employeeId, verificationId: id }
  const [permission, employee] = await Promise.all([
    permissions.mayDecide(userId, verification),
    decision.needsEmployee ? permissions.canBeVerified(employeeId) : 'yes',
  ])
  if (permission !== 'yes') await audit.record({ ...pressing, ...refusal(permission) })
  if (permission === 'unsure') return permissionUnchecked()
  if (permission === 'no') return notYourDecision(managerId)
  if (verification.status !== 'parked' || (pressed.parks ?? verification.parks) !== verification.parks) {
    return alreadyDone()
  }
  if (employee === 'no') await audit.record({ ...pressing, result: 'refused', reason: 'target_changed' })
  if (employee === 'unsure') await audit.record({ ...pressing, ...refusal(employee) })
  if (employee === 'unsure') return permissionUnchecked()
  if (employee === 'no') return notVerifiableNow(employeeId)
  await verifications.note(id, decision.becomes(userId), userId)
  return decision.reply(employeeId)
}
