import type { IncomingMessage, ServerResponse } from 'node:http'

export type Incoming = {
  method: string
  path: string
  query: string
  headers: IncomingMessage['headers']
  body: string
}

export type Reply = {
  status: number
  headers?: Record<string, string> /** An object is sent as JSON. */
  body: object | string
}

const MAX_BODY_BYTES = 64 * 1024

/** Reads a request to its end; longer ones are cut off. */
export async function readIncoming(request: IncomingMessage): Promise<Incoming> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= MAX_BODY_BYTES) chunks.push(chunk)
  }
  const url = new URL(request.url ?? '/', 'http://stand-in')
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.search,
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  }
}

export function send(response: ServerResponse, reply: Reply): void {
  response.end(begin(response, reply))
}

/** Promises a whole answer and gives half of it. */
export function sendHalf(response: ServerResponse, reply: Reply): void {
  const body = begin(response, reply)
  response.write(body.subarray(0, body.length / 2))
}

function begin(response: ServerResponse, { status, headers, body }: Reply): Buffer {
  const isText = typeof body === 'string'
  const bytes = Buffer.from(isText ? body : JSON.stringify(body))
  const type = isText ? 'text/html; charset=utf-8' : 'application/json'
  response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers })
  return bytes
}

export function readJsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** For the log of calls: links are the employee's secret, pages are long. */
export function mask(value: unknown): unknown {
  if (typeof value === 'string') return value.length > 200 ? `${value.slice(0, 200)}…` : value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [
      name,
      /^(verification_url|status_check_url)$/.test(name) ? '…' : part,
    ]),
  )
}
