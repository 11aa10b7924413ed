/**
 * The audit: who did what, about whom, when, and how it went; refusals included. Rows are only ever added, and each is
 * chained to the one before by a hash. It holds ids and words of ours: never a link, a session id, an e-mail, a name or
 * a note. Of what one person is refused, at most thirty entries an hour are kept; the last of them says so.
 *
 * - actor: the Slack user who did it. Null: the app itself, EasyFreelance, or the operator at the command line.
 * - subject: the Slack user whom it is about. Null: nobody in particular.
 */

export const AUDIT_ACTIONS = [
  'command',
  'request',
  'retry',
  'close',
  'unexpected',
  'open_link',
  'settled',
  'failed',
  'parked',
  'link',
  'unlink',
  'look',
  'lookup',
  'history',
  'erase',
  'restore',
  'reconcile',
] as const
export type AuditAction = (typeof AUDIT_ACTIONS)[number]

/** `unsure`: refused because Slack did not answer who somebody is; of a `lookup`: nobody knows whether EasyFreelance did it. */
export const AUDIT_RESULTS = ['done', 'refused', 'unsure'] as const
export type AuditResult = (typeof AUDIT_RESULTS)[number]

export type AuditEntry = {
  readonly teamId: string
  readonly actorId: string | null
  readonly action: AuditAction
  readonly subjectId: string | null
  /** The EasyFreelance employee that the subject was said to be; goes when the subject is forgotten. */
  readonly employeeNumber?: number | null
  readonly verificationId?: string | null
  readonly result: AuditResult
  /** One word of ours in lower case, such as `not_permitted` or `approved`. Never anything that somebody typed. */
  readonly reason?: string | null
}

/** What stands in the audit. The people of an entry may have been forgotten since. */
export type AuditRecord = {
  readonly seq: number
  /** UTC ms. */
  readonly at: number
  readonly teamId: string
  readonly actorId: string | null
  readonly actorForgotten: boolean
  readonly action: string
  readonly subjectId: string | null
  readonly subjectForgotten: boolean
  readonly employeeNumber: number | null
  readonly verificationId: string | null
  readonly result: AuditResult
  readonly reason: string | null
}

/** How an entry says that somebody was not let through. */
export function refusal(permission: 'no' | 'unsure'): Pick<AuditEntry, 'result' | 'reason'> {
  return permission === 'no'
    ? { result: 'refused', reason: 'not_permitted' }
    : { result: 'unsure', reason: 'slack_did_not_answer' }
}

export type Audit = {
  /** Adds one entry. What changes a verification is recorded by the store itself, in the transaction of the change. */
  record(entry: AuditEntry): Promise<void>
  /** The latest entries about a person, newest first; without those that only say that somebody looked. */
  historyOf(teamId: string, userId: string, limit: number): Promise<AuditRecord[]>
  /** Takes a person out of every entry, leaving tombstones in a chain that stays valid. Says how many were left. */
  forget(teamId: string, userId: string): Promise<number>
}
