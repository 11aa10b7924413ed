/**
 * After a restore: nothing is sent before Slack has been read. The database is of an earlier time, so messages may stand
 * there that it has never sent, and a link that it knows nothing of.
 *
 * The ids of our messages say which verification they belong to. So each is either one we know, one whose row was lost (it
 * gets its row back), or one of a verification that was lost as a whole (it is edited to say so, and its link goes). A
 * verification that would start again although its employee has a link already is ended instead. After that the worker goes
 * on as after any doubt: it looks for a message before it sends it, and asks EasyFreelance how each session stands.
 */
import { makeInsist } from './insist.ts'
import type { Log } from './log.ts'
import { isWanted, type Message, type MessageName, readMessageId } from './message.ts'
import { isReadable } from './message-steps.ts'
import { makeSurvey, type Survey, type SurveyDeps, type Trace } from './restore-survey.ts'
import type { Content, SlackConversations } from './slack-conversations.ts'
import type { MessageStore } from './store/message-store.ts'
import type { RestoreStore, Whereabouts } from './store/restore-store.ts'
import { isOpen, type Verification } from './verification.ts'
import type { Verifications } from './verifications.ts'

export type ReconcileDeps = Pick<SurveyDeps, 'read'> & {
  readonly store: RestoreStore
  readonly verifications: Pick<Verifications, 'get' | 'note'>
  readonly messages: Pick<MessageStore, 'of'>
  readonly conversations: Pick<SlackConversations, 'open' | 'update'>
  /** What a message of a lost verification says from now on; null: it stays as it is. */
  readonly lostMessage: (kind: MessageName['kind']) => Content | null
  /** Slack user ids that are named in the settings. */
  readonly managerIds: readonly string[]
  /** @throws when the process is told to stop. */
  readonly waitUntil: (at: number) => Promise<void>
  readonly now: () => number
  readonly log: Log
  /** How many sessions can be asked about in a minute. */
  readonly requestsPerMinute: number
}

/** As long as a call of the process before may still be under way at Slack. */
const CALLS_END_WITHIN_MS = 120_000
const READ_AGAIN_MS = 15_000
/** EasyFreelance is asked first, so that no dead link is shown as a live one. */
const SHOW_AFTER_MS = 60_000
/** Of a longer time the histories may be out of reach; links of then have expired. */
const LOOKS_BACK_MS = 30 * 24 * 60 * 60_000

export function makeReconcile(deps: ReconcileDeps) {
  const { store, verifications, messages, conversations, now, log } = deps
  const insist = makeInsist(deps)
  const survey = makeSurvey({ open: conversations.open, read: deps.read, insist, isKnown: store.knows })

  async function unfinished(): Promise<Verification[]> {
    const found: Verification[] = []
    for (const id of store.unfinished()) {
      try {
        const verification = await verifications.get(id)
        if (verification !== null) found.push(verification)
      } catch {
        log.error('verification set aside: its row can not be read', { verificationId: id })
      }
    }
    return found
  }

  /** Two complete readings, the second when nothing of the process before can be under way any more. */
  async function readTwice(people: ReadonlyMap<string, number>, asOf: number, restoredAt: number): Promise<Survey> {
    const first = await survey(people, asOf)
    await deps.waitUntil(Math.max(restoredAt + CALLS_END_WITHIN_MS, now() + READ_AGAIN_MS))
    const second = await survey(people, asOf)
    const traces = new Map(
      [...first.traces, ...second.traces].map((trace) => [`${trace.conversationId} ${trace.ts}`, trace]),
    )
    return { traces: [...traces.values()], conversations: second.conversations }
  }

  async function takeIn(verification: Verification, known: Survey, showAt: number): Promise<void> {
    const { id } = verification
    const named = known.traces.flatMap((trace) => {
      const name = readMessageId(trace.messageId)
      return name?.verificationId === id ? [{ ...name, trace }] : []
    })
    const has = (...kinds: readonly MessageName['kind'][]) => named.some(({ kind }) => kinds.includes(kind))
    if (has('invitation', 'outcome')) await verifications.note(id, { type: 'link_lost' })
    if (has('concern')) await verifications.note(id, { type: 'unexpected' })
    const current = (await verifications.get(id)) ?? verification
    const dueAt = current.status === 'waiting' ? showAt : now()
    const rows = await messages.of(id)
    for (const row of rows) settleRow(row, current, known, dueAt)
    const rowIds = new Set(rows.map((row) => row.id))
    for (const { trace, ...message } of named.filter(({ trace: { messageId } }) => !rowIds.has(messageId))) {
      const recipient = { userId: message.kind === 'invitation' ? current.employeeId : current.managerId }
      store.adopt(message, { conversationId: trace.conversationId, recipient, dueAt }, current.createdAt, now())
    }
  }

  function settleRow(row: Message, verification: Verification, known: Survey, dueAt: number): void {
    const found = known.traces.filter(({ messageId }) => messageId === row.id)
    const [first] = found
    if (row.state === 'sent' && !isReadable(row.conversationId) && first === undefined) {
      if (isOpen(verification)) store.showAgain(row, dueAt)
      return
    }
    if (row.state === 'sent' && found.length === 1 && first?.ts === row.ts) {
      if (isOpen(verification)) store.showAgain(row, dueAt)
      return
    }
    if (row.state === 'sent' && first === undefined && !isOpen(verification)) return
    if (row.state === 'undeliverable' && first === undefined) return
    if (row.state === 'none' && first === undefined && !isWanted(row, verification)) return
    const where = whereabouts(row, verification, known, first)
    if (where === null) return
    // In a channel there is nothing to look at: only time tells that nothing is under way.
    const since = isReadable(where.conversationId) ? verification.createdAt : now()
    store.doubt(row, { ...where, dueAt }, since, now())
  }

  /** Lost as a whole, unless it had come to its end: then what Slack shows is true. */
  async function closeLost(traces: readonly Trace[]): Promise<number> {
    const lost = traces.flatMap((trace) => {
      const name = readMessageId(trace.messageId)
      return name === null || store.knows(name.verificationId) ? [] : [{ ...name, trace }]
    })
    const ended = new Set(lost.filter(({ kind }) => kind === 'outcome').map(({ verificationId }) => verificationId))
    const left = lost.filter(({ verificationId }) => !ended.has(verificationId))
    for (const { kind, trace } of left) {
      const content = deps.lostMessage(kind)
      if (content === null) continue
      await insist('chat.update', () => conversations.update(trace.conversationId, trace.ts, content))
    }
    return new Set(left.map(({ verificationId }) => verificationId)).size
  }

  /** Does nothing unless the database was put back. May be cut off and begun again at any point. */
  return async function reconcile(): Promise<void> {
    const pending = store.pending()
    if (pending === null) return
    const asOf = Math.max(pending.asOf, now() - LOOKS_BACK_MS)
    const people = new Map([...store.managers(), ...deps.managerIds].map((userId) => [userId, asOf]))
    const open = await unfinished()
    for (const { managerId, employeeId, createdAt } of open) {
      for (const userId of [managerId, employeeId]) {
        people.set(userId, Math.min(people.get(userId) ?? asOf, createdAt))
      }
    }
    log.warn('restored from a backup: reading in slack what happened since', { count: people.size })
    const known = await readTwice(people, asOf, pending.restoredAt)
    const pollMs = 60_000 / deps.requestsPerMinute
    for (const [index, verification] of open.entries()) {
      await takeIn(verification, known, now() + SHOW_AFTER_MS + index * pollMs)
    }
    const lost = await closeLost(known.traces)
    store.finish(now())
    log.warn('restored from a backup: going on', { count: open.length })
    if (lost > 0) log.warn('verifications were lost with the restore', { count: lost })
  }
}

function whereabouts(
  row: Message,
  { managerId }: Verification,
  { conversations }: Survey,
  found: Trace | undefined,
): Omit<Whereabouts, 'dueAt'> | null {
  const { recipient } = row
  if ('channelId' in recipient) {
    // It had moved to the manager's direct messages.
    if (found !== undefined) return { conversationId: found.conversationId, recipient: { userId: managerId } }
    return { conversationId: recipient.channelId, recipient }
  }
  const conversationId = found?.conversationId ?? conversations.get(recipient.userId) ?? null
  return conversationId === null ? null : { conversationId, recipient }
}
