import * as z from 'zod'
import type { RefusedBecause, SessionReport, StartedSession } from './easyfreelance.ts'
import { isSafeLink } from './link-check.ts'
import { OUTCOMES } from './verification.ts'

// Field names and what is certain about them: apidoc.easyfreelance.no, "Start Veriff or BankID verification",
// "Poll verification session status" and "Register a partner return URL". Only what we act on is read, everything else
// may be absent, and an optional field that makes no sense counts as absent.

const optional = <T extends z.ZodType>(type: T) => type.optional().catch(undefined)

const Started = z.object({
  verification_id: z.string().regex(/^[\w-]{1,64}$/),
  verification_url: optional(z.string()),
  expires_at: optional(z.iso.datetime({ offset: true })),
})

/** Null when there is no usable session id in it. The link is null when it isn't a canonical URL on `linkOrigin`. */
export function readStartedSession(body: unknown, linkOrigin: string): StartedSession | null {
  const read = Started.safeParse(body)
  if (!read.success) return null
  const { verification_id, verification_url = '', expires_at } = read.data
  return {
    sessionId: verification_id,
    link: isSafeLink(verification_url, linkOrigin) ? verification_url : null,
    expiresAt: expires_at === undefined ? null : Date.parse(expires_at),
  }
}

const Polled = z.object({
  verification_id: z.unknown().optional(),
  status: z.string(),
  onboarding: optional(
    z.object({
      missing_steps: optional(z.array(z.string())),
      steps: optional(z.record(z.string(), z.unknown())),
    }),
  ),
})

/** Null when it is about another session or says no status. */
export function readReport(body: unknown, sessionId: string): SessionReport | null {
  const read = Polled.safeParse(body)
  if (!read.success) return null
  const { verification_id = sessionId, onboarding } = read.data
  const status = readStatus(read.data.status)
  if (verification_id !== sessionId || status === null) return null
  const undone = Object.entries(onboarding?.steps ?? {}).filter(([, isDone]) => isDone === false)
  const steps = onboarding?.missing_steps ?? undone.map(([name]) => name)
  const missingSteps = steps.map((step) => plain(step, 40)).filter((step) => step !== '')
  return { status, missingSteps: missingSteps.slice(0, 20) }
}

const Registered = z.object({ status: z.string(), requested_url: z.string() })

export function readRegistration(body: unknown): { status: string; requestedUrl: string } | null {
  const read = Registered.safeParse(body)
  return read.success
    ? { status: plain(read.data.status, 40), requestedUrl: plain(read.data.requested_url, 2048) }
    : null
}

const DOCUMENTED: readonly string[] = ['pending', ...OUTCOMES]

/** A documented word counts only when it stands there exactly: tidying must never turn something else into an outcome. */
function readStatus(said: string): string | null {
  const status = plain(said, 40).toLowerCase()
  return status === '' || (DOCUMENTED.includes(status) && status !== said) ? null : status
}

/** Without control, bidirectional and other invisible characters; at most `length` characters. */
function plain(text: string, length: number): string {
  return [...text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()].slice(0, length).join('')
}

const REFUSALS: Readonly<Record<number, RefusedBecause>> = {
  400: 'bad_request',
  401: 'unauthorised',
  403: 'not_allowed',
  404: 'not_found',
  422: 'invalid',
  429: 'rate_limited',
}

/** The definite noes. Null for every other status: whatever it did, we cannot tell. */
export function readRefusal(status: number): RefusedBecause | null {
  return REFUSALS[status] ?? null
}

// How a 422 names its cause is not documented; these are Laravel's default and the poll's documented `{"error"}`.
const Complaint = z.object({
  errors: optional(z.record(z.string(), z.unknown())),
  message: optional(z.string()),
  error: optional(z.string()),
})

/** Whether a 422 of a start is about the return URL: no approved registration covers it. */
export function isAboutReturnUrl(body: unknown): boolean {
  const { errors = {}, message = '', error = '' } = Complaint.safeParse(body).data ?? {}
  return 'partner_return_url' in errors || /return[\s_-]*url|\breturn\b.*\burl\b/i.test(`${message} ${error}`)
}
