import type { IncomingMessage, ServerResponse } from 'node:http'
import { App } from '@slack/bolt'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { signed } from '../sandbox/slack/http-delivery.ts'
import { makeAcksFirst } from '../src/services/acks-first.ts'
import { slackLogger } from '../src/services/slack-logger.ts'
import { makeSlackReceiver } from '../src/slack-receiver.ts'
import { makeRecordingLog } from './helpers/recording-log.ts'

const SECRET = 'e6b19c573432dcc6b075501d51b51bb8'
const FORM = 'application/x-www-form-urlencoded'

type Headers = Record<string, string>
type Sent = { readonly body: Buffer; readonly headers: Headers }

/** The real receiver and a real Bolt app; only the socket is made up. */
function bench(acks = makeAcksFirst()) {
  const { log, lines } = makeRecordingLog()
  const hearing = { clientOptions: {}, logger: slackLogger(log), log, acks, timeOfDay: Date.now }
  const { receiver, listener, once, disconnect } = makeSlackReceiver({ mode: 'http', signingSecret: SECRET }, hearing)
  const app = new App({ receiver, logger: slackLogger(log), authorize: async () => ({ botToken: 'x', botId: 'B' }) })
  app.processEvent = once(app.processEvent.bind(app))
  let handlers = 0
  app.use(async ({ next }) => {
    handlers += 1
    await next()
  })
  app.command('/verify', async ({ ack }) => ack())
  app.action(/.*/, async ({ ack }) => ack())

  /** Resolves with the status when it is answered. */
  function send({ body, headers }: Sent): Promise<number> {
    return new Promise((resolve) => {
      let status = 0
      const response = {
        setHeader: () => response,
        writeHead: (code: number) => {
          status = code
          return response
        },
        end: () => void resolve(status),
      }
      const request = { method: 'POST', url: '/slack/events', headers, rawBody: body }
      listener?.(request as unknown as IncomingMessage & { rawBody: Buffer }, response as unknown as ServerResponse)
    })
  }
  return { send, lines, disconnect, handlers: () => handlers }
}

function genuine(nth: number, at = Date.now()): Sent {
  const press = { type: 'block_actions', trigger_id: `t${nth}`, user: { id: 'U1' }, actions: [{ action_id: 'a' }] }
  const body =
    nth % 2 === 0
      ? new URLSearchParams({ payload: JSON.stringify(press) }).toString()
      : new URLSearchParams({ command: '/verify', text: '<@U0OLA>', user_id: 'U1', trigger_id: `t${nth}` }).toString()
  return { body: Buffer.from(body), headers: { 'content-type': FORM, ...signed(SECRET, body, at) } }
}

const TIME = 'x-slack-request-timestamp'
const SIGNATURE = 'x-slack-signature'
type Change = (sent: Sent, place: number, byte: number) => Sent

const inBody =
  (change: (body: Buffer, at: number, byte: number) => Buffer): Change =>
  (sent, place, byte) => ({
    ...sent,
    body: change(Buffer.from(sent.body), place % sent.body.length, byte),
  })
const inHeader =
  (name: string, change: (value: string, at: number, byte: number) => string): Change =>
  (sent, place, byte) => {
    const value = sent.headers[name] ?? ''
    return { ...sent, headers: { ...sent.headers, [name]: change(value, place % value.length, byte) } }
  }
const without =
  (name: string): Change =>
  ({ body, headers }) => ({
    body,
    headers: Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name)),
  })
const splice = (value: string, at: number, gone: number, put: string) =>
  value.slice(0, at) + put + value.slice(at + gone)

const CHANGES: Change[] = [
  inBody((body, at, byte) => {
    body[at] = (body[at] ?? 0) ^ (1 << (byte % 8))
    return body
  }),
  inBody((body, at) => Buffer.concat([body.subarray(0, at), body.subarray(at + 1)])),
  inBody((body, at, byte) => Buffer.concat([body.subarray(0, at), Buffer.from([byte]), body.subarray(at)])),
  inBody((body, at) => body.subarray(0, at)),
  inBody((body) => Buffer.concat([body, Buffer.from('&ssl_check=1')])),
  inBody((body) => Buffer.concat([Buffer.from('ssl_check=1&'), body])),
  inHeader(TIME, (value, at, byte) => splice(value, at, 1, String((Number(value[at]) + 1 + (byte % 9)) % 10))),
  inHeader(
    TIME,
    (value, _at, byte) => [` ${value}`, `0${value}`, `${value}.0`, `${value}e0`, `+${value}`][byte % 5] ?? '',
  ),
  inHeader(SIGNATURE, (value, at, byte) => splice(value, at, 1, value[at] === 'a' ? 'b' : byte % 2 === 0 ? 'a' : 'A')),
  inHeader(SIGNATURE, (value, at) => value.slice(0, at)),
  inHeader(
    SIGNATURE,
    (value, _at, byte) => [`${value}=x`, `${value} `, `${value},${value}`, `v1${value.slice(2)}`][byte % 4] ?? '',
  ),
  without(TIME),
  without(SIGNATURE),
  ({ body }, _place, byte) => ({
    body,
    headers: {
      'content-type': FORM,
      ...signed(SECRET, body.toString(), Date.now() + (byte < 128 ? 62_000 : -302_000) * (1 + byte)),
    },
  }),
  ({ body }, place) => ({
    body,
    headers: { 'content-type': FORM, ...signed(`${SECRET.slice(1)}${place % 10}`, body.toString(), Date.now()) },
  }),
]

test('10,000 signed requests, each changed in one way: none is handled', async () => {
  const { send, handlers, lines, disconnect } = bench()
  let nth = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...CHANGES),
      fc.nat(),
      fc.integer({ min: 0, max: 255 }),
      async (change, place, byte) => {
        nth += 1
        const before = genuine(nth)
        const after = change(before, place, byte)
        fc.pre(!after.body.equals(before.body) || JSON.stringify(after.headers) !== JSON.stringify(before.headers))
        const status = await send(after)
        // Only a request without any signature may be a check of our certificate, which is answered and nothing more.
        expect([200, 401]).toContain(status)
        if (SIGNATURE in after.headers && TIME in after.headers) expect(status).toBe(401)
      },
    ),
    { numRuns: 10_000 },
  )
  expect(handlers()).toBe(0)
  // Anybody can send these: they are counted, and fill no disk.
  await disconnect()
  const refused = lines.filter(({ reason }) =>
    ['unsigned', 'forged', 'stale', 'from_the_future'].includes(String(reason)),
  )
  expect(refused.length).toBeLessThan(20)
  expect(refused.reduce((sum, { count }) => sum + Number(count), 0)).toBeGreaterThan(9000)
})

test('the same requests unchanged are all handled', async () => {
  const { send, handlers } = bench()
  for (let nth = 0; nth < 100; nth += 1) expect(await send(genuine(nth))).toBe(200)
  expect(handlers()).toBe(100)
})

test('requests that come in the same moment are handled one in a turn of the event loop, in their order', async () => {
  let due: (() => void)[] = []
  const { send, handlers } = bench(makeAcksFirst({ soon: (turn) => due.push(turn) }))
  const answered: number[] = []
  const sent = [1, 2, 3].map((nth) => send(genuine(nth)).then(() => answered.push(nth)))
  for (let handled = 1; handled <= sent.length; handled += 1) {
    await new Promise(setImmediate)
    expect(handlers()).toBe(handled)
    const turn = due
    due = []
    for (const go of turn) go()
  }
  await Promise.all(sent)
  expect(answered).toEqual([1, 2, 3])
})

test('a request from a minute ahead is taken, one from further ahead is not, though Bolt would', async () => {
  const { send, handlers, lines, disconnect } = bench()
  expect(await send(genuine(1, Date.now() + 58_000))).toBe(200)
  expect(handlers()).toBe(1)
  for (const aheadMs of [63_000, 300_000, 86_400_000]) expect(await send(genuine(2, Date.now() + aheadMs))).toBe(401)
  expect(handlers()).toBe(1)
  await disconnect()
  expect(lines.filter(({ reason }) => reason === 'from_the_future').map(({ count }) => count)).toEqual([1, 2])
})

test('a check of the certificate is answered, and what is smuggled into it is not handled', async () => {
  const { send, handlers } = bench()
  const smuggled = Buffer.from('ssl_check=1&command=%2Fverify&user_id=U1&text=x')
  expect(await send({ body: smuggled, headers: { 'content-type': FORM } })).toBe(200)
  expect(await send({ body: Buffer.from('command=%2Fverify'), headers: { 'content-type': FORM } })).toBe(401)
  expect(handlers()).toBe(0)
})
