import type { IncomingMessage } from 'node:http'

export type Body =
  | { readonly is: 'whole'; readonly bytes: Buffer }
  | { readonly is: 'too_large' }
  | { readonly is: 'gone' }

/** Reads a request's body, but never more than `mostBytes` of it. `gone`: the sender went away in the middle. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Body> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve({ is: 'too_large' })
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostBytes) {
        chunks.push(chunk)
        return
      }
      request.pause()
      resolve({ is: 'too_large' })
    })
    request.once('end', () => resolve({ is: 'whole', bytes: Buffer.concat(chunks) }))
    request.once('error', () => resolve({ is: 'gone' }))
    request.once('close', () => resolve({ is: 'gone' }))
  })
}
