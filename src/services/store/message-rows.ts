import * as z from 'zod'
import { MESSAGE_KINDS, type Message, type MessageIdentity } from '../message.ts'
import type { Columns } from './verification-columns.ts'

export const MESSAGE_COLUMNS = [
  'id',
  'verification_id',
  'kind',
  'occasion',
  'created_at',
  'version',
  'user_id',
  'channel_id',
  'moved_because',
  'sends',
  'state',
  'conversation_id',
  'ts',
  'since',
  'shown_revision',
  'shown_digest',
  'clean_reads',
  'resent_at',
  'sweeps',
  'reason',
] as const

/** SQL row → message, checked on the way out. */
export function readMessage(row: unknown): Message {
  return MessageRow.parse(row)
}

/** Message → the columns it fills; every column that its state doesn't have becomes null. */
export function writeMessage(message: Message): Columns<(typeof MESSAGE_COLUMNS)[number]> {
  const shows = 'shows' in message ? message.shows : null
  return {
    id: message.id,
    verification_id: message.verificationId,
    kind: message.kind,
    occasion: message.occasion,
    created_at: message.createdAt,
    version: message.version,
    user_id: 'userId' in message.recipient ? message.recipient.userId : null,
    channel_id: 'channelId' in message.recipient ? message.recipient.channelId : null,
    moved_because: message.movedBecause,
    sends: message.sends,
    state: message.state,
    conversation_id: 'conversationId' in message ? message.conversationId : null,
    ts: 'ts' in message ? message.ts : null,
    since: 'since' in message ? message.since : null,
    shown_revision: shows?.revision ?? null,
    shown_digest: shows?.digest ?? null,
    clean_reads: 'cleanReads' in message ? message.cleanReads : null,
    resent_at: 'resentAt' in message ? message.resentAt : null,
    sweeps: 'sweeps' in message ? message.sweeps : null,
    reason: 'reason' in message ? message.reason : null,
  }
}

const id = z.string().min(1)
const time = z.int()

const IdentityRow = z.object({
  id,
  verification_id: id,
  kind: z.enum(MESSAGE_KINDS),
  occasion: z.int(),
  created_at: time,
  version: z.int(),
  user_id: id.nullable(),
  channel_id: id.nullable(),
  moved_because: z.enum(['not_in_channel', 'channel_closed', 'posting_restricted']).nullable(),
  sends: z.int(),
})

const Placed = { conversation_id: id, shown_revision: z.int(), shown_digest: z.string() }

const MessageRow = z.discriminatedUnion('state', [
  IdentityRow.extend({ state: z.literal('none') }).transform((row) => ({ ...identity(row), state: row.state })),
  IdentityRow.extend({ state: z.literal('sending'), since: time, ...Placed }).transform((row) => ({
    ...identity(row),
    state: row.state,
    since: row.since,
    ...placed(row),
  })),
  IdentityRow.extend({ state: z.literal('unknown'), since: time, clean_reads: z.int(), ...Placed }).transform(
    (row) => ({
      ...identity(row),
      state: row.state,
      since: row.since,
      cleanReads: row.clean_reads,
      ...placed(row),
    }),
  ),
  IdentityRow.extend({
    state: z.literal('sent'),
    ts: id,
    resent_at: time.nullable(),
    sweeps: z.int(),
    ...Placed,
  }).transform((row) => ({
    ...identity(row),
    state: row.state,
    ts: row.ts,
    resentAt: row.resent_at,
    sweeps: row.sweeps,
    ...placed(row),
  })),
  IdentityRow.extend({ state: z.literal('undeliverable'), reason: id }).transform((row) => ({
    ...identity(row),
    state: row.state,
    reason: row.reason,
  })),
])

function identity(row: z.infer<typeof IdentityRow>): MessageIdentity {
  return {
    id: row.id,
    verificationId: row.verification_id,
    kind: row.kind,
    occasion: row.occasion,
    createdAt: row.created_at,
    version: row.version,
    recipient: row.channel_id === null ? { userId: id.parse(row.user_id) } : { channelId: row.channel_id },
    movedBecause: row.moved_because,
    sends: row.sends,
  }
}

function placed(row: { conversation_id: string; shown_revision: number; shown_digest: string }) {
  return {
    conversationId: row.conversation_id,
    shows: { revision: row.shown_revision, digest: row.shown_digest },
  }
}
