/**
 * What EasyFreelance's documentation leaves open. Every field is one open question, its first value our default; a client
 * has to cope with all of them. Documentation: apidoc.easyfreelance.no.
 */
export type Dialect = {
  /** The code of a successful start. */
  startStatus: 201 | 200
  /** How an employee's id is written in answers. */
  ids: 'string' | 'integer'
  expiresAt: 'micros' | 'millis' | 'seconds' | 'utc_offset' | 'oslo_offset' | 'no_zone' | 'unparseable' | 'missing'
  /** `certain`: a poll answers only with the fields whose names are documented. */
  pollFields: 'all' | 'certain'
  /** `usual`: `{error}` for 403 and 404, Laravel's `{message, errors}` otherwise. */
  errorBody: 'usual' | 'error' | 'message' | 'html'
  /** `lagging`: the steps don't know yet that the session was approved. */
  onboarding: 'object' | 'lagging' | 'null'
  /** What becomes of a session nobody opened once its time is over. */
  unopened: 'expired' | 'pending'
  /** The answer to registering the same return URL again. */
  repeatedRegistration: 201 | 409 | 422
}

export const DEFAULT_DIALECT: Dialect = {
  startStatus: 201,
  ids: 'string',
  expiresAt: 'micros',
  pollFields: 'all',
  errorBody: 'usual',
  onboarding: 'object',
  unopened: 'expired',
  repeatedRegistration: 201,
}

/** `ms` is UTC. */
export function writeExpiry(ms: number, way: Dialect['expiresAt']): string | undefined {
  const utc = new Date(ms).toISOString()
  switch (way) {
    case 'micros':
      return utc.replace('Z', '000Z')
    case 'millis':
      return utc
    case 'seconds':
      return utc.replace(/\.\d+Z/, 'Z')
    case 'utc_offset':
      return utc.replace(/\.\d+Z/, '+00:00')
    case 'oslo_offset':
      return new Date(ms + 3_600_000).toISOString().replace(/\.\d+Z/, '+01:00')
    case 'no_zone':
      return utc.slice(0, 19).replace('T', ' ')
    case 'unparseable':
      return 'om en time'
    case 'missing':
      return undefined
    default:
      return way satisfies never
  }
}

export type Problem = { status: number; message: string; errors?: Record<string, string[]> }

export function writeProblem({ status, message, errors = {} }: Problem, way: Dialect['errorBody']): object | string {
  if (way === 'html') return `<!doctype html><title>${status}</title><h1>${message}</h1>`
  if (way === 'error' || (way === 'usual' && (status === 403 || status === 404))) return { error: message }
  return Object.keys(errors).length > 0 || way === 'message' ? { message, errors } : { message }
}
