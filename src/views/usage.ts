import { type Content, say } from './blocks.ts'
import { code } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

const WAYS = [
  `\`${VERIFY_COMMAND} @employee\` asks somebody to confirm who they are`,
  `\`${VERIFY_COMMAND} status @employee\` shows how it is going`,
  `\`${VERIFY_COMMAND} history @employee\` shows what was asked and done about somebody`,
  `\`${VERIFY_COMMAND} link @employee 4711\` keeps which id at EasyFreelance is theirs; \`unlink @employee\` forgets it`,
  `\`${VERIFY_COMMAND} list\` shows the ones you asked for`,
  `\`${VERIFY_COMMAND} help\` shows this`,
]

export function help(): Content {
  return say(
    [
      '*Check who an employee is, with BankID or Veriff*',
      ...WAYS.map((way) => `• ${way}`),
      'The employee gets a link by direct message. You get a card that shows how it goes and how it ends.',
    ].join('\n'),
  )
}

/** For anything typed after `/verify` that is none of the ways to use it. */
export function usage(typed: string): Content {
  const heard = `We did not understand ${code(`${VERIFY_COMMAND} ${typed}`, 300)}. Nothing was sent. You can type:`
  return say([heard, ...WAYS.map((way) => `• ${way}`)].join('\n'))
}
