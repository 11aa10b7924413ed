import { HTTPReceiver, type Receiver, SocketModeReceiver } from '@slack/bolt'
import type { Logger, WebClientOptions } from '@slack/web-api'
import type { SlackTransport } from './config.ts'
import type { SlackListener } from './services/web-server.ts'

/** How Slack's deliveries reach us. */
export type SlackReceiver = {
  readonly receiver: Receiver
  /** For the web server, in HTTP mode. */
  readonly listener: SlackListener | null
  /** Resolves when deliveries can arrive. In Socket Mode it goes on trying until Slack answers. */
  connect(): Promise<void>
  disconnect(): Promise<void>
  isConnected(): boolean
}

const SLACK_PATH = '/slack/events'

export function makeSlackReceiver(
  transport: SlackTransport,
  deps: { clientOptions: WebClientOptions; logger: Logger },
): SlackReceiver {
  return transport.mode === 'socket' ? socketReceiver(transport.appToken, deps) : httpReceiver(transport, deps)
}

function httpReceiver({ signingSecret }: { signingSecret: string }, { logger }: { logger: Logger }): SlackReceiver {
  const receiver = new HTTPReceiver({ signingSecret, logger, endpoints: [SLACK_PATH] })
  return {
    receiver,
    listener: (request, response) => receiver.requestListener(request, response),
    connect: async () => {},
    disconnect: async () => {},
    isConnected: () => true,
  }
}

function socketReceiver(
  appToken: string,
  { clientOptions, logger }: { clientOptions: WebClientOptions; logger: Logger },
): SlackReceiver {
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
  let connected = false
  receiver.client.on('connected', () => {
    connected = true
  })
  for (const state of ['disconnected', 'reconnecting', 'disconnecting', 'close']) {
    receiver.client.on(state, () => {
      connected = false
    })
  }
  return {
    receiver,
    listener: null,
    connect: async () => void (await receiver.client.start()),
    disconnect: async () => receiver.client.disconnect(),
    isConnected: () => connected,
  }
}
