import type { RespondFn, SlashCommand } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { refusal } from '../services/audit.ts'
import { isOpen } from '../services/verification.ts'
import type { Content } from '../views/blocks.ts'
import { HISTORY_SHOWN, nobodyForHistory, verificationHistory } from '../views/history.ts'
import { verificationList } from '../views/list.ts'
import { formNotOpened, nobodyForStatus, notPermitted, permissionUnchecked } from '../views/replies.ts'
import { verificationStatus } from '../views/status.ts'
import { help, usage } from '../views/usage.ts'
import { readVerifyCommand, VERIFY_COMMAND, type VerifyCommand } from '../views/verify-command.ts'
import { newVerifyForm } from '../views/verify-form.ts'
import { verifyModal } from '../views/verify-modal.ts'
import { answerLink, answerUnlink } from './answer-link.ts'
import { type ListenerDeps, privately, type Register } from './listen.ts'
import { showAnswer, withConfirmation, withKnown } from './show-form.ts'

const ENDED_SHOWN = 10

/** `/verify …`: opens the form, or answers privately. */
export const answerVerify: Register = (app, deps) => {
  app.command(VERIFY_COMMAND, async ({ command, ack, respond, client }) => {
    await ack()
    const asked = readVerifyCommand(command.text)
    const permission = await deps.permissions.mayVerify(command.user_id)
    if (permission !== 'yes') {
      await deps.audit.record({
        teamId: command.team_id,
        actorId: command.user_id,
        action: asked.do === 'history' ? 'history' : 'command',
        subjectId: 'employeeId' in asked ? asked.employeeId : null,
        ...refusal(permission),
      })
      await respond(privately(permission === 'no' ? notPermitted() : permissionUnchecked()))
    } else if (asked.do === 'open') {
      await openForm(asked, { command, client, respond, ...deps })
    } else {
      await respond(privately(await answer(asked, command, deps)))
    }
  })
}

type Opening = Extract<VerifyCommand, { do: 'open' }>
type OpeningArgs = ListenerDeps & {
  command: SlashCommand
  client: WebClient
  respond: RespondFn
}

/** Somebody who may verify asked for the form. It opens at once; who has the number is shown when EasyFreelance says. */
async function openForm({ employeeId, typedName }: Opening, args: OpeningArgs): Promise<void> {
  const { command, client, respond, confirmations, log } = args
  const nothing = { rememberedNumber: null, isLinked: false }
  const form = newVerifyForm({ employeeId, typedName, ...nothing, channelId: command.channel_id })
  const known = employeeId === null ? form : await withKnown({ ...form, employeeId }, command.team_id, args)
  const prepared = withConfirmation(known, { teamId: command.team_id, managerId: command.user_id }, args)
  // Asked beside Slack, so that a Send which comes back first finds it under way.
  const answer = prepared.asks && confirmations.confirm(prepared.asks)
  let opened: Awaited<ReturnType<WebClient['views']['open']>>
  try {
    opened = await client.views.open({ trigger_id: command.trigger_id, view: verifyModal(prepared.form) })
  } catch (error) {
    // Never repeated: its trigger dies after three seconds. What was typed is given back instead.
    log.warn('form not opened', { error })
    return void (await respond(privately(formNotOpened(command.text))))
  }
  await answer
  const { id, hash } = opened.view ?? {}
  if (id === undefined || hash === undefined) return
  await showAnswer({ client, viewId: id, hash, turn: null }, prepared, args)
}

async function answer(
  asked: Exclude<VerifyCommand, Opening>,
  { team_id: teamId, user_id: userId }: SlashCommand,
  deps: Pick<ListenerDeps, 'verifications' | 'employees' | 'people' | 'audit'>,
): Promise<Content> {
  const { verifications, audit } = deps
  switch (asked.do) {
    case 'help':
      return help()
    case 'usage':
      return usage(asked.typed)
    case 'link':
      return answerLink(asked, { teamId, managerId: userId }, deps)
    case 'unlink':
      return answerUnlink(asked, { teamId, managerId: userId }, deps)
    case 'list': {
      const all = await verifications.listFor(teamId, userId, ENDED_SHOWN)
      return verificationList(
        all.filter(isOpen),
        all.filter((verification) => !isOpen(verification)),
      )
    }
    case 'history': {
      const { employeeId } = asked
      if (employeeId === null) return nobodyForHistory()
      const entries = await audit.historyOf(teamId, employeeId, HISTORY_SHOWN)
      await audit.record({ teamId, actorId: userId, action: 'history', subjectId: employeeId, result: 'done' })
      return verificationHistory(employeeId, entries)
    }
    case 'status': {
      const { employeeId } = asked
      if (employeeId === null) return nobodyForStatus()
      const open = await verifications.openFor(teamId, employeeId)
      return verificationStatus(employeeId, open, await verifications.endedFor(teamId, employeeId))
    }
  }
}
