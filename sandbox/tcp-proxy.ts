import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * What is wrong with the line: Toxiproxy's eight (github.com/Shopify/toxiproxy, "Toxics"), and half-open.
 * - `latency`: everything comes later.
 * - `down`: nobody listens, and what was open is closed.
 * - `bandwidth`: so many bytes a second.
 * - `slow_close`: a close is told later.
 * - `timeout`: nothing gets through; the connection is closed after a while (0: never).
 * - `reset_peer`: connections are reset after a while.
 * - `slicer`: everything comes in small pieces.
 * - `limit_data`: the connection is closed once so many bytes have come through.
 * - `half_open`: the other side is gone, and this one is never told.
 */
export type Toxic =
  | { readonly kind: 'latency'; readonly ms: number }
  | { readonly kind: 'down' }
  | { readonly kind: 'bandwidth'; readonly bytesPerS: number }
  | { readonly kind: 'slow_close'; readonly ms: number }
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'reset_peer'; readonly ms: number }
  | { readonly kind: 'slicer'; readonly bytes: number; readonly ms: number }
  | { readonly kind: 'limit_data'; readonly bytes: number }
  | { readonly kind: 'half_open' }

/** To the server, back from it, or both. */
export type Direction = 'upstream' | 'downstream' | 'both'

export type TcpProxy = {
  readonly port: number
  /** How many connections clients have open. */
  connections(): number
  /** Where everything goes: a port on loopback. */
  leadTo(port: number): void
  poison(toxic: Toxic, direction?: Direction): Promise<void>
  /** The line is well again. What it swallowed stays lost: such connections are closed. Half-open ones stay so. */
  heal(): Promise<void>
  stop(): Promise<void>
}

type Link = { readonly client: Socket; readonly server: Socket; passed: number; isSilent: boolean; hasLost: boolean }

/** A line between a client and a server on loopback that can be made bad in the ways lines are. */
export async function startTcpProxy(): Promise<TcpProxy> {
  const links = new Set<Link>()
  let target = 0
  let toxic: Toxic | null = null
  let where: Direction = 'both'

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true })
    const link: Link = { client, server, passed: 0, isSilent: false, hasLost: false }
    links.add(link)
    for (const socket of [client, server]) socket.setNoDelay(true).on('error', () => {})
    void pump(link, client, server, 'upstream')
    void pump(link, server, client, 'downstream')
    client.once('close', () => links.delete(link))
    befall(link)
  })

  /** What a toxic does to a connection as a whole. */
  function befall(link: Link): void {
    if (toxic?.kind === 'half_open') {
      link.isSilent = true
      link.server.destroy()
    }
    if (toxic?.kind === 'reset_peer') later(toxic, () => reset(link))
  }

  /** After its time, unless the line was healed or made bad in another way meanwhile. */
  function later(cause: Toxic & { ms: number }, act: () => void): void {
    setTimeout(() => toxic === cause && act(), cause.ms).unref()
  }

  function reset({ client, server }: Link): void {
    client.resetAndDestroy()
    server.resetAndDestroy()
  }

  function close({ client, server }: Link): void {
    client.destroy()
    server.destroy()
  }

  async function pump(link: Link, from: Socket, to: Socket, direction: Direction): Promise<void> {
    const isBad = () => where === 'both' || where === direction
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        await carry(link, chunk, to, isBad() ? toxic : null)
      }
      if (toxic?.kind === 'slow_close' && isBad()) await wait(toxic.ms)
    } catch {
      // Cut off: whoever is on the other side is told below.
    }
    if (link.isSilent) return
    if (from.errored !== null) to.resetAndDestroy()
    else to.end()
  }

  async function carry(link: Link, chunk: Buffer, to: Socket, how: Toxic | null): Promise<void> {
    if (link.isSilent) return
    switch (how?.kind) {
      case 'latency':
        await wait(how.ms)
        return write(to, chunk)
      case 'bandwidth':
        await wait((chunk.length / how.bytesPerS) * 1000)
        return write(to, chunk)
      case 'slicer':
        for (let at = 0; at < chunk.length; at += how.bytes) {
          await write(to, chunk.subarray(at, at + how.bytes))
          await wait(how.ms)
        }
        return
      case 'limit_data': {
        const room = Math.max(0, how.bytes - link.passed)
        link.passed += chunk.length
        await write(to, chunk.subarray(0, room))
        if (chunk.length > room) to.end(() => close(link))
        return
      }
      case 'timeout':
        link.hasLost = true
        if (how.ms > 0) later(how, () => close(link))
        return
      default:
        return write(to, chunk)
    }
  }

  function listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      listener.once('error', reject)
      listener.listen(port, '127.0.0.1', () => {
        listener.off('error', reject)
        resolve()
      })
    })
  }

  function shut(): Promise<void> {
    return new Promise((resolve) => {
      listener.close(() => resolve())
      for (const link of links) close(link)
    })
  }

  await listen(0)
  const { port } = listener.address() as AddressInfo

  async function heal(): Promise<void> {
    toxic = null
    for (const link of links) if (link.hasLost) close(link)
    if (!listener.listening) await listen(port)
  }

  return {
    port,
    connections: () => links.size,
    leadTo: (server) => {
      target = server
    },
    poison: async (next, direction = 'both') => {
      await heal()
      toxic = next
      where = direction
      if (next.kind === 'down') return shut()
      for (const link of links) befall(link)
    },
    heal,
    stop: async () => {
      if (listener.listening) await shut()
      for (const link of links) close(link)
    },
  }
}

async function write(to: Socket, bytes: Buffer): Promise<void> {
  if (bytes.length === 0 || to.destroyed) return
  if (!to.write(bytes)) await Promise.race([once(to, 'drain'), once(to, 'close')])
}
