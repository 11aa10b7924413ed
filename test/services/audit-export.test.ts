import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuditRecord } from '../../src/services/audit.ts'
import { CSV_HEADER, csvField, csvLine, jsonLine } from '../../src/services/audit-export.ts'

const RECORD: AuditRecord = {
  seq: 7,
  at: Date.UTC(2026, 10, 23, 9, 30),
  teamId: 'T1',
  actorId: 'U0MARIA',
  actorForgotten: false,
  action: 'request',
  subjectId: null,
  subjectForgotten: true,
  employeeNumber: null,
  verificationId: '-Xy_1',
  result: 'refused',
  reason: 'already_open',
}

/** Reads one CSV line as RFC 4180 says. */
function parseLine(line: string): string[] {
  const fields = [...`${line},`.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*),/gy)].map(([, field = '']) => field)
  return fields.map((field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field))
}

const nasty = fc.string({ unit: fc.constantFrom(...'=+-@\t\r\n",;|% \'aZ9＝＋', '\u00a0', '\ufeff'), maxLength: 12 })
const DANGEROUS = /^[\s\ufeff]*[=+\-@\t\r|%＝＋－＠]/u

describe('the CSV', () => {
  it('says who, what, about whom, when and how it went', () => {
    expect(CSV_HEADER).toBe('seq,at,team_id,actor,action,subject,employee_number,verification_id,result,reason')
    expect(csvLine(RECORD)).toBe("7,2026-11-23T09:30:00.000Z,T1,U0MARIA,request,forgotten,,'-Xy_1,refused,already_open")
    expect(JSON.parse(jsonLine(RECORD))).toMatchObject({ seq: 7, subject: 'forgotten', verification_id: '-Xy_1' })
  })

  it('holds no field that a spreadsheet takes for a formula, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), (value) => {
        const [read = '', ...more] = parseLine(csvField(value))
        expect(more).toEqual([])
        expect(read).not.toMatch(DANGEROUS)
        expect([value, `'${value}`]).toContain(read)
      }),
      { numRuns: 20_000 },
    )
  })

  it('keeps its columns, whatever stands in the fields', () => {
    fc.assert(
      fc.property(nasty, nasty, nasty, (actorId, action, reason) => {
        const fields = parseLine(csvLine({ ...RECORD, actorId, action, reason }))
        expect(fields).toHaveLength(CSV_HEADER.split(',').length)
        expect(fields.filter((field) => DANGEROUS.test(field))).toEqual([])
      }),
      { numRuns: 5000 },
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '\n=1'])('makes text of %j', (value) => {
    expect(parseLine(csvField(value))).toEqual([`'${value}`])
  })
})
