import * as z from 'zod'
import type { LedgerEvent, NewEntry } from '../ledger.ts'
import type { Message } from '../message.ts'
import type { Session, Verification } from '../verification.ts'

/** What of a stored verification decides what the ledger says about its change. */
export const LEDGER_BEFORE = 'status, delivered_at, opened_at, returned_at, reported, misses'
const BeforeRow = z.object({
  status: z.string(),
  unexpected_at: z.int().nullable(),
  delivered_at: z.int().nullable(),
  opened_at: z.int().nullable(),
  returned_at: z.int().nullable(),
  reported: z.string().nullable(),
  misses: z.int().nullable(),
})

/** One entry a change, and another for every sign that came with it. */
export function ledgerOfChange(before: unknown, next: Verification): NewEntry[] {
  const was = BeforeRow.parse(before)
  const entry = { verificationId: next.id, revision: next.revision } as const
  const entries: NewEntry[] = []
  const session = 'session' in next ? next.session : null
  if (session !== null) entries.push(...signsOf(was, session).map((what) => ({ ...entry, what })))
  if (next.unexpectedAt !== null && was.unexpected_at === null) entries.push({ ...entry, what: 'unexpected' })
  if (next.status !== was.status) {
    entries.push({ ...entry, what: 'moved', was: was.status, became: next.status, reason: reasonOf(next) })
  }
  return entries.length > 0 ? entries : [{ ...entry, what: 'changed', was: was.status, became: next.status }]
}

function signsOf(was: z.infer<typeof BeforeRow>, session: Session): LedgerEvent[] {
  const signs: LedgerEvent[] = []
  const hadSession = was.misses !== null
  if (session.deliveredAt !== null && was.delivered_at === null) signs.push('delivered')
  if (session.openedAt !== null && was.opened_at !== session.openedAt) signs.push('opened')
  if (session.returnedAt !== null && was.returned_at !== session.returnedAt) signs.push('returned')
  if (hadSession && session.misses > (was.misses ?? 0)) signs.push('missing')
  if (hadSession && session.misses === 0 && (was.misses ?? 0) > 0) signs.push('found_again')
  if (session.reported !== null && session.reported !== was.reported) signs.push('strange_word')
  return signs
}

function reasonOf(next: Verification): string | null {
  switch (next.status) {
    case 'settled':
      return next.outcome
    case 'failed':
    case 'parked':
      return next.reason
    case 'requested':
      return next.hold
    default:
      return null
  }
}

/** What of a stored message decides what the ledger says about its change. */
export const MESSAGE_BEFORE = 'select state, shown_revision, sweeps from messages where id = ?'
const MessageBeforeRow = z.object({
  state: z.enum(['none', 'sending', 'unknown', 'sent', 'undeliverable']),
  shown_revision: z.int().nullable(),
  sweeps: z.int().nullable(),
})

/** Null: nothing that anybody would ask about. */
export function ledgerOfMessage(before: unknown, next: Message): NewEntry | null {
  const was = MessageBeforeRow.parse(before)
  const what = messageEvent(was, next)
  if (what === null) return null
  return {
    verificationId: next.verificationId,
    messageId: next.id,
    what,
    was: was.state,
    became: next.state,
    revision: 'shows' in next ? next.shows.revision : null,
    reason: 'reason' in next ? next.reason : what === 'moved_to_dm' ? next.movedBecause : null,
  }
}

function messageEvent(was: z.infer<typeof MessageBeforeRow>, next: Message): LedgerEvent | null {
  switch (next.state) {
    case 'sending':
      return 'posting'
    case 'unknown':
      if (was.state === 'unknown') return 'not_seen'
      if (was.state === 'sent') return 'replaced'
      // Sent again after a doubt, and refused: what is in doubt is the send before.
      return was.state === 'sending' && next.cleanReads > 0 ? 'not_sent' : 'in_doubt'
    case 'undeliverable':
      return 'undeliverable'
    case 'none':
      if (next.movedBecause !== null && was.state !== 'unknown') return 'moved_to_dm'
      return was.state === 'sent' ? 'replaced' : 'not_sent'
    case 'sent':
      if (was.state === 'sending') return 'posted'
      if (was.state === 'unknown') return 'found'
      if (next.sweeps > (was.sweeps ?? 0)) return 'swept'
      return next.shows.revision === was.shown_revision ? null : 'shown'
  }
}
