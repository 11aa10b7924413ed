import type { Employee, Registration, Session } from './books.ts'
import { type Dialect, writeExpiry } from './dialect.ts'

/** The other onboarding steps are not documented by name, except `terms`. */
const STEPS = ['profile', 'bank', 'terms'] as const

export function writeStart(session: Session, dialect: Dialect, origin: string): object {
  return {
    verification_id: session.id,
    provider: session.provider,
    status: session.status,
    id_type: session.idType,
    verification_url: session.link,
    status_check_url: `${origin}/status-check/${session.token}`,
    expires_at: writeExpiry(session.expiresAt, dialect.expiresAt),
  }
}

export function writePoll(session: Session, employee: Employee | undefined, dialect: Dialect, now: number): object {
  const certain = {
    status: session.status,
    next_action: nextAction(session.status),
    onboarding: dialect.onboarding === 'null' || !employee ? null : writeOnboarding(employee, dialect, now),
  }
  if (dialect.pollFields === 'certain') return certain
  return {
    verification_id: session.id,
    user_id: writeId(session.employeeId, dialect),
    provider: session.provider,
    id_type: session.idType,
    completed_at: session.completedAt === null ? null : new Date(session.completedAt).toISOString(),
    ...certain,
  }
}

/** What no bot needs, as recognisable words, so that a test finds each wherever it turns up. */
export const PRIVATE_FIELDS = {
  internal_id: 'canary-internal-id',
  phone: 'canary-phone',
  address: 'canary-address',
  postal_code: 'canary-postal-code',
  city: 'canary-city',
  nationality: 'canary-nationality',
  note: 'canary-note',
  bank_account_number: 'canary-bank-account',
  bank_iban_number: 'canary-iban',
  bank_bic_number: 'canary-bic',
  tax_percent: 'canary-tax-percent',
  tax_type: 'canary-tax-type',
  tax_start: 'canary-tax-start',
  tax_table: 'canary-tax-table',
  tax_free_card: 'canary-tax-free-card',
} as const

/** apidoc.easyfreelance.no, "Create or link an employee by e-mail": the user object, every field of it. */
export function writeEmployee(employee: Employee, dialect: Dialect, now: number): object {
  return {
    id: writeId(employee.id, dialect),
    email: employee.email,
    name: employee.name,
    ...PRIVATE_FIELDS,
    main_work: 'true',
    onboarding: writeOnboarding(employee, dialect, now),
    created_at: '2025-01-15T09:30:00.000000Z',
  }
}

export function writeRegistration(registration: Registration): object {
  return {
    id: registration.id,
    partner_id: 17,
    status: registration.status,
    requested_url: registration.requestedUrl,
    requested_at: new Date(registration.requestedAt).toISOString(),
  }
}

function writeOnboarding(employee: Employee, dialect: Dialect, now: number): object {
  const missing = new Set(employee.missingSteps)
  if (!employee.verified || dialect.onboarding === 'lagging') missing.add('id_verification')
  const names = new Set(['id_verification', ...STEPS, ...missing])
  return {
    steps: Object.fromEntries([...names].map((name) => [name, !missing.has(name)])),
    missing_steps: [...missing],
    is_onboarded: missing.size === 0,
    status_version: 2,
    evaluated_at: new Date(now).toISOString(),
  }
}

function nextAction(status: string): string {
  if (status === 'pending') return 'continue_verification'
  if (status === 'approved') return 'redirect_to_partner'
  return status === 'error' ? 'show_error' : 'retry'
}

function writeId(id: number, dialect: Dialect): string | number {
  return dialect.ids === 'string' ? String(id) : id
}
