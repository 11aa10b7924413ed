import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { call, httpApp, slackForTest } from './small-app.ts'

type Envelope = { type: string; envelope_id?: string; reason?: string; payload?: Record<string, unknown> }

async function ticketUrl(slack: SlackStandIn): Promise<string> {
  return String((await call(slack, 'apps.connections.open', {}, slack.appToken)).body.url)
}

/** A bare Socket Mode client: collects what comes and answers with `onEnvelope`. */
async function socketOf(slack: SlackStandIn, onEnvelope: (envelope: Envelope, socket: WebSocket) => void = () => {}) {
  const socket = new WebSocket(await ticketUrl(slack))
  onTestFinished(() => socket.terminate())
  const came: Envelope[] = []
  const hello = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data) => {
      const envelope = JSON.parse(data.toString()) as Envelope
      came.push(envelope)
      if (envelope.envelope_id === undefined) resolve()
      else onEnvelope(envelope, socket)
    })
  })
  await hello
  return { socket, came }
}

const ack = ({ envelope_id }: Envelope, socket: WebSocket, payload?: unknown) =>
  socket.send(JSON.stringify({ envelope_id, payload }))

describe('Socket Mode', () => {
  test('greets, and a ticket works once', async () => {
    const slack = await slackForTest()
    const url = await ticketUrl(slack)
    const first = new WebSocket(url)
    onTestFinished(() => first.terminate())
    const hello = await new Promise((resolve) => first.once('message', (data) => resolve(JSON.parse(data.toString()))))
    expect(hello).toMatchObject({ type: 'hello', num_connections: 1 })
    const second = new WebSocket(url)
    await expect(new Promise((_, reject) => second.once('error', reject))).rejects.toThrow('401')
  })

  test('an eleventh connection is sent away', async () => {
    const slack = await slackForTest()
    for (let count = 0; count < 10; count += 1) await socketOf(slack)
    expect((await socketOf(slack)).came).toEqual([{ type: 'disconnect', reason: 'too_many_websockets' }])
    expect(slack.connections()).toBe(10)
  })

  test('gives an envelope to one connection and takes its answer', async () => {
    const slack = await slackForTest()
    const answer = (envelope: Envelope, socket: WebSocket) => ack(envelope, socket, { text: 'Hi' })
    const clients = [await socketOf(slack, answer), await socketOf(slack, answer)]
    expect(await slack.person('U0ANNA').command('/ask', 'me')).toMatchObject({ acked: true, text: 'Hi' })
    const envelopes = clients.flatMap(({ came }) => came).filter(({ type }) => type === 'slash_commands')
    expect(envelopes).toMatchObject([
      { accepts_response_payload: true, payload: { command: '/ask', text: 'me', user_id: 'U0ANNA' } },
    ])
  })

  test('nobody there, or gone in the middle: the person sees a timeout at once', async () => {
    const slack = await slackForTest()
    expect(await slack.person('U0ANNA').command('/ask')).toEqual({ acked: false, error: 'operation_timeout' })
    await socketOf(slack, (_, socket) => socket.terminate())
    expect(await slack.person('U0ANNA').command('/ask')).toEqual({ acked: false, error: 'operation_timeout' })
    expect(slack.deliveries.map((each) => each.ack?.outcome)).toEqual(['no_connection', 'connection_lost'])
  })

  test('an ack after three seconds is too late, and a second one too many', async () => {
    const slack = await slackForTest()
    const waiting: Envelope[] = []
    const { socket } = await socketOf(slack, (envelope) => waiting.push(envelope))
    expect(await slack.person('U0ANNA').command('/ask')).toEqual({ acked: false, error: 'operation_timeout' })
    for (const envelope of [...waiting, ...waiting]) ack(envelope, socket)
    ack({ type: '', envelope_id: 'made-up' }, socket)
    await slack.until(() => slack.violations.length === 4)
    const kinds = slack.violations.map(({ kind }) => kind)
    expect(kinds.sort()).toEqual(['double_ack', 'late_ack', 'no_ack', 'unknown_envelope'])
    expect(slack.deliveries[0]?.lateAfterMs).toBeGreaterThanOrEqual(2990)
  })

  test('refresh and drop reach every connection', async () => {
    const slack = await slackForTest()
    const { came, socket } = await socketOf(slack)
    slack.disconnect()
    await new Promise((resolve) => socket.once('message', resolve))
    expect(came.at(-1)).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' })
    slack.drop()
    await slack.until(() => slack.connections() === 0)
  })

  test('a replay is the same envelope, byte for byte', async () => {
    const slack = await slackForTest()
    const { came } = await socketOf(slack, ack)
    await slack.person('U0ANNA').command('/ask')
    expect(await slack.replay(1)).toMatchObject({ outcome: 'acked' })
    expect(came[1]).toEqual(came[2])
    expect(slack.deliveries[0]?.raw).toBe(slack.deliveries[1]?.raw)
  })
})

describe('HTTP deliveries', () => {
  type Request = { headers: Record<string, unknown>; body: string }

  async function receiver(slack: SlackStandIn, status = 200, answer = '') {
    const requests: Request[] = []
    const server = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        requests.push({ headers: request.headers, body })
        response.writeHead(status).end(answer)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = server.address()
    slack.setDelivery({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/slack/events` })
    return requests
  }

  test('are signed as Slack signs them', async () => {
    const slack = await slackForTest()
    const requests = await receiver(slack, 200, 'Plain words')
    expect(await slack.person('U0ANNA').command('/ask', 'Åse & co')).toMatchObject({ acked: true, text: 'Plain words' })
    const { headers, body } = requests[0] ?? { headers: {}, body: '' }
    const base = `v0:${headers['x-slack-request-timestamp']}:${body}`
    const digest = createHmac('sha256', slack.signingSecret).update(base).digest('hex')
    expect(headers['x-slack-signature']).toBe(`v0=${digest}`)
    expect(headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(Object.fromEntries(new URLSearchParams(body))).toMatchObject({
      command: '/ask',
      text: 'Åse & co',
      channel_name: 'directmessage',
      is_enterprise_install: 'false',
      team_domain: 'sandbox',
      user_name: 'anna',
    })
  })

  test('carry interactions as payload, in ASCII, and events as JSON with their retry', async () => {
    const slack = await slackForTest()
    const requests = await receiver(slack)
    await slack.deliver('interaction', { type: 'block_actions', text: 'Åse' })
    await slack.sendEvent({ type: 'app_uninstalled' }, { num: 1, reason: 'http_timeout' })
    expect(new URLSearchParams(requests[0]?.body).get('payload')).toBe('{"type":"block_actions","text":"\\u00c5se"}')
    expect(requests[1]?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-slack-retry-num': '1',
      'x-slack-retry-reason': 'http_timeout',
    })
    expect(JSON.parse(requests[1]?.body ?? '')).toMatchObject({
      type: 'event_callback',
      event: { type: 'app_uninstalled' },
    })
    await expect(slack.sendEvent({ type: 'message' })).rejects.toThrow('does not subscribe')
  })

  test('that are refused are failures, and a replay is the same bytes', async () => {
    const slack = await slackForTest()
    const requests = await receiver(slack, 500)
    expect(await slack.person('U0ANNA').command('/ask')).toEqual({ acked: false, error: 'http_500' })
    await slack.replay(1)
    expect(requests[0]?.body).toBe(requests[1]?.body)
    expect(requests[0]?.headers['x-slack-signature']).toBe(requests[1]?.headers['x-slack-signature'])
  })

  test('a real Bolt app takes ssl_check, and refuses what was not signed by Slack', async () => {
    const slack = await slackForTest()
    await httpApp(slack)
    expect(await slack.sslCheck()).toBe(200)
    const forged = { 'x-slack-signature': `v0=${'0'.repeat(64)}` }
    expect(await slack.deliver('command', { command: '/ask' }, { headers: forged })).toEqual({
      outcome: 'refused',
      status: 401,
    })
  })
})
