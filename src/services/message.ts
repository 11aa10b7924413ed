/**
 * A message: something the bot says in Slack about one verification, and how far its delivery has come.
 * It is always rendered from the stored verification (level-triggered), so a missed edit cannot exist.
 *
 *   none → sending → sent          sending → unknown   when the answer was lost or the process died
 *   unknown → sent                 when it is found in the conversation's history
 *   unknown → sending              again, when it is surely absent and still wanted
 *   sent → unknown                 when it was taken away, and a copy of an earlier send may still come
 *   any → undeliverable            on a refusal that will not change; from unknown, once no copy can come any more
 */
import type { Verification } from './verification.ts'

/**
 * - card: the manager's status message.
 * - invitation: the employee's direct message with the link.
 * - decision: tells the manager that a parked verification needs them.
 * - outcome: tells the manager that it is over, because an edited card notifies nobody.
 * - concern: tells the manager that the employee did not expect this.
 */
export const MESSAGE_KINDS = ['card', 'invitation', 'decision', 'outcome', 'concern'] as const
export type MessageKind = (typeof MESSAGE_KINDS)[number]

/** Why a card does not stand in the channel the manager chose. */
export type MovedBecause = 'not_in_channel' | 'channel_closed' | 'posting_restricted'

/** Why an invitation can't reach the employee: Slack will not take it, or its link does not open. */
export type NotInvited = 'undeliverable' | 'link_broken'

export type MessageIdentity = {
  /** Opaque: it stands in the message's metadata, which any app of the workspace can read. See `messageIdOf`. */
  readonly id: string
  readonly verificationId: string
  readonly kind: MessageKind
  /** Tells one message of a kind from the next: the number of the park or of the invitation, else 0. */
  readonly occasion: number
  readonly createdAt: number
  /** Compare-and-swap counter of this row. */
  readonly version: number
  readonly recipient: Recipient
  readonly movedBecause: MovedBecause | null
  /** How many times it has been handed to Slack. */
  readonly sends: number
}

/** A person (their direct messages with the bot) or a channel. */
export type Recipient = { readonly userId: string } | { readonly channelId: string }

/** What a message shows: the verification's revision, and a digest of the rendered content. */
export type Shown = { readonly revision: number; readonly digest: string }

export type Message = MessageIdentity &
  (
    | { readonly state: 'none' }
    | { readonly state: 'sending'; readonly conversationId: string; readonly since: number; readonly shows: Shown }
    | {
        readonly state: 'unknown'
        readonly conversationId: string
        readonly since: number
        readonly shows: Shown
        /** Complete readings of the history in which it was absent. */
        readonly cleanReads: number
      }
    | {
        readonly state: 'sent'
        readonly conversationId: string
        readonly ts: string
        readonly shows: Shown
        /**
         * UTC ms of the last call that may have an effect later than we noticed: a repeated send, which may leave a stray
         * copy, or an edit whose answer was lost. Else null.
         */
        readonly resentAt: number | null
        /** How often what came late was looked for and undone since. */
        readonly sweeps: number
      }
    | { readonly state: 'undeliverable'; readonly reason: string }
  )

export type MessageIn<S extends Message['state']> = Extract<Message, { state: S }>

/** What a message's id says about it. */
export type MessageName = Pick<MessageIdentity, 'verificationId' | 'kind' | 'occasion'>

/**
 * A message's id, made of what it is: so that a message in Slack whose row was lost can still be told apart from all others.
 * A verification's id is random and says nothing; it stands in the buttons of the same messages.
 */
export function messageIdOf({ verificationId, kind, occasion }: MessageName): string {
  return `${verificationId}-${kind}-${occasion}`
}

/** Null for an id that was not made by `messageIdOf`. */
export function readMessageId(id: string): MessageName | null {
  const [, verificationId, kind, occasion] = /^(.+)-([a-z]+)-(\d{1,9})$/.exec(id) ?? []
  if (verificationId === undefined || !isKind(kind)) return null
  return { verificationId, kind, occasion: Number(occasion) }
}

export type WantedMessage = Pick<MessageIdentity, 'kind' | 'occasion' | 'recipient'>

/** Every message that a verification in this state calls for; the store adds the rows that are missing. */
export function messagesFor(verification: Verification): WantedMessage[] {
  const manager: Recipient = { userId: verification.managerId }
  const card: Recipient = verification.cardChannelId === null ? manager : { channelId: verification.cardChannelId }
  const wanted: WantedMessage[] = [{ kind: 'card', occasion: 0, recipient: card }]
  if (verification.unexpectedAt !== null) wanted.push({ kind: 'concern', occasion: 0, recipient: manager })
  if (verification.status === 'waiting') {
    wanted.push({
      kind: 'invitation',
      occasion: verification.invitations,
      recipient: { userId: verification.employeeId },
    })
  }
  if (verification.status === 'parked')
    wanted.push({ kind: 'decision', occasion: verification.parks, recipient: manager })
  const over = verification.status === 'settled' || verification.status === 'failed'
  const closedByManager = verification.status === 'failed' && verification.closedBy === verification.managerId
  if (over && !closedByManager) wanted.push({ kind: 'outcome', occasion: 0, recipient: manager })
  return wanted
}

function isKind(word: string | undefined): word is MessageKind {
  return (MESSAGE_KINDS as readonly (string | undefined)[]).includes(word)
}

/** Whether sending it (again) still helps anybody. What was sent already is kept up to date in any case. */
export function isWanted(message: Pick<MessageIdentity, 'kind' | 'occasion'>, verification: Verification): boolean {
  switch (message.kind) {
    case 'invitation':
      return verification.status === 'waiting' && message.occasion === verification.invitations
    case 'decision':
      return verification.status === 'parked' && message.occasion === verification.parks
    case 'card':
    case 'outcome':
    case 'concern':
      return true
  }
}
