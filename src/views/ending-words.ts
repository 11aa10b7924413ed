/** How a verification ended, and what to do then: for the manager. */
import type { Failed, Settled } from '../services/verification.ts'
import { stepNames } from './check-words.ts'
import { code, mention } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'
import type { Words } from './words.ts'

export function settledWords(verification: Settled): Words {
  const employee = mention(verification.employeeId)
  const again = `type \`${VERIFY_COMMAND}\` and choose ${employee}`
  switch (verification.outcome) {
    case 'approved': {
      const missing = stepNames(verification.missingSteps)
      const next =
        missing === ''
          ? 'There is nothing more to do here.'
          : `EasyFreelance still needs: ${missing}. Ask ${employee} to sign in there and complete it.`
      return {
        symbol: ':white_check_mark:',
        title: 'Approved',
        next: `EasyFreelance confirmed who ${employee} is. ${next}`,
      }
    }
    case 'declined':
      return {
        symbol: ':no_entry:',
        title: 'Declined',
        next: `EasyFreelance could not confirm who ${employee} is; it does not tell us why. Talk to them. To try again, ${again}.`,
      }
    case 'cancelled':
      return {
        symbol: ':heavy_multiplication_x:',
        title: 'Cancelled',
        next: `The check was cancelled before it was finished. Ask ${employee} what happened. To try again, ${again}.`,
      }
    case 'expired':
      return {
        symbol: ':hourglass:',
        title: 'Expired',
        next: `${employee} did not finish in time, and the link has stopped working. To send a new one, ${again}.`,
      }
    case 'error':
      return {
        symbol: ':warning:',
        title: 'Error at EasyFreelance',
        next: `The check broke off at EasyFreelance; ${employee} did nothing wrong. To try again, ${again}. If it happens twice, ask EasyFreelance.`,
      }
    case 'other':
      return {
        symbol: ':grey_question:',
        title: 'Ended with an unknown status',
        next: `EasyFreelance says ${code(verification.reported ?? '', 60)}, a word we do not know. Treat it as *not approved* and ask EasyFreelance what it means.`,
      }
  }
}

export function failedWords(verification: Failed): Words {
  const employee = mention(verification.employeeId)
  const again = `type \`${VERIFY_COMMAND}\` and choose ${employee} again`
  const words = (next: string): Words => ({ symbol: ':warning:', title: 'Not started', next })
  switch (verification.reason) {
    case 'employee_unknown':
      return words(
        `EasyFreelance knows no employee with the id you gave for ${employee}. Look it up in EasyFreelance, then ${again}.`,
      )
    case 'not_allowed':
      return words(
        `EasyFreelance does not let your company verify ${employee}. Check there that they are connected to your company, then ${again}.`,
      )
    case 'return_url_not_approved':
      return words(
        `EasyFreelance has not approved this app's return address yet. Ask whoever runs the app to register it, then ${again}.`,
      )
    case 'invalid':
      return words(
        `EasyFreelance refused what the form said about ${employee}. To try another provider or ID type, ${again}. If that is refused too, tell whoever runs the app.`,
      )
    case 'bad_request':
      return words(
        `EasyFreelance did not understand this app. You did nothing wrong: tell whoever runs the app, it may need an update. Nothing was sent to ${employee}.`,
      )
    case 'restored':
      return {
        symbol: ':warning:',
        title: 'Lost after a restore',
        next: `The app was put back to an earlier state and no longer knows how this went on; ${employee} may have got a link. EasyFreelance may have a result that we cannot see. To check again, ${again}.`,
      }
    case 'given_up': {
      const by = verification.closedBy === null ? '' : ` by ${mention(verification.closedBy)}`
      return {
        symbol: ':heavy_multiplication_x:',
        title: 'Closed',
        next: `It was closed${by} without a result. To start over, ${again}.`,
      }
    }
  }
}
