import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { makeWebServer, type WebServer, type WebServerDeps } from '../../src/services/web-server.ts'

/** Web servers on ports of their own, and bare connections to them. */
export function makeWebBench() {
  const running: WebServer[] = []
  const sockets: Socket[] = []
  return {
    async start(deps: Omit<WebServerDeps, 'host' | 'port'> & Partial<WebServerDeps>) {
      const server = makeWebServer({ host: '127.0.0.1', port: 0, ...deps })
      running.push(server)
      const { port } = await server.start()
      return { server, port }
    },
    async dial(port: number): Promise<Socket> {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => {})
      sockets.push(socket)
      await once(socket, 'connect')
      return socket
    },
    async close(): Promise<void> {
      for (const socket of sockets.splice(0)) socket.destroy()
      await Promise.all(running.splice(0).map((server) => server.stop()))
    },
  }
}
