import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeEasyFreelance } from '../../src/services/easyfreelance.ts'
import { RETURN_URL, VERIFF } from './easyfreelance-bench.ts'

const SESSION = '9b2f8f0e-6f0a-4c3e-8d55-0f4f5d1f7a11'
const PENDING = JSON.stringify({ verification_id: SESSION, status: 'pending', provider: 'veriff', next_action: 'wait' })

let bench: Awaited<ReturnType<typeof openBench>>
beforeEach(async () => {
  bench = await openBench()
})
afterEach(() => bench.close())

/** EasyFreelance as far as its connections go: who came over which. */
async function openBench() {
  const connections: Socket[] = []
  const visits: { readonly method: string; readonly over: number }[] = []
  let answer = (_request: IncomingMessage, response: ServerResponse): void => void response.end(PENDING)
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    visits.push({ method: request.method ?? '', over: connections.indexOf(request.socket) })
    request.resume().on('end', () => answer(request, response))
  })
  server.on('connection', (socket) => connections.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const dispatcher = new Agent()
  const pollDispatcher = new Agent({ connections: 1 })
  const client = makeEasyFreelance({
    apiUrl: `http://127.0.0.1:${port}/api/v1`,
    token: 'token',
    apiKey: 'key',
    linkOrigin: 'https://app.easyfreelance.no',
    returnUrl: RETURN_URL,
    dispatcher,
    pollDispatcher,
    now: Date.now,
    pollTimeoutMs: 200,
  })
  return {
    client,
    visits,
    connections,
    answerWith: (other: typeof answer) => {
      answer = other
    },
    close: async () => {
      await dispatcher.destroy()
      await pollDispatcher.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

describe('connections to EasyFreelance', () => {
  it('are used again by the next poll', async () => {
    for (let i = 0; i < 5; i += 1) expect(await bench.client.poll(SESSION)).toMatchObject({ is: 'done' })
    expect(bench.visits).toEqual(Array(5).fill({ method: 'GET', over: 0 }))
  })

  it('are new for every start: one that the other side is just closing would lose what can not be repeated', async () => {
    await bench.client.poll(SESSION)
    await bench.client.start(VERIFF)
    await bench.client.start(VERIFF)
    await bench.client.poll(SESSION)
    expect(bench.visits.map(({ over }) => over)).toEqual([0, 1, 2, 0])
  })

  it('that break after a request left are no reason to send a start again', async () => {
    bench.answerWith(({ socket }) => socket.destroy())
    expect(await bench.client.start(VERIFF)).toEqual({ is: 'unknown', because: 'connection_lost' })
    expect(bench.visits).toEqual([{ method: 'POST', over: 0 }])
  })

  it('that were closed between two polls, or answer no more, are not used a third time', async () => {
    await bench.client.poll(SESSION)
    bench.answerWith(() => {})
    expect(await bench.client.poll(SESSION)).toEqual({ is: 'unknown', because: 'timeout' })
    bench.answerWith((_request, response) => void response.end(PENDING))
    expect(await bench.client.poll(SESSION)).toMatchObject({ is: 'done' })
    expect(bench.visits.map(({ over }) => over)).toEqual([0, 0, 1])

    const [, second] = bench.connections
    const closed = new Promise((resolve) => second?.once('close', resolve))
    second?.destroy()
    await closed
    const answers = [await bench.client.poll(SESSION), await bench.client.poll(SESSION)]
    expect(answers.at(-1)).toMatchObject({ is: 'done' })
    expect(bench.visits.at(-1)?.over).toBe(2)
  })
})
