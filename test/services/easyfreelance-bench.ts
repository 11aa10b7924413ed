import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Agent } from 'undici'
import { type EasyFreelanceOptions, startEasyFreelance } from '../../sandbox/easyfreelance/start-easyfreelance.ts'
import { type EasyFreelance, type EasyFreelanceDeps, makeEasyFreelance } from '../../src/services/easyfreelance.ts'
import type { RateHints } from '../../src/services/rate-hints.ts'

export const RETURN_URL = 'https://verify.example.com/return'
export const VERIFF = { employeeNumber: 4711, provider: 'veriff', idType: 'local' } as const
export const BANKID = { employeeNumber: 4711, provider: 'bankid', idType: null } as const

/** Our client and the stand-in for EasyFreelance, on real HTTP. */
export async function openBench(options: EasyFreelanceOptions = {}) {
  const upstream = await startEasyFreelance({ approvedReturnUrls: [RETURN_URL], ...options })
  const dispatcher = new Agent()
  const keeping = dispatcher.compose(
    (dispatch) => (request, handler) => dispatch({ ...request, reset: false }, handler),
  )
  const hints: RateHints[] = []
  const make = (changes: Partial<EasyFreelanceDeps> = {}): EasyFreelance =>
    makeEasyFreelance({
      apiUrl: upstream.apiUrl,
      token: upstream.token,
      apiKey: upstream.apiKey,
      linkOrigin: upstream.linkOrigin,
      returnUrl: RETURN_URL,
      dispatcher,
      now: options.now ?? Date.now,
      onLimits: (hint) => hints.push(hint),
      ...changes,
    })
  const client = make()

  return {
    upstream,
    client,
    make,
    hints,
    /** Uses connections again, which the client doesn't: for thousands of calls. */
    keeping,
    /** A session that stands, and its id. */
    async startedId(): Promise<string> {
      const answer = await client.start(VERIFF)
      if (answer.is !== 'done') throw new Error(`not started: ${answer.because}`)
      return answer.session.sessionId
    },
    async close(): Promise<void> {
      await dispatcher.destroy()
      await upstream.stop()
    },
  }
}

/** A server of somebody else's that writes down whatever reaches it. */
export async function openStranger() {
  const visits: string[] = []
  const server = createServer((request, response) => {
    visits.push(`${request.method} ${request.headers.authorization ?? 'without credentials'}`)
    response.end('{"status":"approved","verification_id":"x"}')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    visits,
    url: `http://localhost:${(server.address() as AddressInfo).port}/elsewhere`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
