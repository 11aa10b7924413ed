/** For the log of calls: whatever lets somebody in is cut out, wherever it stands. */

const SECRET_NAMES = /^(token|trigger_id|response_url|verification_url|status_check_url|api[-_]key|authorization)$/i

const SECRET_TEXTS: readonly (readonly [RegExp, string])[] = [
  [/(\/(?:verify|status-check)\/)[\w-]{16,}/g, '$1…'],
  [/(\/(?:respond|link)\/)[^\s"<>]+/g, '$1…'],
  [/\bx(?:ox[a-z]|app)-[\w-]+/g, 'x…'],
]

/** A copy without secrets. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string')
    return SECRET_TEXTS.reduce((text, [secret, instead]) => text.replace(secret, instead), value)
  if (Array.isArray(value)) return value.map(masked)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, SECRET_NAMES.test(name) ? '…' : masked(part)]),
  )
}
