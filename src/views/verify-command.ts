import { readEmployeeNumber } from './employee-number.ts'
import { oneLine, readMention } from './mrkdwn.ts'

export const VERIFY_COMMAND = '/verify'

export type VerifyCommand =
  | { readonly do: 'open'; readonly employeeId: string | null; readonly typedName: string | null }
  | { readonly do: 'help' }
  | { readonly do: 'list' }
  | { readonly do: 'status'; readonly employeeId: string | null }
  | { readonly do: 'history'; readonly employeeId: string | null }
  | { readonly do: 'link'; readonly employeeId: string | null; readonly employeeNumber: number | null }
  | { readonly do: 'unlink'; readonly employeeId: string | null }
  | { readonly do: 'usage'; readonly typed: string }

/** What somebody typed after `/verify`. A plain `@name` is never guessed at: it opens the form with nobody chosen. */
export function readVerifyCommand(text: string): VerifyCommand {
  const typed = oneLine(text)
  const [word = '', ...rest] = typed.split(' ')
  const argument = rest.join(' ')
  if (typed === '') return { do: 'open', employeeId: null, typedName: null }
  if (typed.startsWith('@')) return { do: 'open', employeeId: null, typedName: typed }
  const employeeId = readMention(typed)
  if (employeeId !== null) return { do: 'open', employeeId, typedName: null }
  switch (word.toLowerCase()) {
    case 'status':
      return { do: 'status', employeeId: readMention(argument) }
    case 'history':
      return { do: 'history', employeeId: readMention(argument) }
    case 'link': {
      const [, person = '', number = ''] = /^(<@[^<>]*>)\s*(.*)$/u.exec(argument) ?? []
      return { do: 'link', employeeId: readMention(person), employeeNumber: readEmployeeNumber(number) }
    }
    case 'unlink':
      return { do: 'unlink', employeeId: readMention(argument) }
    case 'help':
      return argument === '' ? { do: 'help' } : { do: 'usage', typed }
    case 'list':
      return argument === '' ? { do: 'list' } : { do: 'usage', typed }
    default:
      return { do: 'usage', typed }
  }
}
