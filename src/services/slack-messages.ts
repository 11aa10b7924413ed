/**
 * Delivery: drives every message towards what its verification says, one step at a time (states: `message.ts`).
 *
 * `chat.postMessage` has no idempotency key. So each send is announced in the database first, and carries an opaque id in
 * its metadata. When the answer is lost, the conversation's history decides: found → it was sent; absent in two complete
 * readings, and two minutes gone → it is sent again. After that a late copy may still turn up: it is looked for after five
 * and after thirty-five minutes, and deleted. Edits and deletions may simply be repeated.
 */
import { createHash } from 'node:crypto'
import type { Log } from './log.ts'
import {
  isWanted,
  type Message,
  type MessageIdentity,
  type MessageIn,
  type MovedBecause,
  type Shown,
} from './message.ts'
import { backOffMs, spread } from './poll-schedule.ts'
import { meaningOf, type SlackAnswer } from './slack-answers.ts'
import type { Content, SlackConversations } from './slack-conversations.ts'
import type { DueMessage, MessageStore } from './store/message-store.ts'
import { AT_REST, type Schedule } from './store/schedule.ts'
import type { Verification } from './verification.ts'
import { MOST_ATTEMPTS } from './verifications.ts'

const LOOK_AGAIN_MS = 15_000
const SURELY_ABSENT_AFTER_MS = 120_000
const READINGS_NEEDED = 2
const SWEEPS_AFTER_MS = [5 * 60_000, 35 * 60_000] as const

export type SlackMessages = {
  /** One step of one message. */
  deliver(due: DueMessage): Promise<void>
}

export function makeSlackMessages(deps: {
  store: MessageStore
  conversations: SlackConversations
  render: (message: Pick<MessageIdentity, 'kind' | 'occasion' | 'movedBecause'>, verification: Verification) => Content
  now: () => number
  random: () => number
  log: Log
  /** The invitation can't reach the employee. Called before the message is given up, so that nobody waits in vain. */
  onUndeliverable: (verificationId: string, invitation: number) => Promise<void>
}): SlackMessages {
  const { store, conversations, render, now, random, log, onUndeliverable } = deps

  const at = (nextAt: number): Schedule => ({ nextAt, lateAt: nextAt, troubles: 0 })

  async function save(due: DueMessage, next: Message, schedule: Schedule): Promise<void> {
    await store.save(
      { ...next, version: due.item.version + 1 },
      due.item.version,
      due.verification.revision,
      schedule,
      now(),
    )
  }

  async function rest(due: DueMessage, schedule: Schedule = AT_REST): Promise<void> {
    await store.reschedule(due.item, due.verification.revision, schedule, now())
  }

  function inTrouble(due: DueMessage, retryAfterMs: number | null): Schedule {
    const troubles = due.troubles + 1
    const nextAt = now() + Math.max(spread(backOffMs(troubles), random()), (retryAfterMs ?? 0) + spread(200, random()))
    return { nextAt, lateAt: nextAt, troubles }
  }

  function failed(due: DueMessage, method: string, answer: Exclude<SlackAnswer<unknown>, { is: 'done' }>): void {
    const { id, kind, verificationId } = due.item
    const said = { messageId: id, verificationId, kind, method, reason: answer.error, attempts: due.troubles + 1 }
    if (answer.is === 'refused' && meaningOf(answer.error) === 'ours')
      log.error('slack refuses our token or scopes', said)
    else log.warn('slack call not done', said)
  }

  /** Nothing was done, and nothing is lost: the same step comes again later. */
  async function again(due: DueMessage, method: string, answer: Exclude<SlackAnswer<unknown>, { is: 'done' }>) {
    failed(due, method, answer)
    await rest(due, inTrouble(due, answer.is === 'refused' ? answer.retryAfterMs : null))
  }

  /** This conversation will not take it: a card goes to the manager, anything else is given up and said. */
  async function refusedForGood(due: DueMessage, error: string): Promise<void> {
    const { item, verification } = due
    if ('channelId' in item.recipient) {
      log.info('card moved to direct messages', {
        messageId: item.id,
        verificationId: item.verificationId,
        reason: error,
      })
      const recipient = { userId: verification.managerId }
      await save(due, { ...identity(item), recipient, movedBecause: movedBecause(error), state: 'none' }, at(now()))
      return
    }
    log.error('message undeliverable', {
      messageId: item.id,
      verificationId: item.verificationId,
      kind: item.kind,
      reason: error,
    })
    if (item.kind === 'invitation') await onUndeliverable(item.verificationId, item.occasion)
    await save(due, { ...identity(item), state: 'undeliverable', reason: error }, AT_REST)
  }

  /** Its step never came to an end, however often it was begun. What Slack shows stays as it is. */
  async function setAside(due: DueMessage): Promise<void> {
    const { item, attempts } = due
    log.error('message set aside: its step never came to an end', {
      messageId: item.id,
      kind: item.kind,
      attempt: attempts,
    })
    return item.state === 'sent' ? rest(due) : refusedForGood(due, 'poisoned')
  }

  async function send(due: DueMessage): Promise<void> {
    const { item, verification } = due
    if (!isWanted(item, verification)) return rest(due)
    const place =
      'channelId' in item.recipient
        ? ({ is: 'done', value: item.recipient.channelId } as const)
        : await conversations.open(item.recipient.userId)
    if (place.is !== 'done') {
      return place.is === 'refused' && meaningOf(place.error) === 'closed'
        ? refusedForGood(due, place.error)
        : again(due, 'conversations.open', place)
    }
    const content = render(item, verification)
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
    if (!(await store.begin(sending, item.version))) return
    const begun: DueMessage = { ...due, item: sending }
    const answer = await conversations.post(conversationId, item.id, content)
    if (answer.is === 'done') return sent(begun, sending, answer.value)
    if (answer.is === 'unknown') {
      failed(due, 'chat.postMessage', answer)
      return save(begun, { ...sending, state: 'unknown', cleanReads: 0 }, at(now() + LOOK_AGAIN_MS))
    }
    // Surely not sent: as if it had not been tried.
    const before: Message = { ...identity(sending), sends: item.sends, state: 'none' }
    const meaning = meaningOf(answer.error)
    if (meaning === 'closed' || meaning === 'rejected') {
      return refusedForGood({ ...due, item: { ...before, version: sending.version } }, answer.error)
    }
    failed(due, 'chat.postMessage', answer)
    return save(begun, before, inTrouble(due, answer.retryAfterMs))
  }

  async function sent(due: DueMessage, from: MessageIn<'sending' | 'unknown'>, ts: string): Promise<void> {
    const { conversationId, shows } = from
    log.info('message sent', {
      messageId: from.id,
      verificationId: from.verificationId,
      kind: from.kind,
      count: from.sends,
    })
    const next: MessageIn<'sent'> = {
      ...identity(from),
      state: 'sent',
      conversationId,
      ts,
      shows,
      resentAt: from.sends > 1 ? from.since : null,
      sweeps: 0,
    }
    await save(due, next, sweepSchedule(next))
  }

  /** The answer was lost. The history decides whether it was sent. */
  async function reconcile(due: DueMessage, message: MessageIn<'unknown'>): Promise<void> {
    if (!isReadable(message.conversationId)) return onceAbsent(due, message, READINGS_NEEDED)
    const { conversationId, id, since } = message
    const found = await conversations.find(conversationId, id, since)
    if (found.is !== 'done') return again(due, 'conversations.history', found)
    const [first, ...strays] = found.value
    if (first === undefined) return onceAbsent(due, message, message.cleanReads + 1)
    await removeAll(conversationId, strays)
    await sent(due, message, first)
  }

  async function onceAbsent(due: DueMessage, message: MessageIn<'unknown'>, cleanReads: number): Promise<void> {
    const goneFor = now() - message.since
    const absent: MessageIn<'unknown'> = { ...message, cleanReads }
    if (cleanReads < READINGS_NEEDED || goneFor < SURELY_ABSENT_AFTER_MS) {
      const left = SURELY_ABSENT_AFTER_MS - goneFor
      return save(due, absent, at(now() + Math.min(LOOK_AGAIN_MS, Math.max(left, 1000))))
    }
    if (isWanted(message, due.verification)) {
      return save(due, { ...identity(message), state: 'none' }, at(now()))
    }
    // Nobody needs it any more; yet a copy that Slack was slow with must not stay behind unseen.
    const look = SWEEPS_AFTER_MS.find((after) => after > goneFor)
    if (look !== undefined && isReadable(message.conversationId)) return save(due, absent, at(message.since + look))
    return save(due, { ...identity(message), state: 'none' }, AT_REST)
  }

  /** Edits Slack's copy until it shows the newest revision, and removes stray copies after a repeated send. */
  async function keepUp(due: DueMessage, message: MessageIn<'sent'>): Promise<void> {
    const { verification } = due
    if (message.shows.revision < verification.revision) return show(due, message)
    if (sweepAt(message) === null || now() < (sweepAt(message) ?? 0)) return rest(due, sweepSchedule(message))
    const found = await conversations.find(message.conversationId, message.id, message.resentAt ?? now())
    if (found.is !== 'done') return again(due, 'conversations.history', found)
    const strays = found.value.filter((ts) => ts !== message.ts)
    if (!(await removeAll(message.conversationId, strays))) return rest(due, inTrouble(due, null))
    const swept: MessageIn<'sent'> = { ...message, sweeps: message.sweeps + 1 }
    return save(due, swept, sweepSchedule(swept))
  }

  async function show(due: DueMessage, message: MessageIn<'sent'>): Promise<void> {
    const content = render(message, due.verification)
    const shows: Shown = { revision: due.verification.revision, digest: digestOf(content) }
    const shown: MessageIn<'sent'> = { ...message, shows }
    if (shows.digest === message.shows.digest) return save(due, shown, sweepSchedule(shown))
    const answer = await conversations.update(message.conversationId, message.ts, content)
    if (answer.is === 'done') return save(due, shown, sweepSchedule(shown))
    const meaning = answer.is === 'refused' ? meaningOf(answer.error) : 'passing'
    if (meaning === 'gone') return replace(due, message, shown)
    if (meaning === 'closed' || meaning === 'rejected') {
      failed(due, 'chat.update', answer)
      // What stands in Slack stays there; a card goes on in the manager's direct messages.
      return 'channelId' in message.recipient ? refusedForGood(due, answer.error) : save(due, shown, AT_REST)
    }
    return again(due, 'chat.update', answer)
  }

  /** It can't be edited any more: take it away, and send a new one if that still helps anybody. */
  async function replace(due: DueMessage, message: MessageIn<'sent'>, shown: MessageIn<'sent'>): Promise<void> {
    await conversations.remove(message.conversationId, message.ts)
    if (!isWanted(message, due.verification)) return save(due, shown, AT_REST)
    return save(due, { ...identity(message), state: 'none' }, at(now()))
  }

  async function removeAll(conversationId: string, strays: readonly string[]): Promise<boolean> {
    let all = true
    for (const ts of strays) {
      const answer = await conversations.remove(conversationId, ts)
      log.warn('stray copy removed', { method: 'chat.delete', status: answer.is })
      if (answer.is !== 'done' && !(answer.is === 'refused' && meaningOf(answer.error) === 'gone')) all = false
    }
    return all
  }

  function sweepSchedule(message: MessageIn<'sent'>): Schedule {
    const next = sweepAt(message)
    return next === null ? AT_REST : at(Math.max(next, now()))
  }

  return {
    deliver: async (due) => {
      const { item, attempts } = due
      if (attempts > MOST_ATTEMPTS) return setAside(due)
      switch (item.state) {
        case 'none':
          return send(due)
        case 'sending':
          // The process died between the intent and its result.
          return save(due, { ...item, state: 'unknown', cleanReads: 0 }, at(now()))
        case 'unknown':
          return reconcile(due, item)
        case 'sent':
          return keepUp(due, item)
        case 'undeliverable':
          return rest(due)
      }
    },
  }
}

/** Direct messages only: we ask for `im:history` and no more. */
function isReadable(conversationId: string): boolean {
  return conversationId.startsWith('D')
}

function sweepAt({ conversationId, resentAt, sweeps }: MessageIn<'sent'>): number | null {
  const after = SWEEPS_AFTER_MS[sweeps]
  return resentAt === null || after === undefined || !isReadable(conversationId) ? null : resentAt + after
}

function movedBecause(error: string): MovedBecause {
  if (error.startsWith('restricted_action')) return 'posting_restricted'
  return error === 'is_archived' || error === 'is_inactive' ? 'channel_closed' : 'not_in_channel'
}

function digestOf(content: Content): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('base64url')
}

/** What every state has; written out, so that nothing of the old state is carried along. */
function identity(message: Message): MessageIdentity {
  return {
    id: message.id,
    verificationId: message.verificationId,
    kind: message.kind,
    occasion: message.occasion,
    createdAt: message.createdAt,
    version: message.version,
    recipient: message.recipient,
    movedBecause: message.movedBecause,
    sends: message.sends,
  }
}
