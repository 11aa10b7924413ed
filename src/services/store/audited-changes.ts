import * as z from 'zod'
import type { AuditEntry } from '../audit.ts'
import type { Requested, Verification } from '../verification.ts'
import type { Inserted } from './inserted.ts'
import { LEDGER_BEFORE } from './ledger-entries.ts'

/** What of a stored verification decides which changes are on record, and what the ledger says about them. */
export const BEFORE = `select unexpected_at, ${LEDGER_BEFORE} from verifications where id = ?`
const BeforeRow = z.object({ status: z.string(), unexpected_at: z.int().nullable() })

const about = (verification: Verification) => ({
  teamId: verification.teamId,
  subjectId: verification.employeeId,
  verificationId: verification.id,
})

/** What is on record about a request, taken or not. A submission that comes again adds nothing. */
export function entriesOfRequest(requested: Requested, inserted: Inserted): AuditEntry[] {
  const entry = {
    ...about(requested),
    actorId: requested.managerId,
    action: 'request',
    employeeNumber: requested.employeeNumber,
  } as const
  switch (inserted.is) {
    case 'repeated':
      return []
    case 'inserted':
      return [{ ...entry, result: 'done' }]
    case 'already_open':
      return [{ ...entry, verificationId: inserted.verification.id, result: 'refused', reason: 'already_open' }]
    case 'number_taken':
      return [{ ...entry, verificationId: null, result: 'refused', reason: 'number_taken' }]
    case 'linked_otherwise':
      return [{ ...entry, verificationId: null, result: 'refused', reason: 'linked_otherwise' }]
    case 'limited':
      return [{ ...entry, verificationId: null, result: 'refused', reason: `limit_${inserted.reached.limit}` }]
  }
}

/** What is on record about a change: decisions, "I did not expect this", and every end or halt. `by`: who brought it about. */
export function entriesOfChange(before: unknown, next: Verification, by: string | null): AuditEntry[] {
  const { status, unexpected_at: unexpectedAt } = BeforeRow.parse(before)
  const entry = { ...about(next), actorId: null, result: 'done' } as const
  const entries: AuditEntry[] = []
  if (next.unexpectedAt !== null && unexpectedAt === null) {
    entries.push({ ...entry, actorId: next.employeeId, action: 'unexpected' })
  }
  if (next.status === status) return entries
  if (status === 'parked' && next.status !== 'failed') entries.push({ ...entry, actorId: by, action: 'retry' })
  switch (next.status) {
    case 'settled':
      return [...entries, { ...entry, action: 'settled', reason: next.outcome }]
    case 'failed':
      return next.reason === 'given_up'
        ? [...entries, { ...entry, actorId: next.closedBy, action: 'close' }]
        : [...entries, { ...entry, action: 'failed', reason: next.reason }]
    case 'parked':
      return [...entries, { ...entry, action: 'parked', reason: next.reason }]
    default:
      return entries
  }
}
