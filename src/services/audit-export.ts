import type { AuditRecord } from './audit.ts'

const CSV_COLUMNS = [
  'seq',
  'at',
  'team_id',
  'actor',
  'action',
  'subject',
  'employee_number',
  'verification_id',
  'result',
  'reason',
] as const
export const CSV_HEADER = CSV_COLUMNS.join(',')

/** What a spreadsheet could take for a formula, also behind blanks. */
const FORMULA = /^\s*[=+\-@\t\r\n|%\uff0b\uff0d\uff1d\uff20]/u

/** One line of CSV (RFC 4180, without its line end) that no spreadsheet takes for a formula. */
export function csvLine(record: AuditRecord): string {
  return Object.values(plainRecord(record)).map(csvField).join(',')
}

export function csvField(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const harmless = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) || harmless !== harmless.trim() ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** One JSON object on a line. */
export function jsonLine(record: AuditRecord): string {
  return JSON.stringify(plainRecord(record))
}

function plainRecord(record: AuditRecord): Record<(typeof CSV_COLUMNS)[number], string | number | null> {
  return {
    seq: record.seq,
    at: new Date(record.at).toISOString(),
    team_id: record.teamId,
    actor: record.actorForgotten ? 'forgotten' : record.actorId,
    action: record.action,
    subject: record.subjectForgotten ? 'forgotten' : record.subjectId,
    employee_number: record.employeeNumber,
    verification_id: record.verificationId,
    result: record.result,
    reason: record.reason,
  }
}
