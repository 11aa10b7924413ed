import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setInterval as every } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { WEB_LIMITS } from '../../src/services/web-server.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { makeWebBench } from './web-bench.ts'

const { start, dial, close } = makeWebBench()
afterEach(close)

async function serve(limits: Partial<typeof WEB_LIMITS>): Promise<number> {
  const { port } = await start({
    page: '<!doctype html><title>Done</title>',
    slack: () => expect.unreachable(),
    onReturn: () => {},
    ready: () => ({ ok: true, checks: {} }),
    log: makeRecordingLog().log,
    limits,
  })
  return port
}

const SOON = { headersTimeout: 60, requestTimeout: 120, keepAliveTimeout: 60, connectionsCheckingInterval: 20 }
const GET = 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n'
const POST = 'POST /slack/events HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n'

test('what stands in the settings of the server is small', () => {
  expect(WEB_LIMITS).toEqual({
    maxHeaderSize: 16_384,
    headersTimeout: 10_000,
    requestTimeout: 15_000,
    keepAliveTimeout: 5000,
    connectionsCheckingInterval: 2000,
    mostConnections: 500,
    silenceMs: 30_000,
    mostBodyBytes: 1_048_576,
  })
})

describe('time', () => {
  test.each([
    ['headers that never end', 'GET /healthz HTTP/1.1\r\nHost: a\r\n'],
    ['a body that never ends', `${POST}half`],
  ])('%s are answered with 408, and the connection is closed', async (_what, sent) => {
    const socket = await dial(await serve(SOON))
    socket.write(sent)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('one byte now and then does not keep a request open', async () => {
    const socket = await dial(await serve(SOON))
    socket.write(POST)
    const answer = text(socket)
    for await (const _ of every(20)) {
      if (socket.readableEnded || socket.destroyed) break
      socket.write('x')
    }
    expect(await answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  test('a connection that asks nothing more is closed', async () => {
    const socket = await dial(await serve(SOON))
    socket.write(GET)
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('a connection that says nothing at all is closed', async () => {
    const socket = await dial(await serve({ silenceMs: 50 }))
    await once(socket.resume(), 'close')
  })
})

describe('size', () => {
  test('a body is read up to its limit, whatever its length is said to be', async () => {
    const port = await serve({ mostBodyBytes: 1000 })
    for (const body of [
      `Content-Length: 1001\r\n\r\n`,
      `Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'x'.repeat(1001)}\r\n0\r\n\r\n`,
    ]) {
      const socket = await dial(port)
      socket.write(`POST /slack/events HTTP/1.1\r\nHost: a\r\n${body}`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 413 /)
    }
  })

  test('a request whose length is said twice, and differently, is refused', async () => {
    const port = await serve({})
    for (const header of [
      'Content-Length: 1\r\nContent-Length: 2',
      'Content-Length: 1\r\nTransfer-Encoding: chunked',
    ]) {
      const socket = await dial(port)
      socket.write(`POST /slack/events HTTP/1.1\r\nHost: a\r\n${header}\r\n\r\nx`)
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    }
  })
})

test('more connections than the limit are closed, and those within it go on', async () => {
  const port = await serve({ mostConnections: 3 })
  const within = [await dial(port), await dial(port), await dial(port)]
  const over = await dial(port)
  await once(over.resume(), 'close')
  for (const socket of within) {
    socket.write(GET)
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1\.1 200 /)
  }
})
