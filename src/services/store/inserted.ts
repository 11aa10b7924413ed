import type { Verification } from '../verification.ts'
import type { ReachedLimit } from './request-limits.ts'

/** What became of a request. */
export type Inserted =
  | { readonly is: 'inserted' | 'repeated'; readonly verification: Verification }
  | { readonly is: 'already_open'; readonly verification: Verification }
  | { readonly is: 'number_taken'; readonly employeeId: string }
  | { readonly is: 'limited'; readonly reached: ReachedLimit }
  /** The employee is linked to another number, by a manager or the operator. */
  | { readonly is: 'linked_otherwise'; readonly employeeNumber: number }
