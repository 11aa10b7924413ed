import { createHash, createHmac } from 'node:crypto'
import * as z from 'zod'

/** What the first row is chained to. */
export const GENESIS = '0'.repeat(64)

/** A row of the audit as it stands; read without trust, since somebody may have edited the file. */
export const AuditRow = z.object({
  seq: z.int(),
  at: z.int(),
  team_id: z.string(),
  action: z.string(),
  result: z.enum(['done', 'refused', 'unsure']),
  reason: z.string().nullable(),
  verification_id: z.string().nullable(),
  erased: z.int(),
  actor_mark: z.string().nullable(),
  subject_mark: z.string().nullable(),
  previous_hash: z.string(),
  hash: z.string(),
  actor_id: z.string().nullable(),
  actor_salt: z.string().nullable(),
  subject_id: z.string().nullable(),
  subject_salt: z.string().nullable(),
  employee_number: z.int().nullable(),
})
export type AuditRow = z.infer<typeof AuditRow>

/** A commitment to a person: without the salt it says nothing, with it nobody else can be put in their place. */
export function markOf(salt: string, userId: string, employeeNumber: number | null): string {
  return createHmac('sha256', salt)
    .update(JSON.stringify([userId, employeeNumber]))
    .digest('hex')
}

export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const covered = [
    row.previous_hash,
    row.seq,
    row.at,
    row.team_id,
    row.action,
    row.result,
    row.reason,
    row.verification_id,
    row.erased,
    row.actor_mark,
    row.subject_mark,
  ]
  return createHash('sha256').update(JSON.stringify(covered)).digest('hex')
}
