/** What messages say whose verification was lost when the app was put back to an earlier state. */
import type { MessageKind } from '../services/message.ts'
import { type Content, say } from './blocks.ts'
import { VERIFY_COMMAND } from './verify-command.ts'

/** Null: what it says stays true, and it has nothing to press. */
export function lostMessage(kind: MessageKind): Content | null {
  switch (kind) {
    case 'invitation':
      return say(
        'The app was put back to an earlier state and no longer knows this request. The link is gone, and you do not need to do anything. If it is still needed, you will get a new message.',
      )
    case 'card':
    case 'decision':
      return say(
        `:warning: The app was put back to an earlier state and no longer knows this verification. EasyFreelance may have a result; we cannot see it. To check again, type \`${VERIFY_COMMAND}\` and choose the employee.`,
      )
    case 'outcome':
    case 'concern':
      return null
  }
}
