/** The words for what is checked and with what; the same in the form, on cards and in invitations. */
import type { Base, IdType, Provider } from '../services/verification.ts'

export const PROVIDER_NAMES: Record<Provider, string> = { bankid: 'BankID', veriff: 'Veriff' }
export const ID_TYPE_NAMES: Record<IdType, string> = {
  local: 'Norwegian documents',
  international: 'Foreign documents',
}

/** "BankID", or "Veriff, Norwegian documents". */
export function checkName({ provider, idType }: Pick<Base, 'provider' | 'idType'>): string {
  const documents = idType === null ? '' : `, ${ID_TYPE_NAMES[idType]}`
  return `${PROVIDER_NAMES[provider]}${documents}`
}

const STEP_NAMES = new Map([
  ['terms', 'accepted terms'],
  ['terms_approved', 'accepted terms'],
  ['profile', 'profile details'],
  ['bank', 'bank account'],
  ['bank_account', 'bank account'],
])
/** Right after the approval EasyFreelance's own records may lag; there is nothing anybody has to do about it. */
const OWN_STEPS = new Set(['id_verification', 'entity_verification'])
const MOST_STEPS = 8

/** "accepted terms, bank account": steps we do not know are shown by name, letters and digits only. */
export function stepNames(steps: readonly string[]): string {
  const open = steps.filter((step) => !OWN_STEPS.has(step))
  const names = [...new Set(open.map((step) => STEP_NAMES.get(step) ?? humanised(step)))].filter((name) => name !== '')
  const rest = names.length - MOST_STEPS
  return [...names.slice(0, MOST_STEPS), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
}

function humanised(step: string): string {
  const words = step
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase()
  return [...words].slice(0, 40).join('')
}
