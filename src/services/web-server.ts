import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Log } from './log.ts'
import type { Readiness } from './readiness.ts'
import { type Answer, htmlPage, jsonText, plainText, STRICT_HEADERS, send } from './web-answers.ts'
import { readBody } from './web-body.ts'
import { whoAsks } from './who-asks.ts'

/** `rawBody` holds the whole body, where Bolt's HTTPReceiver looks for it; the stream has been read already. */
export type SlackListener = (request: IncomingMessage & { rawBody: Buffer }, response: ServerResponse) => unknown

export type WebServerDeps = {
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** The whole return page in HTML. It may load nothing but the styles written in it. */
  readonly page: string
  /** Answers `POST /slack/events`; left out in Socket Mode. */
  readonly slack?: SlackListener
  /** Gets the values in a return's query, whatever their names. Nobody waits for it, and they prove nothing. */
  readonly onReturn: (values: readonly string[]) => unknown
  /** For this machine and its own network. */
  readonly ready: () => Readiness
  /** For this machine alone. */
  readonly metrics?: () => Promise<{ readonly text: string; readonly type: string }>
  readonly log: Log
  /** Only tests need others. */
  readonly limits?: Partial<typeof WEB_LIMITS>
}

export type WebServer = {
  /** @throws ListenError when the address can't be had. */
  start(): Promise<{ readonly port: number }>
  /** Lets what is under way finish, for a second at most; resolves when every connection is closed. */
  stop(): Promise<void>
}

/** The address can't be had. The message says why, and which settings to change. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

/** Slack gives up after 3 s, and no browser needs 10 s for a request of some hundred bytes. */
export const WEB_LIMITS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  keepAliveTimeout: 5000,
  connectionsCheckingInterval: 2000,
  mostConnections: 500,
  silenceMs: 30_000,
  /** Slack: a view has 250 kB at most, and writing it as a form makes it longer. */
  mostBodyBytes: 1024 * 1024,
}
const LONGEST_QUERY = 4096
const MOST_VALUES = 20
const LONGEST_VALUE = 200
const STOP_GRACE_MS = 1000

/** The one port: the return page, the health checks and, in HTTP mode, Slack's deliveries. Echoes nothing of a request. */
export function makeWebServer(deps: WebServerDeps): WebServer {
  const { log } = deps
  const returnPage = htmlPage(deps.page)
  const { metrics } = deps
  const pages = new Map<string, Page>([
    ['/return', { isFor: () => true, answer: () => returnPage }],
    ['/healthz', { isFor: () => true, answer: () => plainText(200, 'ok') }],
    ['/readyz', { isFor: (who) => who !== 'anybody', answer: () => readyAnswer(deps.ready()) }],
  ])
  if (metrics !== undefined) {
    pages.set('/metrics', { isFor: (who) => who === 'here', answer: async () => metricsAnswer(await metrics()) })
  }

  const { mostConnections, silenceMs, mostBodyBytes, ...limits } = { ...WEB_LIMITS, ...deps.limits }
  const server = createServer(limits, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.error('a request failed', { error })
      if (response.headersSent) response.destroy()
      else send(request, response, plainText(500, 'Something went wrong.'))
    })
  })
  server.maxConnections = mostConnections
  server.timeout = silenceMs

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '', ...query] = (request.url ?? '').split('?')
    if (path === '/slack/events' && deps.slack !== undefined) return passToSlack(deps.slack, request, response)
    const page = pages.get(path)
    // To others it is as if it were not there.
    if (page === undefined || !page.isFor(whoAsks(request)))
      return send(request, response, plainText(404, 'There is nothing here.'))
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(request, response, wrongMethod('GET, HEAD'))
    send(request, response, await page.answer())
    if (path === '/return' && request.method === 'GET') tellReturn(query.join('?'))
  }

  async function passToSlack(slack: SlackListener, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return send(request, response, wrongMethod('POST'))
    const body = await readBody(request, mostBodyBytes)
    if (body.is === 'gone') return
    if (body.is === 'too_large') return send(request, response, plainText(413, 'That is too large.'))
    for (const [name, value] of Object.entries(STRICT_HEADERS)) response.setHeader(name, value)
    await slack(Object.assign(request, { rawBody: body.bytes }), response)
  }

  function tellReturn(query: string): void {
    // Later and apart, so that nothing that comes of it can delay or change the page.
    setImmediate(() => {
      Promise.resolve(returnValues(query))
        .then(deps.onReturn)
        .catch((error: unknown) => log.error('a return could not be noted', { error }))
    })
  }

  function start(): Promise<{ readonly port: number }> {
    return new Promise((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException) => reject(listenError(error, deps))
      server.once('error', refuse)
      server.listen({ host: deps.host, port: deps.port }, () => {
        server.off('error', refuse)
        server.on('error', (error) => log.error('the web server failed', { error }))
        const address = server.address()
        resolve({ port: typeof address === 'object' && address !== null ? address.port : deps.port })
      })
    })
  }

  function stop(): Promise<void> {
    return new Promise((resolve) => {
      const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS)
      // Given an error when it wasn't listening, which is where we want to be.
      server.close(() => {
        clearTimeout(grace)
        resolve()
      })
      server.closeIdleConnections()
    })
  }

  return { start, stop }
}

type Page = {
  isFor(who: ReturnType<typeof whoAsks>): boolean
  answer(): Answer | Promise<Answer>
}

function metricsAnswer({ text, type }: { text: string; type: string }): Answer {
  return { status: 200, headers: { 'content-type': type }, body: text }
}

function readyAnswer({ ok, checks }: Readiness): Answer {
  return jsonText(ok ? 200 : 503, { ok, checks })
}

function wrongMethod(allow: string): Answer {
  return plainText(405, 'That is not done here.', { allow })
}

/** EasyFreelance's parameters are not documented, so any value may be the one; what is too long can't be an id of ours. */
function returnValues(query: string): readonly string[] {
  const values = [...new URLSearchParams(query.slice(0, LONGEST_QUERY)).values()]
  return values.filter((value) => value !== '' && value.length <= LONGEST_VALUE).slice(0, MOST_VALUES)
}

function listenError(error: NodeJS.ErrnoException, { host, port }: WebServerDeps): ListenError {
  const where = `${host}:${port}`
  const explained = new Map([
    ['EADDRINUSE', `${where} is in use by another program. Stop that one, or change PORT (or HOST).`],
    ['EACCES', `${where} may not be used by this user. Take a PORT of 1024 or more.`],
    ['EADDRNOTAVAIL', `${where} is not an address of this machine. Change HOST.`],
    ['ENOTFOUND', `${where} can not be found. Change HOST.`],
  ])
  const message = explained.get(error.code ?? '') ?? `${where} can not be listened on. Check HOST and PORT.`
  return new ListenError(message, { cause: error })
}
