import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startTcpProxy, type Toxic } from '../../sandbox/tcp-proxy.ts'

type Line = {
  proxy: Awaited<ReturnType<typeof startTcpProxy>>
  client: Socket
  server: Socket
  /** What the server has got so far. */
  got: Buffer[]
}

/** A client and a server with a healthy line between them. */
async function openLine(): Promise<Line> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const proxy = await startTcpProxy()
  proxy.leadTo((listener.address() as AddressInfo).port)
  const client = connect(proxy.port, '127.0.0.1')
  const [server] = (await once(listener, 'connection')) as [Socket]
  const got: Buffer[] = []
  server.on('data', (chunk) => got.push(chunk)).on('error', () => {})
  client.on('error', () => {}).resume()
  onTestFinished(async () => {
    client.destroy()
    server.destroy()
    await proxy.stop()
    listener.close()
  })
  return { proxy, client, server, got }
}

const text = ({ got }: Line) => Buffer.concat(got).toString()

async function arrives(line: Line, words: string): Promise<void> {
  while (!text(line).includes(words)) await once(line.server, 'data')
}

describe('a line', () => {
  test.for<[string, Toxic]>([
    ['late', { kind: 'latency', ms: 20 }],
    ['narrow', { kind: 'bandwidth', bytesPerS: 2000 }],
    ['slow to close', { kind: 'slow_close', ms: 20 }],
  ])('that is %s carries everything', async ([, toxic]) => {
    const line = await openLine()
    await line.proxy.poison(toxic)
    line.client.end('hello there')
    await once(line.server, 'end')
    expect(text(line)).toBe('hello there')
  })

  test('that is late one way is not late the other way', async () => {
    const line = await openLine()
    await line.proxy.poison({ kind: 'latency', ms: 300 }, 'upstream')
    line.client.write('hello')
    line.server.write('back')
    await once(line.client, 'data')
    expect(text(line)).toBe('')
    await arrives(line, 'hello')
  })

  test('that slices carries everything in pieces', async () => {
    const line = await openLine()
    await line.proxy.poison({ kind: 'slicer', bytes: 3, ms: 5 })
    line.client.end('hello there')
    await once(line.server, 'end')
    expect(text(line)).toBe('hello there')
    expect(line.got.length).toBeGreaterThan(2)
  })

  test('that carries so much and no more is closed then', async () => {
    const line = await openLine()
    await line.proxy.poison({ kind: 'limit_data', bytes: 5 })
    line.client.write('hello there')
    await once(line.client, 'close')
    expect(text(line)).toBe('hello')
  })

  test('that is down refuses everybody, closes what was open, and comes back', async () => {
    const line = await openLine()
    await line.proxy.poison({ kind: 'down' })
    if (!line.client.destroyed) await once(line.client, 'close')
    const refused = connect(line.proxy.port, '127.0.0.1')
    expect(await once(refused, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }])
    await line.proxy.heal()
    const again = connect(line.proxy.port, '127.0.0.1')
    await once(again, 'connect')
    again.destroy()
  })

  test('that resets is reset', async () => {
    const line = await openLine()
    const error = once(line.client, 'error')
    await line.proxy.poison({ kind: 'reset_peer', ms: 5 })
    expect(await error).toMatchObject([{ code: 'ECONNRESET' }])
  })

  test('that times out swallows everything, one way if asked so, and is closed when it heals', async () => {
    const line = await openLine()
    await line.proxy.poison({ kind: 'timeout', ms: 0 }, 'upstream')
    line.client.write('hello')
    line.server.write('back')
    await once(line.client, 'data')
    expect(text(line)).toBe('')
    await line.proxy.heal()
    if (!line.client.destroyed) await once(line.client, 'close')
    expect(text(line)).toBe('')
  })

  test('that is half open is closed at the far end, and this end never hears of it', async () => {
    const line = await openLine()
    line.client.write('hello')
    await arrives(line, 'hello')
    await line.proxy.poison({ kind: 'half_open' })
    await once(line.server, 'close')
    await line.proxy.heal()
    line.client.write('are you there?')
    expect(line.client.writable && line.client.readable).toBe(true)
    expect(text(line)).toBe('hello')
  })
})
