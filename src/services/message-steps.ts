/** What every step of a message's delivery needs: to end in the store, to come again after trouble, or to be given up. */
import type { Log } from './log.ts'
import type { Message, MessageIdentity, MessageIn, MovedBecause, NotInvited } from './message.ts'
import { makeMessageTurns } from './message-turns.ts'
import { backOffMs, spread } from './poll-schedule.ts'
import { meaningOf, type SlackAnswer } from './slack-answers.ts'
import type { Content, SlackConversations } from './slack-conversations.ts'
import type { Line } from './slack-pace.ts'
import type { DueMessage, MessageStore } from './store/message-store.ts'
import { AT_REST, type Schedule } from './store/schedule.ts'
import type { Verification } from './verification.ts'

export type DeliveryDeps = {
  readonly store: MessageStore
  readonly conversations: SlackConversations
  /** Null for an invitation whose link does not open. */
  readonly render: (
    message: Pick<MessageIdentity, 'kind' | 'occasion' | 'movedBecause'>,
    verification: Verification,
  ) => Content | null
  readonly now: () => number
  /** Elapsed ms; `now` where left out. */
  readonly steady?: () => number
  readonly random: () => number
  readonly log: Log
  /** The invitation reached the employee. Called before that is saved, so that it can't be missed; may come twice. */
  readonly onDelivered: (verificationId: string, invitation: number) => Promise<void>
  /** The invitation can't reach the employee. Called before that is saved, so that nobody waits in vain; may come twice. */
  readonly onUndeliverable: (verificationId: string, invitation: number, why: NotInvited) => Promise<void>
}

type NotDone = Exclude<SlackAnswer<unknown>, { is: 'done' }>

export type MessageSteps = ReturnType<typeof makeMessageSteps>

/** How long after a repeated send or a doubtful edit, or after giving a send up in doubt, what came late is undone. */
export const SWEEPS_AFTER_MS = [5 * 60_000, 35 * 60_000] as const

export function makeMessageSteps(deps: DeliveryDeps) {
  const { store, conversations, now, random, log, onDelivered, onUndeliverable } = deps
  const { steady = now } = deps
  const turns = makeMessageTurns({ now: steady })

  const at = (nextAt: number): Schedule => ({ nextAt, lateAt: nextAt, troubles: 0 })

  async function put({ item, verification }: DueMessage, next: Message, schedule: Schedule): Promise<void> {
    await store.save({ ...next, version: item.version + 1 }, item.version, verification.revision, schedule, now())
  }

  async function leaveAsItIs({ item, verification }: DueMessage, schedule: Schedule): Promise<void> {
    await store.reschedule(item, verification.revision, schedule, now())
  }

  /** With its place in the lines: until its turn has come, the message waits in the database, with what is known of it by now. */
  const waitFor = (due: DueMessage, next: Message, schedule: Schedule): Promise<void> =>
    next === due.item ? leaveAsItIs(due, schedule) : put(due, next, schedule)

  async function save(due: DueMessage, next: Message, schedule: Schedule): Promise<void> {
    turns.leave(due.item.id)
    await put(due, next, schedule)
  }

  async function rest(due: DueMessage, schedule: Schedule = AT_REST): Promise<void> {
    turns.leave(due.item.id)
    await leaveAsItIs(due, schedule)
  }

  function inTrouble(due: DueMessage, retryAfterMs: number | null): Schedule & { readonly nextAt: number } {
    const troubles = due.troubles + 1
    const nextAt = now() + Math.max(spread(backOffMs(troubles), random()), (retryAfterMs ?? 0) + spread(200, random()))
    return { nextAt, lateAt: nextAt, troubles }
  }

  function failed(due: DueMessage, method: string, answer: NotDone): void {
    const { id, kind, verificationId } = due.item
    const said = { messageId: id, verificationId, kind, method, reason: answer.error, attempts: due.troubles + 1 }
    if (answer.is === 'refused' && meaningOf(answer.error) === 'ours')
      log.error('slack refuses our token or scopes', said)
    else log.warn('slack call not done', said)
    const retryAfterMs = retryAfterOf(answer)
    if (retryAfterMs !== null) turns.silence(method, retryAfterMs)
  }

  /** When this message may make these calls, if not now; else its turn is used up. */
  function turnOf(due: DueMessage, ...lines: readonly Line[]): Schedule | null {
    const inMs = turns.turn(due.item.id, lines)
    return inMs === 0 ? null : { ...at(now() + inMs), troubles: due.troubles }
  }

  /** The call was not done, or may not have been, and nothing is lost: it is made again later, without waiting for a turn anew. */
  async function again(due: DueMessage, known: Message, method: string, answer: NotDone): Promise<void> {
    failed(due, method, answer)
    const schedule = inTrouble(due, retryAfterOf(answer))
    turns.comeBack(due.item.id, method, schedule.nextAt - now())
    await waitFor(due, known, schedule)
  }

  /** This conversation will not take it, whatever we say: a card goes to the manager instead. */
  async function closedTo(due: DueMessage, error: string): Promise<void> {
    const { item, verification } = due
    if (!('channelId' in item.recipient)) return giveUp(due, error)
    const { id, verificationId } = item
    log.info('card moved to direct messages', { messageId: id, verificationId, reason: error })
    const recipient = { userId: verification.managerId }
    await save(due, { ...identity(item), recipient, movedBecause: movedBecause(error), state: 'none' }, at(now()))
  }

  /** It can't be sent, however often it is tried. */
  async function giveUp(due: DueMessage, error: string, why: NotInvited = 'undeliverable'): Promise<void> {
    const { item } = due
    const { id, verificationId, kind, occasion } = item
    log.error('message undeliverable', { messageId: id, verificationId, kind, reason: error })
    if (kind === 'invitation') await onUndeliverable(verificationId, occasion, why)
    // An earlier send may have left a copy all the same, which is found only by going on to look for it.
    const look = item.state === 'unknown' ? lookAt(item, now()) : null
    if (look !== null) return save(due, item, at(look))
    await save(due, { ...identity(item), state: 'undeliverable', reason: error }, AT_REST)
  }

  async function sent(due: DueMessage, from: MessageIn<'sending' | 'unknown'>, ts: string): Promise<void> {
    const { conversationId, shows } = from
    log.info('message sent', {
      messageId: from.id,
      verificationId: from.verificationId,
      kind: from.kind,
      count: from.sends,
    })
    if (from.kind === 'invitation') await onDelivered(from.verificationId, from.occasion)
    const next: MessageIn<'sent'> = {
      ...identity(from),
      state: 'sent',
      conversationId,
      ts,
      shows,
      resentAt: from.sends > 1 ? from.since : null,
      sweeps: 0,
    }
    // Found after a doubt, it may show less than the verification has come to since.
    await save(due, next, shows.revision < due.verification.revision ? at(now()) : sweepSchedule(next))
  }

  async function removeAll(conversationId: string, strays: readonly string[]): Promise<boolean> {
    let all = true
    for (const ts of strays) {
      const answer = await conversations.remove(conversationId, ts)
      const isGone = answer.is === 'done' || (answer.is === 'refused' && meaningOf(answer.error) === 'gone')
      log.warn('stray copy found', { method: 'chat.delete', status: isGone ? 'removed' : answer.is })
      all &&= isGone
    }
    return all
  }

  function sweepSchedule(message: MessageIn<'sent'>): Schedule {
    const next = sweepAt(message)
    return next === null ? AT_REST : at(Math.max(next, now()))
  }

  return { at, save, rest, turnOf, waitFor, inTrouble, failed, again, closedTo, giveUp, sent, removeAll, sweepSchedule }
}

function retryAfterOf(answer: NotDone): number | null {
  return answer.is === 'refused' ? answer.retryAfterMs : null
}

/** When what came late is looked for and undone next; null: never. */
export function sweepAt({ resentAt, sweeps }: MessageIn<'sent'>): number | null {
  const after = SWEEPS_AFTER_MS[sweeps]
  return resentAt === null || after === undefined ? null : resentAt + after
}

/** When a copy of what is not sent again is looked for next, UTC ms; null: none can come any more, or none can be seen. */
export function lookAt({ conversationId, since }: MessageIn<'unknown'>, now: number): number | null {
  const after = SWEEPS_AFTER_MS.find((each) => since + each > now)
  return after === undefined || !isReadable(conversationId) ? null : since + after
}

function movedBecause(error: string): MovedBecause {
  if (error.startsWith('restricted_action')) return 'posting_restricted'
  return error === 'is_archived' || error === 'is_inactive' ? 'channel_closed' : 'not_in_channel'
}

/** Direct messages only: we ask for `im:history` and no more. */
export function isReadable(conversationId: string): boolean {
  return conversationId.startsWith('D')
}

/** What every state has; written out, so that nothing of the old state is carried along. */
export function identity(message: Message): MessageIdentity {
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
