import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Call } from './call-log.ts'
import { makeExchanges } from './exchange.ts'
import type { Faults } from './faults.ts'
import { isObject, type JsonObject, parsedJson, textIn } from './json.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { ApiAnswer, WebApi } from './web-api.ts'
import type { Workspace } from './workspace.ts'

async function bodyOf(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  if (!(request.headers['content-type'] ?? '').includes('json')) return Object.fromEntries(new URLSearchParams(text))
  const json = parsedJson(text)
  return isObject(json) ? json : {}
}

function bearer(request: IncomingMessage, args: JsonObject): string {
  const header = request.headers.authorization ?? ''
  return header.startsWith('Bearer ') ? header.slice('Bearer '.length) : textIn(args.token)
}

/** Form bodies carry structures as JSON text; the call log and the faults see what they mean. */
function decoded(args: JsonObject): JsonObject {
  const structured = ['blocks', 'view', 'metadata'].flatMap((name): [string, unknown][] => {
    const json = parsedJson(textIn(args[name]))
    return typeof json === 'object' && json !== null ? [[name, json]] : []
  })
  return { ...args, ...Object.fromEntries(structured) }
}

/** Errors of a response_url that is no longer, or never was, one. */
const GONE = new Set(['invalid_url', 'expired_url', 'used_url'])

/** `/api/…`, `/respond/…` and the WebSocket upgrade on one loopback port. */
export function makeHttpServer(deps: { workspace: Workspace; api: WebApi; faults: Faults; calls: Call[] }) {
  const { workspace, api, faults, calls } = deps
  const { now, violation, responseUrls, socket } = workspace
  const exchanges = makeExchanges({ workspace, calls })
  const connections = new Set<Socket>()
  let count = 0

  function respond(key: string, body: JsonObject): ApiAnswer {
    try {
      responseUrls.use(key, body)
      return { status: 200, headers: {}, body: { ok: true } }
    } catch (error) {
      if (!(error instanceof SlackRefusal)) throw error
      return {
        status: GONE.has(error.code) ? 404 : 400,
        headers: {},
        body: { ok: false, error: error.code, ...error.details },
      }
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = await bodyOf(request)
    const [, root = '', name = ''] = new URL(request.url ?? '/', 'http://loopback').pathname.split('/')
    if (request.method !== 'POST' || !['api', 'respond'].includes(root)) {
      response.writeHead(404).end()
      return
    }
    const isApi = root === 'api'
    const token = bearer(request, given)
    const { token: _, ...sent } = given
    const args = decoded(sent)
    const method = isApi ? name : 'response_url'
    const tokenKind = token === '' ? 'none' : (api.kindOf(token) ?? 'other')
    count += 1
    exchanges.run(
      {
        request,
        response,
        call: { id: count, method, args, token: tokenKind, at: now() },
        started: Date.now(),
        perform: () => (isApi ? api.answer(name, token, args) : respond(name, args)),
      },
      faults.take(method, args),
    )
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      // A caller that hung up while sending is no news; anything else is a bug of the stand-in and must be seen.
      if (request.complete) violation('stand_in_bug', String(error))
      request.socket.destroy()
    })
  })
  server.on('connection', (connection) => {
    connections.add(connection)
    connection.on('error', () => connection.destroy())
    connection.on('close', () => connections.delete(connection))
    if (faults.isDown()) connection.resetAndDestroy()
  })
  server.on('upgrade', (request, connection, head) => {
    if (faults.isDown()) connection.destroy()
    else socket.upgrade(request, connection, head)
  })

  return {
    /** The port, which is a free one where 0 was asked for. */
    listen: (port: number): Promise<number> =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, '127.0.0.1', () => {
          const address = server.address()
          if (isObject(address)) resolve(Number(address.port))
        })
      }),
    stop: (): Promise<void> =>
      new Promise((resolve) => {
        exchanges.stop()
        server.close(() => resolve())
        for (const connection of connections) connection.destroy()
      }),
  }
}
