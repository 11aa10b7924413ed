import type { Person, PersonKind } from '../services/people.ts'
import type { EmployeeProblem } from '../views/verify-problems.ts'

const KIND_PROBLEMS: Readonly<Record<PersonKind, EmployeeProblem | null>> = {
  member: null,
  deactivated: 'deleted',
  bot: 'bot',
  slackbot: 'slackbot',
  guest: 'guest',
  stranger: 'stranger',
  invited: 'invited',
}

/** Why this person can't be verified by this manager; null when they can. */
export function employeeProblem(
  employee: Person | 'unknown' | 'no_answer',
  employeeId: string,
  managerId: string,
): EmployeeProblem | null {
  if (employeeId === managerId) return 'yourself'
  if (employee === 'unknown') return 'unknown'
  return employee === 'no_answer' ? 'unanswered' : KIND_PROBLEMS[employee.kind]
}
