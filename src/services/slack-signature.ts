import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

/** Why a request can't be Slack's, or can't be Slack's now. */
export type SignatureVerdict = 'genuine' | 'unsigned' | 'stale' | 'from_the_future' | 'forged'

/** docs.slack.dev: verifying requests from Slack. "More than five minutes from local time … could be a replay attack." */
export const OLDEST_MS = 5 * 60_000
/** Slack's clock may be a little ahead of ours, but a request kept for later must not be taken then. Bolt has no such limit. */
export const MOST_AHEAD_MS = 60_000

const SIGNATURE = /^v0=[0-9a-f]{64}$/
/** As Slack writes it: digits alone, so that no other way to write the same number passes. */
const TIMESTAMP = /^[1-9]\d{9}$/

/**
 * Whether these bytes were signed by Slack, about now: HMAC-SHA256 of `v0:timestamp:body`, compared in constant time.
 * The signature is looked at first, so that nothing is learned by trying timestamps.
 */
export function checkSlackSignature(request: {
  readonly signingSecret: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly now: number
}): SignatureVerdict {
  const { signingSecret, headers, body, now } = request
  const timestamp = headers['x-slack-request-timestamp']
  const signature = headers['x-slack-signature']
  if (timestamp === undefined || signature === undefined) return 'unsigned'
  if (typeof timestamp !== 'string' || !TIMESTAMP.test(timestamp)) return 'forged'
  if (typeof signature !== 'string' || !SIGNATURE.test(signature)) return 'forged'
  const ours = createHmac('sha256', signingSecret).update(`v0:${timestamp}:`).update(body).digest()
  if (!timingSafeEqual(ours, Buffer.from(signature.slice('v0='.length), 'hex'))) return 'forged'
  const ageMs = now - Number(timestamp) * 1000
  if (ageMs > OLDEST_MS) return 'stale'
  return ageMs < -MOST_AHEAD_MS ? 'from_the_future' : 'genuine'
}

/**
 * Slack looks whether the address has a valid certificate, unsigned. docs.slack.dev: implementing slash commands,
 * "ssl_check".
 */
export function isCertificateCheck(body: Buffer): boolean {
  return body.length <= 500 && new URLSearchParams(body.toString()).get('ssl_check') === '1'
}
