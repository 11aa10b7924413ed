/** What the form says while somebody is looked up by e-mail, and what came of it; mrkdwn, on top of the form. */
import { mention } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

export type LookupProblem =
  | { readonly is: 'no_email' | 'unknown' | 'linked_meanwhile' }
  | { readonly is: 'refused'; readonly because: keyof typeof REFUSED }
  | { readonly is: 'number_taken'; readonly employeeNumber: number; readonly userId: string }

export function askingForAccount(employeeId: string): string {
  return `_Asking EasyFreelance for the account of ${mention(employeeId)}…_ Nothing was sent to them yet.`
}

/** Why there is no number yet, and what to do. */
export function lookupProblem(employeeId: string, problem: LookupProblem): string {
  const who = mention(employeeId)
  switch (problem.is) {
    case 'no_email':
      return `*Slack tells this app no confirmed e-mail address of ${who}.* Nobody was looked up. ${TYPE_IT}`
    case 'refused':
      return `${REFUSED[problem.because](who)} No account was linked or created. ${TYPE_IT}`
    case 'unknown':
      return `*We don't know whether EasyFreelance linked the account of ${who}.* Pressing Send again is safe: the same e-mail address gives the same account.`
    case 'number_taken':
      return `*EasyFreelance has ${who} under the id ${problem.employeeNumber}, which is used for ${mention(problem.userId)} here.* Nothing was sent. Check it in EasyFreelance, and correct it with \`${VERIFY_COMMAND} link\`.`
    case 'linked_meanwhile':
      return `*Somebody linked ${who} to EasyFreelance meanwhile.* Please check the id and press Send again.`
  }
}

const TYPE_IT = 'Please type the id instead.'
const KEYS = () => '*EasyFreelance does not let this app in.* Please tell whoever runs the app.'
const NOT_TAKEN = (who: string) => `*EasyFreelance did not take the e-mail address of ${who}.*`
const NOT_ALLOWED = (who: string) => `*EasyFreelance does not let this app look up ${who}.*`

const REFUSED = {
  unreachable: () => '*EasyFreelance can not be reached just now.*',
  unauthorised: KEYS,
  rate_limited: () => '*EasyFreelance is being asked too much just now.* Try again in a minute.',
  invalid: NOT_TAKEN,
  bad_request: NOT_TAKEN,
  return_url_not_approved: NOT_TAKEN,
  not_allowed: NOT_ALLOWED,
  not_found: NOT_ALLOWED,
} as const
