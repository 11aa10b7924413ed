import { CANDIDATES } from './crowd.ts'
import type { Wish } from './steps.ts'

const MANAGERS = ['U0MARIA', 'U0PETTER', 'U0NINA', 'U0TORE']
const CHECKS = [
  { provider: 'BankID', documents: 'Norwegian documents' },
  { provider: 'Veriff', documents: 'Norwegian documents' },
  { provider: 'BankID', documents: 'Norwegian documents' },
  { provider: 'Veriff', documents: 'Foreign documents' },
] as const
const NOTES = [
  null,
  'Before your first payment, please.',
  null,
  null,
  'Takes two minutes. Call me if it does not work.',
  null,
]

export type WishFor = (different?: Partial<Wish>) => Wish

/** Gives a wish for the next employee, whoever that is: managers, checks, notes and places take turns. */
export function assignWishes(): WishFor {
  let count = 0
  return (different = {}) => {
    const index = count
    count += 1
    const candidate = CANDIDATES[index]
    if (candidate === undefined) throw new Error('there is nobody left to verify')
    const check = CHECKS[(index >> 1) % CHECKS.length] ?? CHECKS[0]
    return {
      ...candidate,
      ...check,
      managerId: MANAGERS[index % MANAGERS.length] ?? '',
      note: NOTES[index % NOTES.length] ?? null,
      channelId: 'C0GENERAL',
      cardIn: index % 5 === 4 ? 'To this channel' : 'Only to me',
      ...different,
    }
  }
}
