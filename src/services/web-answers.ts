import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** On every answer: nothing is kept, guessed, framed, referred to or found by a search engine. */
export const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': policy(),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
}

function policy(styles: readonly string[] = []): string {
  const style = styles.length === 0 ? [] : [`style-src ${styles.join(' ')}`]
  return ["default-src 'none'", ...style, "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"].join('; ')
}

/** A whole page of HTML that may load nothing but the styles written in it, each named by its hash (CSP level 3). */
export function htmlPage(html: string): Answer {
  const styles = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map(
    ([, style = '']) => `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  )
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy(styles) }
  return { status: 200, headers, body: html }
}

export function plainText(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body }
}

export function jsonText(status: number, value: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) }
}

/** Sends an answer whole; a HEAD gets its headers only. */
export function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer): void {
  const bytes = Buffer.from(body)
  // A body that nobody reads would stand in the way of the connection's next request.
  const close = hasUnreadBody(request) ? { connection: 'close' } : {}
  response.writeHead(status, { ...STRICT_HEADERS, ...headers, ...close, 'content-length': bytes.length })
  response.end(request.method === 'HEAD' ? undefined : bytes)
}

function hasUnreadBody(request: IncomingMessage): boolean {
  const isAnnounced = 'transfer-encoding' in request.headers || Number(request.headers['content-length'] ?? 0) > 0
  return isAnnounced && !request.readableEnded
}
