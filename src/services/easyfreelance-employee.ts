import * as z from 'zod'
import { LARGEST_NUMBER } from '../views/employee-number.ts'

/** What we read of an EasyFreelance user. Everything else of the answer (bank, tax, address) never leaves this file. */
export type PartnerEmployee = {
  readonly employeeNumber: number
  /** Null when it isn't said. Never stored, logged or put into metadata. */
  readonly email: string | null
  readonly name: string | null
  /** `onboarding.steps.id_verification`; null when it isn't said. */
  readonly isVerified: boolean | null
}

const optional = <T extends z.ZodType>(type: T) => type.optional().catch(undefined)

// apidoc.easyfreelance.no: "Create or link user" and "Look up user" show the user object; `id` is a string in answers and an
// integer in paths. zod drops every key that is not named here.
const User = z.object({
  id: z
    .union([
      z.int(),
      z
        .string()
        .regex(/^\d{1,10}$/)
        .transform(Number),
    ])
    .pipe(z.int().min(1).max(LARGEST_NUMBER)),
  email: optional(z.string().min(3).max(254)),
  name: optional(z.string().min(1)),
  onboarding: optional(z.object({ steps: optional(z.object({ id_verification: optional(z.boolean()) })) })),
})

/** Mail reaches the same box however it is written; EasyFreelance and Slack may write it differently. */
export function isSameEmail(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase()
}

/** Null when it names no user. */
export function readPartnerEmployee(body: unknown): PartnerEmployee | null {
  const read = User.safeParse(body)
  if (!read.success) return null
  const { id, email, name, onboarding } = read.data
  return {
    employeeNumber: id,
    email: email ?? null,
    name: name === undefined ? null : name.slice(0, 254),
    isVerified: onboarding?.steps?.id_verification ?? null,
  }
}
