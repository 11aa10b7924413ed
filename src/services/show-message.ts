import { isWanted, type MessageIn, type Shown } from './message.ts'
import { digestOf } from './message-digest.ts'
import { type DeliveryDeps, identity, type MessageSteps, sweepAt } from './message-steps.ts'
import { meaningOf, type SlackAnswer } from './slack-answers.ts'
import type { DueMessage } from './store/message-store.ts'
import { AT_REST } from './store/schedule.ts'

/** Edits Slack's copy until it shows the newest revision, and removes stray copies after a repeated send. */
export function makeShow(deps: DeliveryDeps, steps: MessageSteps) {
  const { conversations, render, now } = deps
  const { at, save, rest, mustWait, inTrouble, failed, again, closedTo, removeAll, sweepSchedule } = steps

  async function edit(due: DueMessage, message: MessageIn<'sent'>): Promise<void> {
    const content = render(message, due.verification)
    const shows: Shown = { revision: due.verification.revision, digest: digestOf(content) }
    const shown: MessageIn<'sent'> = { ...message, shows }
    if (shows.digest === message.shows.digest) return save(due, shown, sweepSchedule(shown))
    if (await mustWait(due, 'chat.update')) return
    const answer = await conversations.update(message.conversationId, message.ts, content)
    if (answer.is === 'done') return save(due, shown, sweepSchedule(shown))
    const meaning = answer.is === 'refused' ? meaningOf(answer.error) : 'passing'
    if (meaning === 'gone') return replace(due, message, shown)
    if (meaning === 'closed' || meaning === 'rejected') {
      failed(due, 'chat.update', answer)
      // A dead link must look dead: what can't be edited is taken away.
      if (message.kind === 'invitation' && !isWanted(message, due.verification)) return replace(due, message, shown)
      // What stands in Slack stays there; a card goes on in the manager's direct messages.
      const movesOn = meaning === 'closed' && 'channelId' in message.recipient
      return movesOn ? closedTo(due, answer.error) : save(due, shown, sweepSchedule(shown))
    }
    return again(due, 'chat.update', answer)
  }

  /** It can't be edited any more: take it away, and send a new one if that still helps anybody. */
  async function replace(due: DueMessage, message: MessageIn<'sent'>, shown: MessageIn<'sent'>): Promise<void> {
    const removed = await conversations.remove(message.conversationId, message.ts)
    if (removed.is !== 'done' && mayStillBeDone(removed)) return again(due, 'chat.delete', removed)
    if (!isWanted(message, due.verification)) return save(due, shown, AT_REST)
    return save(due, { ...identity(message), state: 'none' }, at(now()))
  }

  return async function keepUp(due: DueMessage, message: MessageIn<'sent'>): Promise<void> {
    const { verification } = due
    if (message.shows.revision < verification.revision) return edit(due, message)
    if (sweepAt(message) === null || now() < (sweepAt(message) ?? 0)) return rest(due, sweepSchedule(message))
    if (await mustWait(due, 'conversations.history')) return
    const found = await conversations.find(message.conversationId, message.id, message.resentAt ?? now())
    if (found.is !== 'done') return again(due, 'conversations.history', found)
    const strays = found.value.filter((ts) => ts !== message.ts)
    if (!(await removeAll(message.conversationId, strays))) return rest(due, inTrouble(due, null))
    const swept: MessageIn<'sent'> = { ...message, sweeps: message.sweeps + 1 }
    return save(due, swept, sweepSchedule(swept))
  }
}

/** Asking again may help. A plain no to a deletion doesn't change, and must not keep the new message back. */
function mayStillBeDone(answer: Exclude<SlackAnswer<void>, { is: 'done' }>): boolean {
  if (answer.is === 'unknown') return true
  return answer.retryAfterMs !== null || answer.error === 'unreachable' || meaningOf(answer.error) === 'ours'
}
