import { HTTPReceiver, type Receiver, type ReceiverEvent, SocketModeReceiver } from '@slack/bolt'
import type { Logger, WebClientOptions } from '@slack/web-api'
import type { SlackTransport } from './config.ts'
import type { AcksFirst } from './services/acks-first.ts'
import { atMostOnceAMinute } from './services/at-most-once-a-minute.ts'
import type { Log } from './services/log.ts'
import { makeOnce } from './services/repeated-deliveries.ts'
import { makePulse } from './services/slack-pulse.ts'
import { checkSlackSignature, isCertificateCheck, type SignatureVerdict } from './services/slack-signature.ts'
import type { SlackListener } from './services/web-server.ts'

export type Once = (handle: (event: ReceiverEvent) => Promise<void>) => (event: ReceiverEvent) => Promise<void>

/** How Slack's deliveries reach us. */
export type SlackReceiver = {
  readonly receiver: Receiver
  /** Wraps what handles a delivery, so that each is handled once, and in its turn. */
  readonly once: Once
  /** For the web server, in HTTP mode. */
  readonly listener: SlackListener | null
  /** Resolves when deliveries can arrive. In Socket Mode it goes on trying until Slack answers. */
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
}

const SLACK_PATH = '/slack/events'

/** undici waits five minutes for the answer to an upgrade (nodejs/undici: docs/api/Client, headersTimeout). */
const CONNECT_WITHIN_MS = 15_000
/** WebSocket.readyState, whatwg.org. */
const CONNECTING = 0

export type SlackReceiverDeps = {
  readonly clientOptions: WebClientOptions
  readonly logger: Logger
  readonly log: Log
  readonly acks: Pick<AcksFirst, 'inTurn'>
  /** By which Slack signs. */
  readonly timeOfDay: () => number
  /** Elapsed ms, by which a silent connection is told. Only tests need another. */
  readonly elapsed?: () => number
  /** After so many ms a socket that is still not open is given up for a new one. */
  readonly connectWithinMs?: number
}

function isClosable(socket: unknown): socket is { close(): void } {
  return typeof socket === 'object' && socket !== null && 'close' in socket && typeof socket.close === 'function'
}

export function makeSlackReceiver(transport: SlackTransport, deps: SlackReceiverDeps): SlackReceiver {
  const { log, acks, timeOfDay } = deps
  const repeated = atMostOnceAMinute<'again'>({
    now: timeOfDay,
    say: (_again, count) => log.info('delivery came again: nothing done', { count }),
  })
  const once = makeOnce<ReceiverEvent>({ now: timeOfDay, onRepeated: () => repeated.happened('again') })
  const receiver =
    transport.mode === 'socket' ? socketReceiver(transport.appToken, deps) : httpReceiver(transport, deps)
  return {
    ...receiver,
    once: (handle) => once(acks.inTurn(handle)),
    disconnect: async () => {
      await receiver.disconnect()
      repeated.end()
    },
  }
}

/** Bolt sees only what is surely Slack's, and of now. Its own check asks for less, and would parse every body once more. */
function httpReceiver(
  { signingSecret }: { signingSecret: string },
  { logger, log, timeOfDay }: SlackReceiverDeps,
): Omit<SlackReceiver, 'once'> {
  const receiver = new HTTPReceiver({ signingSecret, signatureVerification: false, logger, endpoints: [SLACK_PATH] })
  const refused = atMostOnceAMinute<SignatureVerdict>({
    now: timeOfDay,
    say: (reason, count) => log.warn('refused what did not come from slack', { reason, count }),
  })
  const listener: SlackListener = (request, response) => {
    const { headers, rawBody } = request
    const verdict = checkSlackSignature({ signingSecret, headers, body: rawBody, now: timeOfDay() })
    if (verdict === 'genuine') return receiver.requestListener(request, response)
    const isCheck = verdict === 'unsigned' && isCertificateCheck(rawBody)
    if (!isCheck) refused.happened(verdict)
    response.writeHead(isCheck ? 200 : 401, { 'content-length': 0 }).end()
  }
  return {
    receiver,
    listener,
    connect: async () => {},
    disconnect: async () => refused.end(),
    isConnected: () => true,
  }
}

function socketReceiver(appToken: string, deps: SlackReceiverDeps): Omit<SlackReceiver, 'once'> {
  const { clientOptions, logger, connectWithinMs = CONNECT_WITHIN_MS } = deps
  const { elapsed = () => Number(process.hrtime.bigint() / 1_000_000n) } = deps
  const receiver = new SocketModeReceiver({
    appToken,
    logger,
    // The library gives up, or waits for hours, after an outage; asking for a new connection is safe to repeat.
    installerOptions: {
      clientOptions: {
        ...clientOptions,
        rejectRateLimitedCalls: false,
        retryConfig: { forever: true, factor: 1.5, minTimeout: 500, maxTimeout: 30_000 },
      },
    },
  })
  const { client } = receiver
  const start = client.start.bind(client)
  // The library comes back by itself, and nobody hears how that ends: cut short by a stop, it would end the process.
  client.start = () =>
    start().catch((error: unknown) => {
      if (error !== undefined) throw error
      return new Promise<never>(() => {})
    })
  // Its own field, though not for everybody: another bot in the same process has sockets too.
  const ourSocket = (): unknown => Reflect.get(client.websocket ?? {}, 'websocket')
  const pulse = makePulse({ isOurs: (socket) => socket === ourSocket(), elapsed })
  // A line that takes the request and never answers would keep the library waiting; once it is closed, it tries again.
  let overdue: NodeJS.Timeout | undefined
  client.on('connecting', () => {
    clearTimeout(overdue)
    overdue = setTimeout(() => {
      // Not by the library's own `disconnect`: it would close the socket a second time, half a minute later.
      const socket = ourSocket()
      if (client.websocket?.readyState === CONNECTING && isClosable(socket)) socket.close()
    }, connectWithinMs)
  })
  let connected = false
  client.on('connected', () => {
    connected = true
    pulse.heard()
  })
  client.on('ws_message', pulse.heard)
  for (const state of ['disconnected', 'reconnecting', 'disconnecting']) {
    client.on(state, () => {
      connected = false
    })
  }
  client.on('close', () => {
    // The end of an older socket is not the end of the one that is open.
    connected &&= client.websocket?.isActive() === true
  })
  return {
    receiver,
    listener: null,
    connect: async () => void (await start()),
    disconnect: async () => {
      clearTimeout(overdue)
      pulse.stop()
      await client.disconnect()
    },
    isConnected: () => connected && pulse.isAlive(),
  }
}
