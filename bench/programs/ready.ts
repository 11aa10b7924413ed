import type { Server } from 'node:http'

/** Listens on loopback and says so in the line that the measuring process waits for. */
export function listen(server: Server): void {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    process.stdout.write(`${JSON.stringify({ msg: 'ready', port })}\n`)
  })
}
