import type { App } from '@slack/bolt'
import type { Audit } from '../services/audit.ts'
import type { Confirmations } from '../services/confirmations.ts'
import type { EmailLookup } from '../services/email-lookup.ts'
import type { Employees } from '../services/employees.ts'
import type { Log } from '../services/log.ts'
import type { People } from '../services/people.ts'
import type { Permissions } from '../services/permissions.ts'
import type { Verifications } from '../services/verifications.ts'
import type { Content } from '../views/blocks.ts'
import type { FormTurns } from './form-turns.ts'

/** What the listeners need; each takes only its part. */
export type ListenerDeps = {
  readonly verifications: Verifications
  readonly employees: Employees
  readonly permissions: Permissions
  readonly people: People
  readonly confirmations: Confirmations
  /** Null unless the operator asked for it. */
  readonly emailLookup: EmailLookup | null
  readonly turns: FormTurns
  readonly audit: Audit
  readonly log: Log
}

/** Binds one interaction to the app. */
export type Register = (app: App, deps: ListenerDeps) => void

/** An answer that only the person who acted sees. Never replaces the message with the button. */
export function privately(content: Content) {
  return { ...content, response_type: 'ephemeral', replace_original: false } as const
}
