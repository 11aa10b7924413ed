/** What the form says when something is wrong: at a field (plain text), or on top (mrkdwn). */
import type { Verification } from '../services/verification.ts'
import { dateTime, mention } from './mrkdwn.ts'
import { stateTitle } from './state-words.ts'
import { VERIFY_COMMAND } from './verify-command.ts'
import { EMPLOYEE } from './verify-form.ts'

export const EMPLOYEE_PROBLEMS = {
  nobody: 'Choose the person you want to verify.',
  unknown: 'Slack does not know this person. Choose somebody else.',
  deleted: 'This account is deactivated, so a message would not arrive. Choose somebody else.',
  bot: 'This is an app, not a person. Choose a person.',
  slackbot: 'Slackbot is not a person. Choose a person.',
  guest: 'Guests cannot be verified here. Choose a full member of your workspace.',
  stranger: 'This person belongs to another company. Choose somebody from your own workspace.',
  invited: 'This person has never signed in to Slack. Ask them to do that first.',
  yourself: 'You cannot verify yourself. Ask a colleague who may.',
  unanswered: 'Slack did not answer in time. Nothing was sent; press Send again.',
} as const
export type EmployeeProblem = keyof typeof EMPLOYEE_PROBLEMS

export const FIELD_PROBLEMS = {
  provider: 'Choose BankID or Veriff.',
  idType: 'Choose which documents the employee has; Veriff needs to know.',
  number: 'Type the id as a whole number between 1 and 2147483647.',
  numberOrTick: 'Type the id, or tick the box below to have it found by e-mail.',
  nobody: 'EasyFreelance knows nobody with this id. Look it up in EasyFreelance, correct it and press Send again.',
  linkedNobody: `EasyFreelance knows nobody with this id. Have the link changed with ${VERIFY_COMMAND} link @employee and the right id, then try again.`,
  personChanged:
    "This id may be somebody else's: the form was made for another person. Wait a moment, check it and press Send again.",
  note: 'The note is too long. Please keep it within 300 characters.',
} as const

/** A manager or the operator has said which number is theirs; the form alone doesn't change that. */
export function linkedOtherwise(linkedNumber: number): string {
  return `This person is linked to ${linkedNumber}, not to this id. Use ${linkedNumber}; or, if the link is wrong, have it changed with ${VERIFY_COMMAND} link @employee and the right id.`
}

/** Something is wrong with the chosen person. For `response_action: 'errors'`. */
export function employeeErrors(problem: EmployeeProblem): Record<string, string> {
  return { [EMPLOYEE.block]: EMPLOYEE_PROBLEMS[problem] }
}

/** The employee has no room for another verification: who asked, since when, and how it stands. */
export function alreadyOpenProblem(open: Verification): string {
  const asked = `asked by ${mention(open.managerId)} ${dateTime(open.createdAt)}`
  return `*${mention(open.employeeId)} already has an open verification*, ${asked}. State: ${stateTitle(open)}. Nothing was sent.`
}

/** The number is in use for somebody else: who, and what to do if that was the mistake. */
export function numberTakenProblem(number: number, holderId: string): string {
  return `*EasyFreelance id ${number} is already used for ${mention(holderId)}.* Check it in EasyFreelance. If it is wrong for ${mention(holderId)}, correct it with \`/verify link\`, or close their verification. Nothing was sent.`
}

const LIMITS = {
  employee: (employeeId: string) => `${mention(employeeId)} was asked as often as this app allows in 24 hours`,
  manager: () => 'You asked for as many verifications as this app allows in an hour',
  everybody: () => 'As many verifications were asked for as this app allows in an hour',
} as const

/** A limit is reached; says when there is room again. */
export function limitProblem(employeeId: string, reached: { limit: keyof typeof LIMITS; until: number }): string {
  return `*${LIMITS[reached.limit](employeeId)}.* It will work again ${dateTime(nextMinute(reached.until))}. Nothing was sent; what you filled in stays here.`
}

/** Slack shows no seconds: rounded up, so that nobody comes back too early. */
function nextMinute(atMs: number): number {
  return Math.ceil(atMs / 60_000) * 60_000
}

/** The form was sent before it could be shown for what was chosen last. */
export const OUTDATED_PROBLEM =
  'The form has changed with what you chose. Please check it and press Send again. Nothing was sent.'

/** Our own failure: nothing was stored, and what was typed stays. For `response_action: 'errors'`. */
export function brokenErrors(reference: string): Record<string, string> {
  return {
    [EMPLOYEE.block]: `Something went wrong on our side. Nothing was sent; press Send again. If it goes wrong again, tell whoever runs the app: ${reference}`,
  }
}

/** Our disk or database refuses: nothing was stored, and what was typed stays. For `response_action: 'errors'`. */
export function notSavedErrors(reference: string): Record<string, string> {
  return {
    [EMPLOYEE.block]: `Nothing was accepted: we can't save anything right now. What you filled in stays here; press Send again in a few minutes. If it lasts, tell whoever runs the app: ${reference}`,
  }
}
