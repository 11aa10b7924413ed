/** The private answers to `/verify link` and `/verify unlink`. */
import { type Content, say } from './blocks.ts'
import { mention } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'
import { EMPLOYEE_PROBLEMS, type EmployeeProblem } from './verify-problems.ts'

export function linkIncomplete(): Content {
  return say(
    `Type \`${VERIFY_COMMAND} link @employee 4711\`: pick the person from Slack's list, then the employee's id at EasyFreelance, a whole number. Nothing was changed.`,
  )
}

export function unlinkIncomplete(): Content {
  return say(`Type \`${VERIFY_COMMAND} unlink @employee\` and pick the person from Slack's list. Nothing was changed.`)
}

const LINK_PROBLEMS: Readonly<Record<EmployeeProblem, string>> = {
  ...EMPLOYEE_PROBLEMS,
  yourself: 'You cannot change your own link. Ask a colleague who may.',
  guest: 'Guests cannot be verified here, so there is nothing to link. Choose a full member of your workspace.',
  unanswered: 'Slack did not tell us in time who this is. Please try again in a minute.',
}

export function linkRefused(problem: EmployeeProblem): Content {
  return say(`${LINK_PROBLEMS[problem]} Nothing was changed.`)
}

/** `before`: the number that was linked until now, if another one was. */
export function linked(employeeId: string, employeeNumber: number, before: number | null): Content {
  const instead = before === null || before === employeeNumber ? '' : ` instead of ${before}`
  return say(
    `${mention(employeeId)} is now linked to ${employeeNumber} at EasyFreelance${instead}. The form takes no other number for them. A verification that is open keeps the number it was asked with.`,
  )
}

export function alreadyLinked(employeeId: string, employeeNumber: number): Content {
  return say(`${mention(employeeId)} is linked to ${employeeNumber} at EasyFreelance already. Nothing was changed.`)
}

export function linkTaken(employeeNumber: number, holderId: string): Content {
  const holder = mention(holderId)
  return say(
    `${employeeNumber} belongs to ${holder}, and two people cannot have the same. Nothing was changed. If it is not theirs, type \`${VERIFY_COMMAND} unlink\` ${holder} first.`,
  )
}

export function unlinked(employeeId: string, employeeNumber: number): Content {
  return say(
    `${mention(employeeId)} is no longer linked to ${employeeNumber} at EasyFreelance. The form asks for the number again.`,
  )
}

export function notLinked(employeeId: string): Content {
  return say(`No number at EasyFreelance is known for ${mention(employeeId)}. Nothing was changed.`)
}
