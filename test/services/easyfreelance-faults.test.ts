import { createServer, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { EVIL_LINKS, GARBAGE } from '../../sandbox/easyfreelance/faults.ts'
import { openBench, openStranger, VERIFF } from './easyfreelance-bench.ts'

let bench: Awaited<ReturnType<typeof openBench>>
let stranger: Awaited<ReturnType<typeof openStranger>>
beforeAll(async () => {
  bench = await openBench()
  stranger = await openStranger()
})
afterAll(async () => {
  await bench.close()
  await stranger.close()
})
afterEach(() => {
  bench.upstream.clearFaults()
  expect(bench.upstream.violations).toEqual([])
})

const LOST = { is: 'unknown', because: 'connection_lost' }
const TIMEOUT = { is: 'unknown', because: 'timeout' }
const UNREADABLE = { is: 'unknown', because: 'unreadable' }
const UNREACHABLE = { is: 'refused', because: 'unreachable', retryAfterMs: null }
const hasty = { startTimeoutMs: 60, pollTimeoutMs: 60 }

describe.each(['start', 'poll'] as const)('when it goes wrong, a %s', (route) => {
  async function run(client = bench.client, signal?: AbortSignal) {
    if (route === 'start') return client.start(VERIFF, signal)
    return client.poll('9b2f8f0e-6f0a-4c3e-8d55-0f4f5d1f7a11', signal)
  }

  it.each(['lose', 'lose_before', 'lose_midway'] as const)('is unknown after %s', async (how) => {
    bench.upstream.fault({ route, do: how })
    expect(await run()).toEqual(LOST)
  })

  it.each(['hang', 'hang_after', 'hang_midway', { lateMs: 5000 }] as const)('ends in time after %j', async (how) => {
    bench.upstream.fault({ route, do: how })
    expect(await run(bench.make(hasty))).toEqual(TIMEOUT)
  })

  it('waits for an answer that is only late', async () => {
    bench.upstream.fault({ route, do: { lateMs: 80 } })
    expect((await run()).is).not.toBe('unknown')
  })

  it('ends at once when the caller gives up', async () => {
    const giveUp = new AbortController()
    bench.upstream.fault({ route, do: 'hang' })
    const answer = run(bench.client, giveUp.signal)
    await bench.upstream.until(() => bench.upstream.calls.at(-1)?.fault === 'hang')
    giveUp.abort()
    expect(await answer).toEqual(LOST)
    expect(await run(bench.client, AbortSignal.abort())).toEqual(LOST)
  })

  it('never follows a redirect', async () => {
    for (const status of [301, 302, 303, 307, 308]) {
      const headers = { location: stranger.url }
      bench.upstream.fault({ route, do: { rewrite: () => ({ status, headers, body: '' }) } })
      expect(await run()).toEqual(UNREADABLE)
    }
    bench.upstream.fault({ route, do: { redirect: stranger.url } })
    expect(await run()).toEqual(UNREADABLE)
    expect(stranger.visits).toEqual([])
  })

  it('is refused when nobody listens, and works again afterwards', async () => {
    await bench.upstream.down()
    const answer = await run()
    await bench.upstream.up()
    expect(answer).toEqual(UNREACHABLE)
    expect((await run(bench.make())).is).toBe(route === 'start' ? 'done' : 'refused')
  })

  it('is refused when there is no such host', async () => {
    expect(await run(bench.make({ apiUrl: 'http://nobody.invalid/api/v1' }))).toEqual(UNREACHABLE)
  })

  it('is refused when TLS fails before the request, and when its time is over before', async () => {
    const said: string[] = []
    const sockets = new Set<Socket>()
    // Answers the first bytes with something that isn't TLS, or with nothing.
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.once('data', (data) => {
        said.push(data.toString('latin1'))
        if (said.length === 1) socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      })
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const client = bench.make({ ...hasty, apiUrl: `https://127.0.0.1:${port}/api/v1` })
    expect(await run(client)).toEqual(UNREACHABLE)
    expect(await run(client)).toEqual(UNREACHABLE)
    for (const socket of sockets) socket.destroy()
    server.close()
    expect(said.join()).not.toContain('api/v1')
  })
})

describe('an answer that makes no sense', () => {
  it.each(GARBAGE.filter((how) => how !== 'wrong_id'))('leaves a start unknown: %s', async (garbage) => {
    bench.upstream.fault({ route: 'start', do: { garbage } })
    expect(await bench.client.start(VERIFF)).toEqual(UNREADABLE)
  })

  it.each(GARBAGE)('is no outcome of a poll: %s', async (garbage) => {
    const id = await bench.startedId()
    bench.upstream.decide(id, 'approved')
    bench.upstream.fault({ route: 'poll', do: { garbage } })
    expect(await bench.client.poll(id)).toEqual(UNREADABLE)
    expect(await bench.client.poll(id)).toMatchObject({ is: 'done', report: { status: 'approved' } })
  })

  it.each(GARBAGE.filter((how) => how !== 'wrong_id'))('records no return URL: %s', async (garbage) => {
    bench.upstream.fault({ route: 'return-url', do: { garbage } })
    expect(await bench.client.registerReturnUrl('https://verify.example.com/x')).toEqual(UNREADABLE)
  })

  it.each(EVIL_LINKS)('starts a session without a link to show: %s', async (link) => {
    bench.upstream.fault({ route: 'start', do: { link } })
    const answer = await bench.client.start(VERIFF)
    expect(answer).toMatchObject({ is: 'done', session: { link: null } })
    expect(answer.is === 'done' && answer.session.sessionId).toBe(bench.upstream.sessions().at(-1)?.id)
  })

  it('may be long before it is refused, and costs no memory', async () => {
    bench.upstream.fault({ route: 'poll', do: { rewrite: () => ({ status: 500, body: 'x'.repeat(5_000_000) }) } })
    expect(await bench.client.poll('abc')).toEqual({ is: 'unknown', because: 'server_error' })
    bench.upstream.fault({ route: 'start', do: { rewrite: () => ({ status: 404, body: 'x'.repeat(5_000_000) }) } })
    expect(await bench.client.start(VERIFF)).toMatchObject({ is: 'refused', because: 'not_found' })
  })
})

describe('credentials', () => {
  it('are in no answer, whatever goes wrong', async () => {
    const { upstream } = bench
    const answers: unknown[] = []
    for (const how of ['lose', 'lose_before', 'lose_midway', { status: 500 }, { garbage: 'html' }] as const) {
      upstream.fault({ route: 'start', do: how })
      answers.push(await bench.client.start(VERIFF))
    }
    answers.push(await bench.make({ token: 'a\nb' }).start(VERIFF))
    const said = JSON.stringify(answers)
    for (const secret of [upstream.token, upstream.apiKey, 'verify/', 'a\\nb']) expect(said).not.toContain(secret)
  })
})
