/** Short private answers, seen only by the person who did something. */
import { type Content, say } from './blocks.ts'
import { code, mention, readMention } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

export function notPermitted(): Content {
  return say('You may not verify employees with this app. If you should, ask whoever runs the app to add you.')
}

export function permissionUnchecked(): Content {
  return say(
    'Slack did not tell us in time whether you may do this, so nothing was done. Please try again in a minute.',
  )
}

/** Says again what was typed, so that it need not be remembered. */
export function formNotOpened(typed: string): Content {
  const employeeId = readMention(typed)
  const command =
    employeeId === null ? code(`${VERIFY_COMMAND} ${typed}`, 500) : `\`${VERIFY_COMMAND}\` ${mention(employeeId)}`
  return say(`Slack did not let us open the form in time. Nothing was sent. Please type it again: ${command}`)
}

export function notYourButton(): Content {
  return say('This button is not for you. Only the person the message is about can use it. Nothing was changed.')
}

export function notYourDecision(managerId: string): Content {
  return say(`Only ${mention(managerId)}, who asked for this, or an admin can decide it. Nothing was changed.`)
}

/** The employee left, or is a guest now. */
export function notVerifiableNow(employeeId: string): Content {
  return say(
    `${mention(employeeId)} is no full member of this workspace any more. Nothing was sent; you can close this.`,
  )
}

/** For a button whose moment is over. */
export function alreadyDone(): Content {
  return say('This has been taken care of already. Nothing was changed; the message will be up to date in a moment.')
}

export function unknownButton(): Content {
  return say(
    `We no longer know what this button was for. Nothing was changed. Type \`${VERIFY_COMMAND} list\` to see where things are.`,
  )
}

export function thanksForTelling(managerId: string): Content {
  return say(`Thank you. We are telling ${mention(managerId)}. You do not need to do anything else.`)
}

export function retrying(employeeId: string): Content {
  return say(`Going on with the verification of ${mention(employeeId)}. The card shows how it goes.`)
}

export function closed(employeeId: string): Content {
  return say(`The verification of ${mention(employeeId)} is closed.`)
}

export function nobodyForStatus(): Content {
  return say(`Whose status? Type \`${VERIFY_COMMAND} status @employee\` and pick the person from Slack's list.`)
}

/** `reference` finds the line in the log. */
export function unexpectedError(reference: string): Content {
  return say(
    `Something went wrong on our side. Please try again. If it happens again, tell whoever runs the app: ${code(reference, 60)}`,
  )
}

/** Our disk or database refuses. `reference` finds the line in the log. */
export function notSaved(reference: string): Content {
  return say(
    `We can't save anything right now, so nothing was changed. Please try again in a few minutes. If it lasts, tell whoever runs the app: ${code(reference, 60)}`,
  )
}
