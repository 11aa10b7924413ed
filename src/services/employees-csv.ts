import { csvField, readCsv } from './csv-lines.ts'
import type { KnownEmployee, KnownNumbers, NumberHeld } from './store/employee-store.ts'

/** The operator's file: which Slack user is which EasyFreelance employee. */
export const HEADER = ['slack_user_id', 'easyfreelance_id'] as const

export type ImportLine = NumberHeld & { readonly line: number }
/** Never what stands in the line: that may be anything. */
export type LineProblem = { readonly line: number; readonly problem: string }
export type ReadFile =
  | { readonly ok: true; readonly lines: readonly ImportLine[] }
  | { readonly ok: false; readonly problems: readonly LineProblem[] }

export type Change = ImportLine & {
  /** `confirm`: the same number, remembered until now. */
  readonly is: 'new' | 'change' | 'confirm' | 'unchanged'
  readonly before: KnownEmployee | null
}

const USER_ID = /^[UW][A-Z0-9]{2,30}$/
const LARGEST_NUMBER = 2_147_483_647
const MOST_LINES = 100_000

/** Reads the file by itself; every line that can't be meant is named. */
export function readEmployeesFile(text: string): ReadFile {
  const separator = /^[^\r\n]*;/.test(text) ? ';' : ','
  const [header, ...records] = readCsv(text, separator)
  const named = header?.fields.map((field) => field.trim().toLowerCase()) ?? []
  if (named.length !== HEADER.length || !HEADER.every((name, at) => named[at] === name)) {
    return { ok: false, problems: [{ line: 1, problem: `The first line must be: ${HEADER.join(',')}` }] }
  }
  if (records.length > MOST_LINES) {
    return { ok: false, problems: [{ line: MOST_LINES + 2, problem: `More than ${MOST_LINES} lines.` }] }
  }
  const problems: LineProblem[] = []
  const lines: ImportLine[] = []
  const users = new Map<string, number>()
  const numbers = new Map<number, number>()
  for (const { line, fields, isBroken } of records) {
    if (fields.length === 1 && fields[0]?.trim() === '') continue
    const [userId = '', typed = ''] = fields.map((field) => field.trim())
    const employeeNumber = /^\d{1,10}$/.test(typed) ? Number(typed) : 0
    const problem = lineProblem({ userId, employeeNumber, isBroken, count: fields.length }, { users, numbers })
    if (problem !== null) problems.push({ line, problem })
    else lines.push({ line, userId, employeeNumber })
    if (!users.has(userId)) users.set(userId, line)
    if (!numbers.has(employeeNumber)) numbers.set(employeeNumber, line)
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, lines }
}

function lineProblem(
  read: { userId: string; employeeNumber: number; isBroken: boolean; count: number },
  seen: { users: ReadonlyMap<string, number>; numbers: ReadonlyMap<number, number> },
): string | null {
  const { userId, employeeNumber, isBroken, count } = read
  if (isBroken) return 'The quotation marks do not match.'
  if (count !== 2) return `Needs two fields, has ${count}.`
  if (!USER_ID.test(userId)) return 'The first field is not a Slack user id (U… or W…).'
  if (employeeNumber < 1 || employeeNumber > LARGEST_NUMBER) {
    return `The second field is not a whole number from 1 to ${LARGEST_NUMBER}.`
  }
  if (seen.users.has(userId)) return `The same person as in line ${seen.users.get(userId)}.`
  if (seen.numbers.has(employeeNumber)) return `The same number as in line ${seen.numbers.get(employeeNumber)}.`
  return null
}

/** What the lines would change, given what is known; or the lines whose number is somebody else's. */
export function planImport(
  lines: readonly ImportLine[],
  { known, open }: KnownNumbers,
): { ok: true; changes: Change[] } | { ok: false; problems: LineProblem[] } {
  const byUser = new Map(known.map((employee) => [employee.userId, employee]))
  const inFile = new Set(lines.map(({ userId }) => userId))
  const kept = new Map(known.filter(({ userId }) => !inFile.has(userId)).map((held) => [held.employeeNumber, held]))
  const asked = new Map(open.map((held) => [held.employeeNumber, held]))
  const problems: LineProblem[] = []
  const changes = lines.map((line): Change => {
    const holder = kept.get(line.employeeNumber)
    const asking = asked.get(line.employeeNumber)
    if (holder !== undefined) {
      problems.push({ line: line.line, problem: `The number belongs to ${holder.userId}, who is not in this file.` })
    } else if (asking !== undefined && asking.userId !== line.userId) {
      problems.push({ line: line.line, problem: `The number is in an open verification of ${asking.userId}.` })
    }
    const before = byUser.get(line.userId) ?? null
    return { ...line, before, is: changeOf(line, before) }
  })
  return problems.length > 0 ? { ok: false, problems } : { ok: true, changes }
}

function changeOf({ employeeNumber }: NumberHeld, before: KnownEmployee | null): Change['is'] {
  if (before === null) return 'new'
  if (before.employeeNumber !== employeeNumber) return 'change'
  return before.source === 'remembered' ? 'confirm' : 'unchanged'
}

export function writeEmployeesFile(employees: readonly NumberHeld[]): string {
  const lines = employees.map(({ userId, employeeNumber }) => `${csvField(userId)},${employeeNumber}`)
  return [HEADER.join(','), ...lines, ''].join('\r\n')
}
