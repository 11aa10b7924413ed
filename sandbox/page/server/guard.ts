import type { IncomingMessage } from 'node:http'

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]'])

/**
 * Why a request is not answered; null when it is. Other websites must not drive the sandbox: neither by a name of theirs
 * that leads to this machine, nor by a form or script in the browser of whoever tries it.
 */
export function objection(request: IncomingMessage): string | null {
  const { host = '', origin, 'sec-fetch-site': site } = request.headers
  const address = `http://${host}`
  if (!URL.canParse(address) || !LOOPBACK.has(new URL(address).hostname)) {
    return 'This page answers only at 127.0.0.1 or localhost.'
  }
  if (request.method === 'GET' || request.method === 'HEAD') return null
  const isForeign = (origin !== undefined && origin !== address) || (site !== undefined && site !== 'same-origin')
  if (isForeign) return 'Only the page itself may do that, not another website.'
  const isJson = (request.headers['content-type'] ?? '').startsWith('application/json')
  return isJson ? null : 'Send JSON, with content-type application/json.'
}
