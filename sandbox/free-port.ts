import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

// Below the range from which systems give ports out by themselves, so that none of those can take it before it is used.
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 50

/** A port on loopback that nobody listens on now, and that nobody is likely to be given. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST)
    if (await isFree(port)) return port
  }
  throw new Error('no free port')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
