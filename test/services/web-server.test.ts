import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { createServer } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { makeLog } from '../../src/services/log.ts'
import { ListenError, type WebServerDeps } from '../../src/services/web-server.ts'
import { makeWebBench } from './web-bench.ts'

const PAGE = '<!doctype html><title>Done</title><style>p { color: teal }</style><p>Go back to Slack.</p>'
// printf 'p { color: teal }' | openssl dgst -sha256 -binary | base64
const STYLE_HASH = '8fPwlIw/PLRUIsg7vYlNotoeuR0WiP8RAqPPGm2Lo4U='
const CANARY = 'CANARY%3Cscript%3E'

const { start, dial, close } = makeWebBench()
afterEach(close)

async function serve(deps: Partial<WebServerDeps> = {}) {
  const lines: string[] = []
  const { server, port } = await start({
    page: PAGE,
    onReturn: () => {},
    ready: () => ({ ok: true, checks: { database: true } }),
    log: makeLog({ level: 'trace', write: (line) => lines.push(line) }),
    ...deps,
  })
  return { server, port, lines, url: (path: string) => `http://127.0.0.1:${port}${path}` }
}

/** As `fetch`, but with any method, any path and any body, as it stands. */
async function ask(port: number, method: string, path: string, body?: string, headers: Record<string, string> = {}) {
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false })
  outgoing.on('error', () => {})
  outgoing.end(body)
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) }
}

describe('the return page', () => {
  test.each(['', '?', '?a=b&a=c', '?%', `?status=${CANARY}`, `?${'x'.repeat(9000)}`, '?a?b#c'])(
    'is the same whatever the query: %j',
    async (query) => {
      const { port } = await serve()
      const answer = await ask(port, 'GET', `/return${query}`)
      expect(answer.status).toBe(200)
      expect(answer.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(answer.body).toBe(PAGE)
      expect(JSON.stringify(answer)).not.toContain('CANARY')
    },
  )

  test('may load nothing but the styles written in it, and is kept, framed and referred to nowhere', async () => {
    const { port } = await serve()
    const { headers } = await ask(port, 'GET', '/return')
    expect(headers).toMatchObject({
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    })
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['x-powered-by']).toBeUndefined()
  })

  test('tells the values of the query, those that can be an id, and only so many', async () => {
    const { promise, resolve } = withResolvers<readonly string[]>()
    const { port } = await serve({ onReturn: resolve })
    const many = Array.from({ length: 50 }, (_, index) => `v${index}=${index}`).join('&')
    await ask(port, 'GET', `/return?verification_id=abc%20d&empty=&long=${'x'.repeat(201)}&why?=1?&${many}`)
    const values = await promise
    expect(values.slice(0, 3)).toEqual(['abc d', '1?', '0'])
    expect(values).toHaveLength(20)
  })

  test('is not held up by what comes of the return, and not changed when that fails', async () => {
    const { port } = await serve({ onReturn: () => new Promise(() => {}) })
    expect((await ask(port, 'GET', '/return')).status).toBe(200)

    const failed = withResolvers<string>()
    const log = makeLog({ level: 'info', write: failed.resolve })
    const other = await serve({ onReturn: () => Promise.reject(new Error('CANARY')), log })
    expect((await ask(other.port, 'GET', '/return')).status).toBe(200)
    expect(JSON.parse(await failed.promise)).toMatchObject({ level: 'error', msg: 'a return could not be noted' })
  })

  test('a HEAD gets the headers alone, and is no return', async () => {
    const returns: unknown[] = []
    const { port } = await serve({ onReturn: (values) => returns.push(values) })
    const answer = await ask(port, 'HEAD', '/return?a=head')
    expect(answer).toMatchObject({ status: 200, body: '', headers: { 'content-length': String(PAGE.length) } })
    const { promise, resolve } = withResolvers<void>()
    const second = await serve({ onReturn: () => resolve() })
    await ask(second.port, 'GET', '/return')
    await promise
    expect(returns).toEqual([])
  })
})

describe('health', () => {
  test('healthz says ok', async () => {
    const { port } = await serve()
    expect(await ask(port, 'GET', '/healthz')).toMatchObject({ status: 200, body: 'ok' })
    expect(await ask(port, 'HEAD', '/healthz')).toMatchObject({ status: 200, body: '' })
  })

  test('readyz says what is ready, and 503 until all is', async () => {
    let ok = false
    const { port } = await serve({ ready: () => ({ ok, checks: { database: true, slack: ok } }) })
    const before = await ask(port, 'GET', '/readyz')
    expect([before.status, JSON.parse(before.body)]).toEqual([
      503,
      { ok: false, checks: { database: true, slack: false } },
    ])
    ok = true
    const after = await ask(port, 'GET', '/readyz')
    expect([after.status, JSON.parse(after.body)]).toEqual([200, { ok: true, checks: { database: true, slack: true } }])
  })

  test('a check that breaks answers 500, says nothing of why, and is logged', async () => {
    const { port, lines } = await serve({
      ready: () => {
        throw new Error('CANARY')
      },
    })
    const answer = await ask(port, 'GET', '/readyz')
    expect(answer.status).toBe(500)
    expect(answer.body).not.toContain('CANARY')
    expect(lines.join('')).toContain('a request failed')
    expect(lines.join('')).not.toContain('CANARY')
  })
})

describe('everything else', () => {
  test.each([
    '/',
    '/return/',
    '/returns',
    `/${CANARY}`,
    '//return',
    '/../return',
    '/constructor',
    '/__proto__',
    '*',
    '/slack/events',
  ])('%s is not found, and not repeated', async (path) => {
    const { port } = await serve()
    const answer = await ask(port, path === '*' ? 'OPTIONS' : 'GET', path)
    expect(answer.status).toBe(404)
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'")
    expect(answer.body).toBe('There is nothing here.')
  })

  test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'TRACE', 'PATCH'])(
    '%s is not allowed on the pages',
    async (method) => {
      const { port } = await serve()
      for (const path of ['/return', '/healthz', '/readyz']) {
        const answer = await ask(port, method, path, method === 'TRACE' ? undefined : 'CANARY')
        expect([answer.status, answer.headers.allow]).toEqual([405, 'GET, HEAD'])
        expect(JSON.stringify(answer)).not.toContain('CANARY')
      }
    },
  )

  test('headers that are too large are refused', async () => {
    const { port } = await serve()
    const answer = await ask(port, 'GET', '/return', undefined, { 'x-large': 'x'.repeat(17 * 1024) })
    expect(answer.status).toBe(431)
  })

  test('what is not HTTP is refused without being repeated', async () => {
    const { port } = await serve()
    const socket = await dial(port)
    socket.write('CANARY nonsense\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).not.toContain('CANARY')
  })
})

describe('deliveries of Slack', () => {
  test('reach the listener with their whole body', async () => {
    const { port } = await serve({
      slack: (incoming, outgoing) => {
        outgoing.writeHead(200, { 'content-type': 'text/plain' })
        outgoing.end(`${incoming.method} ${incoming.headers['x-slack-signature']} ${incoming.rawBody.toString()}`)
      },
    })
    const answer = await ask(port, 'POST', '/slack/events', 'payload=ø', { 'x-slack-signature': 'v0=1' })
    expect(answer).toMatchObject({ status: 200, body: 'POST v0=1 payload=ø' })
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
  })

  test('come by POST only', async () => {
    const { port } = await serve({ slack: () => expect.unreachable() })
    const answer = await ask(port, 'GET', '/slack/events')
    expect([answer.status, answer.headers.allow]).toEqual([405, 'POST'])
  })

  test.each([{}, { 'transfer-encoding': 'chunked' }])('of more than a megabyte are refused: %j', async (headers) => {
    const { port } = await serve({ slack: () => expect.unreachable() })
    const answer = await ask(port, 'POST', '/slack/events', 'x'.repeat(1024 * 1024 + 1), headers)
    expect(answer).toMatchObject({ status: 413, headers: { connection: 'close' } })
  })

  test('that break the listener are answered with 500 and nothing else', async () => {
    const { port, lines } = await serve({ slack: () => Promise.reject(new Error('CANARY')) })
    const answer = await ask(port, 'POST', '/slack/events', 'CANARY')
    expect(answer.status).toBe(500)
    expect(JSON.stringify(answer) + lines.join('')).not.toContain('CANARY')
  })

  test('that are cut off in the middle disturb nothing', async () => {
    const { port, lines } = await serve({ slack: () => expect.unreachable() })
    const socket = await dial(port)
    socket.write('POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf')
    socket.destroy()
    expect((await ask(port, 'GET', '/healthz')).status).toBe(200)
    expect(lines).toEqual([])
  })
})

describe('start and stop', () => {
  test('a port in use is named, with the settings that change it', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const refused = await serve({ port }).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(ListenError)
    expect(String(refused)).toContain(`127.0.0.1:${port} is in use by another program`)
    expect(String(refused)).toMatch(/PORT.*HOST/)
    other.close()
  })

  test('an address of another machine is named too', async () => {
    await expect(serve({ host: '203.0.113.1' })).rejects.toThrow('203.0.113.1:0 is not an address of this machine')
  })

  test('stop ends idle connections, silent ones and those that wait for an answer, within two seconds', async () => {
    const asked = withResolvers<void>()
    const { server, port } = await serve({ slack: () => asked.resolve() })
    const idle = await dial(port)
    idle.write('GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(idle, 'data')
    const silent = await dial(port)
    const halfway = await dial(port)
    halfway.write('GET /healthz HTTP/1.1\r\nHost')
    const waiting = await dial(port)
    waiting.write('POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n')
    await asked.promise
    const closed = Promise.all([idle, silent, halfway, waiting].map((socket) => once(socket.resume(), 'close')))
    await Promise.all([server.stop(), closed])
    await expect(ask(port, 'GET', '/healthz')).rejects.toThrow()
  })

  test('an answer under way is still given', async () => {
    const asked = withResolvers<() => void>()
    const { server, port } = await serve({ slack: (_, outgoing) => asked.resolve(() => outgoing.end('late')) })
    const answer = ask(port, 'POST', '/slack/events', 'x')
    const finish = await asked.promise
    const stopped = server.stop()
    finish()
    expect((await answer).body).toBe('late')
    await stopped
  })

  test('what never started stops at once', async () => {
    const { server } = await serve()
    await server.stop()
    await expect(server.stop()).resolves.toBeUndefined()
  })
})

/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers<T>() {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil
  })
  return { promise, resolve }
}
