import type { ServerResponse } from 'node:http'

/** At most about ten a second. */
const BETWEEN_MS = 100

/** Tells every open page that something changed, and which version the next snapshot will have at least. */
export function makeEventStream(version: () => number) {
  const readers = new Set<ServerResponse>()
  let timer: NodeJS.Timeout | null = null

  const line = () => `event: changed\ndata: ${JSON.stringify({ version: version() })}\n\n`

  function tell(): void {
    timer = null
    for (const reader of readers) reader.write(line())
  }

  return {
    open(response: ServerResponse): void {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(`retry: 1000\n${line()}`)
      readers.add(response)
      response.on('close', () => readers.delete(response))
    },
    changed(): void {
      timer ??= setTimeout(tell, BETWEEN_MS)
    },
    stop(): void {
      if (timer !== null) clearTimeout(timer)
      for (const reader of readers) reader.end()
    },
  }
}
