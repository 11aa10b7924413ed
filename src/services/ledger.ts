/** What happened to a verification or to one of its messages. */
export type LedgerEvent =
  | 'requested'
  /** The worker took it up to start it. */
  | 'claimed'
  | 'moved'
  | 'delivered'
  | 'opened'
  | 'returned'
  | 'unexpected'
  | 'missing'
  | 'found_again'
  | 'strange_word'
  | 'changed'
  /** Asked, and nothing had changed. */
  | 'polled'
  /** Asked, or about to ask, and there was no answer that means anything. */
  | 'unanswered'
  | 'called_for'
  /** The intent: a send to Slack begins. No send without one before it. */
  | 'posting'
  | 'posted'
  | 'in_doubt'
  /** Looked for in the conversation's history, and not there. */
  | 'not_seen'
  | 'found'
  /** Surely not there, or surely refused: as if it had not been sent. */
  | 'not_sent'
  | 'shown'
  | 'swept'
  | 'replaced'
  | 'moved_to_dm'
  | 'undeliverable'

export type LedgerEntry = {
  readonly seq: number
  readonly verificationId: string
  readonly messageId: string | null
  /** UTC ms. */
  readonly at: number
  readonly what: LedgerEvent
  readonly was: string | null
  readonly became: string | null
  readonly revision: number | null
  readonly reason: string | null
  /** How often in a row; the last time at `lastAt`. */
  readonly count: number
  readonly lastAt: number
}

export type NewEntry = Pick<LedgerEntry, 'verificationId' | 'what'> &
  Partial<Pick<LedgerEntry, 'messageId' | 'was' | 'became' | 'revision' | 'reason'>>
