import type { Message, Shown } from './message.ts'
import { isWanted } from './message.ts'
import { digestOf } from './message-digest.ts'
import { type DeliveryDeps, identity, type MessageSteps } from './message-steps.ts'
import { meaningOf } from './slack-answers.ts'
import type { Line } from './slack-pace.ts'
import type { DueMessage } from './store/message-store.ts'

/** How long after a lost answer the history is first looked at. */
export const LOOK_AGAIN_MS = 15_000

/** Sends what has not been sent, or is surely absent after an earlier send: announced in the database first, then handed to Slack once. */
export function makeSend(deps: DeliveryDeps, steps: MessageSteps) {
  const { store, conversations, render, now } = deps
  const { at, save, rest, turnOf, waitFor, failed, again, closedTo, giveUp, sent } = steps

  return async function send(due: DueMessage): Promise<void> {
    const { item, verification } = due
    if (!isWanted(item, verification)) return rest(due)
    const { recipient } = item
    const notices: readonly Line[] = item.kind === 'outcome' ? ['notices'] : []
    const turn =
      'channelId' in recipient
        ? turnOf(due, 'chat.postMessage', `to:${recipient.channelId}`)
        : turnOf(due, ...notices, 'conversations.open', 'chat.postMessage', `to:${recipient.userId}`)
    if (turn !== null) return waitFor(due, item, turn)
    const content = render(item, verification)
    if (content === null) return giveUp(due, 'link_broken', 'link_broken')
    const place =
      'channelId' in recipient
        ? ({ is: 'done', value: recipient.channelId } as const)
        : await conversations.open(recipient.userId)
    if (place.is !== 'done') {
      return place.is === 'refused' && meaningOf(place.error) === 'closed'
        ? closedTo(due, place.error)
        : again(due, item, 'conversations.open', place)
    }
    const shows: Shown = { revision: verification.revision, digest: digestOf(content) }
    const conversationId = place.value
    const sending: Message = {
      ...identity(item),
      version: item.version + 1,
      sends: item.sends + 1,
      state: 'sending',
      conversationId,
      since: now(),
      shows,
    }
    if (!(await store.begin(sending, item.version, sending.since))) return
    const begun: DueMessage = { ...due, item: sending }
    const answer = await conversations.post(conversationId, item.id, content)
    if (answer.is === 'done') return sent(begun, sending, answer.value)
    if (answer.is === 'unknown') {
      failed(due, 'chat.postMessage', answer)
      return save(begun, { ...sending, state: 'unknown', since: now(), cleanReads: 0 }, at(now() + LOOK_AGAIN_MS))
    }
    // Surely not sent: as if it had not been tried. What was in doubt before is still in doubt.
    const before: Message = { ...item, version: sending.version }
    const meaning = meaningOf(answer.error)
    if (meaning === 'closed') return closedTo({ ...due, item: before }, answer.error)
    if (meaning === 'rejected') return giveUp({ ...due, item: before }, answer.error)
    return again(begun, before, 'chat.postMessage', answer)
  }
}
