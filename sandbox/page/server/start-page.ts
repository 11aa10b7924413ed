import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { failed, readJson, send, setHeaders } from './answers.ts'
import { makeEventStream } from './event-stream.ts'
import { objection } from './guard.ts'
import { makeRoutes } from './routes.ts'
import type { Stage } from './stage.ts'

/** Where the page is when nobody says otherwise and nobody else is there. */
const USUAL_PORT = 4000

export type Page = { readonly url: string; stop(): Promise<void> }

/** Serves the page, what it shows and what it does, on loopback. Without a port: the usual one, or any free one. */
export async function startPage({ stage, port }: { stage: Stage; port?: number }): Promise<Page> {
  const routes = makeRoutes(stage)
  const events = makeEventStream(stage.version)
  stage.onChange(events.changed)

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = objection(request)
    if (refusal !== null) return send(response, failed(403, refusal))
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    if (request.method === 'POST') {
      send(response, await routes.post(pathname, await readJson(request)))
      stage.changed()
      return
    }
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return send(response, failed(405, 'That is not done here.'))
    if (pathname !== '/api/events') return send(response, await routes.get(pathname))
    setHeaders(response)
    events.open(response)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else send(response, failed(500, `The sandbox itself went wrong: ${String(error)}`))
    })
  })

  function listen(wanted: number): Promise<number> {
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen(wanted, '127.0.0.1', () => {
        server.off('error', reject)
        const address = server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : wanted)
      })
    })
  }

  const found = await (port === undefined ? listen(USUAL_PORT).catch(() => listen(0)) : listen(port))
  return {
    url: `http://127.0.0.1:${found}/`,
    stop: () =>
      new Promise((resolve) => {
        events.stop()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
