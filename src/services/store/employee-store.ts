import type { Database } from 'better-sqlite3'
import * as z from 'zod'
import type { AuditEntry } from '../audit.ts'
import { makeAppendAudit } from './audit-store.ts'
import * as sql from './employee-sql.ts'
import { keep } from './keep.ts'
import { NUMBER_OWNER } from './verification-sql.ts'

/**
 * Which EasyFreelance employee a Slack user is, and who says so. `remembered`: a session started with this number.
 * `linked`: a manager said so. `imported`: the operator's file did. `email`: EasyFreelance did, by the e-mail address that
 * Slack has confirmed. All but the first are links, and win over what is remembered.
 */
export type KnownEmployee = {
  readonly userId: string
  readonly employeeNumber: number
  readonly source: 'remembered' | 'linked' | 'imported' | 'email'
  /** The manager who said so, or who had it found by e-mail. */
  readonly linkedBy: string | null
}

/** A person and a number that belong together, wherever that stands. */
export type NumberHeld = Pick<KnownEmployee, 'userId' | 'employeeNumber'>

export type NewLink = NumberHeld & { readonly teamId: string; readonly linkedBy: string; readonly at: number }

export type Unlink = Pick<NewLink, 'teamId' | 'userId' | 'at'> & { readonly unlinkedBy: string }

export type Linked =
  | { readonly is: 'linked'; readonly before: KnownEmployee | null }
  | { readonly is: 'unchanged' }
  /** Known for somebody else, or in use by somebody else's open verification. */
  | { readonly is: 'number_taken'; readonly userId: string }

/** What is known before an import: the table, and the numbers of open verifications. */
export type KnownNumbers = { readonly known: readonly KnownEmployee[]; readonly open: readonly NumberHeld[] }

/** Every method is one atomic operation, and what the audit says about it is part of it. */
export type EmployeeStore = {
  of(teamId: string, userId: string): Promise<KnownEmployee | null>
  all(teamId: string): Promise<KnownEmployee[]>
  link(link: NewLink): Promise<Linked>
  /** EasyFreelance named this number for their e-mail address. What was linked meanwhile stays: `unchanged`. */
  linkByEmail(link: NewLink): Promise<Linked>
  /** Forgets the number of this person, linked or remembered; gives what was known. */
  unlink(unlink: Unlink): Promise<KnownEmployee | null>
  /** Asks `plan` what to import, with what is known now, and does all of it or nothing: when it gives null. */
  importLinks(
    teamId: string,
    plan: (numbers: KnownNumbers) => readonly NumberHeld[] | null,
    at: number,
  ): Promise<boolean>
}

const NumberRow = z.object({ user_id: z.string().min(1), employee_number: z.int() })
const EmployeeRow = NumberRow.extend({
  source: z.enum(['remembered', 'linked', 'imported', 'email']),
  linked_by: z.string().nullable(),
})

const OPERATOR: Pick<AuditEntry, 'actorId' | 'action' | 'result' | 'reason'> = {
  actorId: null,
  action: 'link',
  result: 'done',
  reason: 'imported',
}

export function makeEmployeeStore(db: Database): EmployeeStore {
  const of = keep(db.prepare(sql.OF))
  const all = keep(db.prepare(sql.ALL))
  const openNumbers = keep(db.prepare(sql.OPEN_NUMBERS))
  const put = keep(db.prepare(sql.PUT))
  const remove = keep(db.prepare(sql.REMOVE))
  const append = makeAppendAudit(db)
  const numberHolder = keep(db.prepare(NUMBER_OWNER).pluck())

  function knownOf(teamId: string, userId: string): KnownEmployee | null {
    const row = of.get(teamId, userId)
    return row === undefined ? null : readEmployee(row)
  }

  /** Whoever has it keeps it: nobody's number is taken from them. Either way it is on record. */
  function giveNumber(
    { teamId, userId, employeeNumber, linkedBy, at }: NewLink,
    before: KnownEmployee | null,
    by: { source: 'linked' | 'email'; entry: Omit<AuditEntry, 'result' | 'reason'>; reason: string | null },
  ): Linked {
    const holder = numberHolder.get({ team_id: teamId, employee_number: employeeNumber, user_id: userId })
    if (typeof holder === 'string') {
      append({ ...by.entry, result: 'refused', reason: 'number_taken' }, at)
      return { is: 'number_taken', userId: holder }
    }
    const { source, entry, reason } = by
    put.run({ team_id: teamId, user_id: userId, employee_number: employeeNumber, at, source, linked_by: linkedBy })
    append({ ...entry, result: 'done', reason }, at)
    return { is: 'linked', before }
  }

  const linkOnce = db.transaction((link: NewLink): Linked => {
    const { teamId, userId, employeeNumber, linkedBy } = link
    const before = knownOf(teamId, userId)
    if (before !== null && before.source !== 'remembered' && before.employeeNumber === employeeNumber) {
      return { is: 'unchanged' }
    }
    const entry = { teamId, actorId: linkedBy, action: 'link', subjectId: userId, employeeNumber } as const
    return giveNumber(link, before, { source: 'linked', entry, reason: null })
  })

  const linkByEmailOnce = db.transaction((link: NewLink): Linked => {
    const { teamId, userId, employeeNumber, linkedBy, at } = link
    const before = knownOf(teamId, userId)
    const entry = { teamId, actorId: linkedBy, action: 'lookup', subjectId: userId, employeeNumber } as const
    if (before !== null && before.source !== 'remembered') {
      append({ ...entry, result: 'refused', reason: 'linked_meanwhile' }, at)
      return { is: 'unchanged' }
    }
    return giveNumber(link, before, { source: 'email', entry, reason: 'found' })
  })

  const unlinkOnce = db.transaction(({ teamId, userId, unlinkedBy, at }: Unlink): KnownEmployee | null => {
    const before = knownOf(teamId, userId)
    if (before === null) return null
    remove.run(teamId, userId)
    const { employeeNumber } = before
    append({ teamId, actorId: unlinkedBy, action: 'unlink', subjectId: userId, employeeNumber, result: 'done' }, at)
    return before
  })

  const importOnce = db.transaction((teamId: string, plan: Parameters<EmployeeStore['importLinks']>[1], at: number) => {
    const known = all.all(teamId).map(readEmployee)
    const links = plan({ known, open: openNumbers.all(teamId).map(readHeld) })
    if (links === null) return false
    // All of them first, so that two people can exchange their numbers.
    for (const { userId } of links) remove.run(teamId, userId)
    for (const { userId, employeeNumber } of links) {
      put.run({
        team_id: teamId,
        user_id: userId,
        employee_number: employeeNumber,
        at,
        source: 'imported',
        linked_by: null,
      })
      append({ ...OPERATOR, teamId, subjectId: userId, employeeNumber }, at)
    }
    return true
  })

  return {
    of: async (teamId, userId) => knownOf(teamId, userId),
    all: async (teamId) => all.all(teamId).map(readEmployee),
    link: async (link) => linkOnce.immediate(link),
    linkByEmail: async (link) => linkByEmailOnce.immediate(link),
    unlink: async (unlink) => unlinkOnce.immediate(unlink),
    importLinks: async (teamId, plan, at) => importOnce.immediate(teamId, plan, at),
  }
}

function readHeld(row: unknown): NumberHeld {
  const { user_id, employee_number } = NumberRow.parse(row)
  return { userId: user_id, employeeNumber: employee_number }
}

function readEmployee(row: unknown): KnownEmployee {
  const { source, linked_by } = EmployeeRow.parse(row)
  return { ...readHeld(row), source, linkedBy: linked_by }
}
