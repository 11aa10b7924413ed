import { isWanted, type Message, type MessageIn, type Shown } from './message.ts'
import { digestOf } from './message-digest.ts'
import { type DeliveryDeps, identity, isReadable, type MessageSteps, sweepAt } from './message-steps.ts'
import { meaningOf, type SlackAnswer } from './slack-answers.ts'
import type { DueMessage } from './store/message-store.ts'

/** No stray copy is older than this, for Slack would have to be out of reach for longer. More history may be too long to read. */
const MOST_HISTORY_MS = 24 * 60 * 60_000

/**
 * Edits Slack's copy until it shows the newest revision. What may still come late is undone: stray copies after a repeated
 * send are removed, and after an edit whose answer was lost the newest content is shown once more.
 */
export function makeShow(deps: DeliveryDeps, steps: MessageSteps) {
  const { conversations, render, now, log } = deps
  const { at, save, turnOf, waitFor, inTrouble, failed, again, closedTo, removeAll, sweepSchedule } = steps

  /**
   * `from`: what is on record if the edit isn't done; `to`: if it is. In doubt Slack may show something else than what is on
   * record, so that nothing may be left out for being the same.
   */
  async function edit(due: DueMessage, from: MessageIn<'sent'>, to: MessageIn<'sent'>, hasTurn = false): Promise<void> {
    const content = render(from, due.verification)
    if (content === null) return leaveStanding(due, to)
    const shows: Shown = { revision: due.verification.revision, digest: digestOf(content) }
    const shown: MessageIn<'sent'> = { ...to, shows }
    if (shows.digest === from.shows.digest && sweepAt(from) === null) return save(due, shown, sweepSchedule(shown))
    const turn = hasTurn ? null : turnOf(due, 'chat.update')
    if (turn !== null) return waitFor(due, from, turn)
    const answer = await conversations.update(from.conversationId, from.ts, content)
    if (answer.is === 'done') return save(due, shown, sweepSchedule(shown))
    const meaning = answer.is === 'refused' ? meaningOf(answer.error) : 'passing'
    if (meaning === 'gone') return replace(due, from, shown)
    if (answer.is === 'unknown') return again(due, inDoubt(from), 'chat.update', answer)
    if (meaning === 'closed' || meaning === 'rejected') {
      failed(due, 'chat.update', answer)
      // A dead link must look dead: what can't be edited is taken away.
      if (from.kind === 'invitation' && !isWanted(from, due.verification)) return replace(due, from, shown)
      // What stands in Slack stays there; a card goes on in the manager's direct messages.
      const movesOn = meaning === 'closed' && 'channelId' in from.recipient
      return movesOn ? closedTo(due, answer.error) : save(due, shown, sweepSchedule(shown))
    }
    return again(due, from, 'chat.update', answer)
  }

  /** The link that stands in Slack is good; the one we keep no longer opens. So it stays as it is until the verification is over. */
  async function leaveStanding(due: DueMessage, message: MessageIn<'sent'>): Promise<void> {
    const { id, verificationId, kind } = message
    log.error('invitation left as it is: its link does not open', { messageId: id, verificationId, kind })
    const left: MessageIn<'sent'> = { ...message, shows: { ...message.shows, revision: due.verification.revision } }
    return save(due, left, sweepSchedule(left))
  }

  /** An edit may have been made, or may still come: Slack can be slower than our patience. */
  function inDoubt(message: MessageIn<'sent'>): MessageIn<'sent'> {
    return { ...message, resentAt: now(), sweeps: 0 }
  }

  /** It can't be edited any more: take it away, and send a new one if that still helps anybody. */
  async function replace(due: DueMessage, message: MessageIn<'sent'>, shown: MessageIn<'sent'>): Promise<void> {
    const removed = await conversations.remove(message.conversationId, message.ts)
    if (removed.is !== 'done' && mayStillBeDone(removed)) {
      // Slack may take it away later than we waited, also after an edit that is done meanwhile.
      const known = removed.is === 'unknown' ? inDoubt(message) : message
      return again(due, known, 'chat.delete', removed)
    }
    // It is gone, but a stray copy of it may still come.
    if (!isWanted(message, due.verification)) return save(due, shown, sweepSchedule(shown))
    const isGone = removed.is === 'done' || meaningOf(removed.error) === 'gone'
    const next: Message = (isGone && strayOf(message)) || { ...identity(message), state: 'none' }
    return save(due, next, at(now()))
  }

  return async function keepUp(due: DueMessage, sent: MessageIn<'sent'>): Promise<void> {
    const { verification, attempts } = due
    // A step that was cut off before this one may have been in the middle of an edit.
    const message = attempts > 1 ? inDoubt(sent) : sent
    if (message.shows.revision < verification.revision) return edit(due, message, message)
    const look = sweepAt(message)
    if (look === null || now() < look) return save(due, message, sweepSchedule(message))
    // For both calls at once, so that the first is not made in vain.
    const turn = turnOf(due, 'conversations.history', 'chat.update')
    if (turn !== null) return waitFor(due, message, turn)
    const { conversationId, id, ts, createdAt } = message
    if (isReadable(conversationId)) {
      const found = await conversations.find(conversationId, id, Math.max(createdAt, now() - MOST_HISTORY_MS))
      if (found.is !== 'done') return again(due, message, 'conversations.history', found)
      const strays = found.value.filter((other) => other !== ts)
      if (!(await removeAll(conversationId, strays))) return save(due, message, inTrouble(due, null))
    }
    return edit(due, message, { ...message, sweeps: message.sweeps + 1 }, true)
  }
}

/** It was sent more than once, and a copy may still come: it has to be found although this one may not be sent again. */
function strayOf(message: MessageIn<'sent'>): MessageIn<'unknown'> | null {
  const { conversationId, shows, sends, resentAt } = message
  if (sends < 2 || resentAt === null || sweepAt(message) === null || !isReadable(conversationId)) return null
  return { ...identity(message), state: 'unknown', conversationId, since: resentAt, shows, cleanReads: 0 }
}

/** Asking again may help. A plain no to a deletion doesn't change, and must not keep the new message back. */
function mayStillBeDone(answer: Exclude<SlackAnswer<void>, { is: 'done' }>): boolean {
  if (answer.is === 'unknown') return true
  return answer.retryAfterMs !== null || answer.error === 'unreachable' || meaningOf(answer.error) === 'ours'
}
