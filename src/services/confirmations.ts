import { type Confirmation, maskEmail } from '../views/confirmation.ts'
import type { Audit } from './audit.ts'
import type { EasyFreelance } from './easyfreelance.ts'
import { isSameEmail, type PartnerEmployee } from './easyfreelance-employee.ts'
import type { Inquiries } from './partner.ts'
import type { People } from './people.ts'

export type Asker = { readonly teamId: string; readonly managerId: string }
export type Question = Asker & { readonly employeeId: string; readonly employeeNumber: number }

/**
 * Who EasyFreelance says has a number, for a manager to confirm. Kept in memory for a minute, nowhere else: a name and a
 * masked e-mail address.
 */
export type Confirmations = {
  /** Never throws, and waits for the budget a moment at most. Asked twice at once, it is one call. Each call is on record first. */
  confirm(question: Question): Promise<Confirmation>
  /** What was said lately; null when nobody asked, or is still waiting for the answer. */
  known(employeeId: string, employeeNumber: number): Confirmation | null
  isAsking(employeeId: string, employeeNumber: number): boolean
  /** EasyFreelance named this employee in answer to something else. */
  learn(employeeId: string, employee: PartnerEmployee, slackEmail: string | null): void
}

const KEPT_MS = 60_000
/** Long enough that a form which could not be shown again says so on the next Send. */
const NO_ANSWER_KEPT_MS = 10_000
const MOST_KEPT = 500

export function makeConfirmations(deps: {
  partner: Pick<Inquiries, 'readEmployee'>
  people: Pick<People, 'email'>
  audit: Pick<Audit, 'record'>
  now: () => number
}): Confirmations {
  const { partner, people, audit, now } = deps
  const asking = new Map<string, Promise<Confirmation>>()
  const said = new Map<string, { confirmation: Confirmation; until: number }>()

  function known(employeeId: string, employeeNumber: number): Confirmation | null {
    const kept = said.get(keyOf(employeeId, employeeNumber))
    return kept !== undefined && now() < kept.until ? kept.confirmation : null
  }

  function keep(key: string, confirmation: Confirmation): void {
    const at = now()
    said.delete(key)
    said.set(key, { confirmation, until: at + (confirmation.is === 'no_answer' ? NO_ANSWER_KEPT_MS : KEPT_MS) })
    // Oldest first.
    for (const [old, { until }] of said) if (until <= at || said.size > MOST_KEPT) said.delete(old)
  }

  async function ask({ teamId, managerId, employeeId, employeeNumber }: Question): Promise<Confirmation> {
    const entry = { teamId, actorId: managerId, subjectId: employeeId, employeeNumber } as const
    try {
      await audit.record({ ...entry, action: 'look', result: 'done' })
    } catch {
      // What can't be written down is not asked; the disk's trouble is told by whoever watches it.
      return { is: 'no_answer' }
    }
    const [answer, slackEmail] = await Promise.all([partner.readEmployee(employeeNumber), people.email(employeeId)])
    return confirmationOf(answer, slackEmail)
  }

  return {
    known,
    isAsking: (employeeId, employeeNumber) => asking.has(keyOf(employeeId, employeeNumber)),
    confirm: (question) => {
      const { employeeId, employeeNumber } = question
      const key = keyOf(employeeId, employeeNumber)
      const kept = known(employeeId, employeeNumber)
      if (kept !== null) return Promise.resolve(kept)
      const already = asking.get(key)
      if (already !== undefined) return already
      const answer = ask(question)
        .then((confirmation) => {
          keep(key, confirmation)
          return confirmation
        })
        .finally(() => asking.delete(key))
      asking.set(key, answer)
      return answer
    },
    learn: (employeeId, employee, slackEmail) =>
      keep(keyOf(employeeId, employee.employeeNumber), confirmationOf({ is: 'done', employee }, slackEmail)),
  }
}

function keyOf(employeeId: string, employeeNumber: number): string {
  return `${employeeId} ${employeeNumber}`
}

function confirmationOf(
  answer: Awaited<ReturnType<EasyFreelance['readEmployee']>>,
  slackEmail: string | null,
): Confirmation {
  if (answer.is !== 'done') {
    const { because } = answer
    return { is: because === 'not_found' || because === 'not_allowed' ? because : 'no_answer' }
  }
  const { name, email, isVerified } = answer.employee
  const isKnown = email !== null && slackEmail !== null
  return {
    is: 'found',
    name,
    maskedEmail: email === null ? null : maskEmail(email),
    email: isKnown ? (isSameEmail(email, slackEmail) ? 'same' : 'different') : 'not_compared',
    isVerified,
  }
}
