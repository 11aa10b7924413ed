import { randomUUID } from 'node:crypto'
import { type HttpAnswer, postToApp, signed } from './http-delivery.ts'
import { asciiJson, isObject, type JsonObject, parsedJson } from './json.ts'
import type { EventLog } from './slack-events.ts'
import type { SocketMode } from './socket-mode.ts'

/** docs.slack.dev/interactivity/handling-user-interaction: the app must answer within 3 seconds. */
const ACK_DEADLINE_MS = 3000

export type DeliveryKind = 'command' | 'interaction' | 'event'

/** What became of a delivery. `refused` is an HTTP answer other than 200. */
export type Ack =
  | { outcome: 'acked'; body: unknown; afterMs: number }
  | { outcome: 'timeout' | 'no_connection' | 'connection_lost' }
  | { outcome: 'refused'; status: number }

/** One payload on its way to the app; `raw` and `headers` are exactly what was sent. */
export type Delivery = {
  id: number
  kind: DeliveryKind
  transport: 'socket' | 'http'
  payload: JsonObject
  raw: string
  headers: Record<string, string>
  at: number
  ack?: Ack
  /** An ack that came after the deadline. */
  lateAfterMs?: number
}

/** Where payloads go: over Socket Mode, or signed to a URL. */
export type DeliveryTarget = 'socket' | { url: string }

/** docs.slack.dev/apis/events-api: what marks the second to fourth attempt at an event. */
export type Retry = { num: 1 | 2 | 3; reason: string }

export type DeliverOptions = { retry?: Retry; acceptsResponse?: boolean; headers?: Record<string, string> }

export type Deliveries = ReturnType<typeof makeDeliveries>

const ENVELOPE_TYPE = { command: 'slash_commands', interaction: 'interactive', event: 'events_api' } as const

function formBody(kind: DeliveryKind, payload: JsonObject): { body: string; type: string } {
  const form = 'application/x-www-form-urlencoded'
  if (kind === 'event') return { body: asciiJson(payload), type: 'application/json' }
  if (kind === 'interaction')
    return { body: new URLSearchParams({ payload: asciiJson(payload) }).toString(), type: form }
  const fields = Object.entries(payload).map(([key, value]): [string, string] => [key, String(value)])
  return { body: new URLSearchParams(fields).toString(), type: form }
}

function ackBody(answer: HttpAnswer): unknown {
  if (answer.text === '') return undefined
  return answer.type.includes('json') ? parsedJson(answer.text) : answer.text
}

/** Sends payloads to the app and times its answers. */
export function makeDeliveries(deps: {
  now: () => number
  signingNow: () => number
  events: EventLog
  signingSecret: string
  socket: SocketMode
  target: DeliveryTarget
  violation: (kind: string, detail: string) => void
}) {
  const { now, signingNow, events, signingSecret, socket, violation } = deps
  let target = deps.target
  const log: Delivery[] = []
  const timers = new Set<NodeJS.Timeout>()
  const underWay = new Set<AbortController>()

  function overSocket(delivery: Delivery): Promise<Ack> {
    return new Promise((resolve) => {
      const started = Date.now()
      const sent = socket.send(delivery.raw, {
        acked: (body) => resolve({ outcome: 'acked', body, afterMs: Date.now() - started }),
        lost: () => resolve({ outcome: 'connection_lost' }),
      })
      if (!sent) resolve({ outcome: 'no_connection' })
    })
  }

  async function overHttp(delivery: Delivery, url: string): Promise<Ack> {
    const started = Date.now()
    const abort = new AbortController()
    underWay.add(abort)
    try {
      const answer = await postToApp(url, delivery.headers, delivery.raw, abort.signal)
      const taken = delivery.kind === 'event' ? answer.status >= 200 && answer.status < 300 : answer.status === 200
      if (!taken) return { outcome: 'refused', status: answer.status }
      return { outcome: 'acked', body: ackBody(answer), afterMs: Date.now() - started }
    } catch {
      return { outcome: 'connection_lost' }
    } finally {
      underWay.delete(abort)
    }
  }

  function settle(delivery: Delivery, ack: Ack): void {
    if (delivery.ack === undefined) {
      delivery.ack = ack
      events.emit({ type: 'ack', delivery: { ...delivery } })
      if (ack.outcome === 'timeout') violation('no_ack', `${delivery.kind} #${delivery.id} not acknowledged within 3 s`)
      return
    }
    if (ack.outcome === 'acked') {
      delivery.lateAfterMs = ack.afterMs
      violation('late_ack', `${delivery.kind} #${delivery.id} acknowledged after ${ack.afterMs} ms`)
    }
  }

  function send(delivery: Delivery, url: string | undefined): Promise<Ack> {
    log.push(delivery)
    events.emit({ type: 'delivery', delivery: { ...delivery } })
    return new Promise((resolve) => {
      const finish = (ack: Ack) => {
        clearTimeout(timer)
        timers.delete(timer)
        settle(delivery, ack)
        resolve(delivery.ack ?? ack)
      }
      const timer = setTimeout(() => finish({ outcome: 'timeout' }), ACK_DEADLINE_MS)
      timers.add(timer)
      void (url === undefined ? overSocket(delivery) : overHttp(delivery, url)).then(finish)
    })
  }

  function prepare(kind: DeliveryKind, payload: JsonObject, options: DeliverOptions): Delivery {
    const { retry, acceptsResponse = kind !== 'event' } = options
    const base = { id: log.length + 1, kind, payload, at: now() }
    if (target === 'socket') {
      const attempt = retry && { retry_attempt: retry.num, retry_reason: retry.reason }
      const envelope = { envelope_id: randomUUID(), type: ENVELOPE_TYPE[kind], payload, ...attempt }
      const raw = asciiJson({ ...envelope, accepts_response_payload: acceptsResponse })
      return { ...base, transport: 'socket', raw, headers: {} }
    }
    const { body, type } = formBody(kind, payload)
    const attempt = retry && { 'x-slack-retry-num': String(retry.num), 'x-slack-retry-reason': retry.reason }
    const headers = {
      'content-type': type,
      ...signed(signingSecret, body, signingNow()),
      ...attempt,
      ...options.headers,
    }
    return { ...base, transport: 'http', raw: body, headers }
  }

  return {
    log,
    deliver(kind: DeliveryKind, payload: JsonObject, options: DeliverOptions = {}): Promise<Ack> {
      return send(prepare(kind, payload, options), target === 'socket' ? undefined : target.url)
    },
    /** The same bytes once more: same body, same signature, same timestamp, same envelope. */
    replay(deliveryId: number): Promise<Ack> {
      const first = log.find(({ id }) => id === deliveryId)
      if (first === undefined) throw new Error(`There is no delivery #${deliveryId}`)
      const { kind, transport, payload, raw, headers } = first
      const again: Delivery = { id: log.length + 1, kind, transport, payload, raw, headers, at: now() }
      return send(again, target === 'socket' ? undefined : target.url)
    },
    setTarget(next: DeliveryTarget): void {
      target = next
    },
    /** `ssl_check=1`, unsigned. docs.slack.dev/interactivity/implementing-slash-commands: answer 200. */
    async sslCheck(): Promise<number> {
      if (target === 'socket') throw new Error('ssl_check is sent over HTTP only')
      const headers = { 'content-type': 'application/x-www-form-urlencoded' }
      const answer = await postToApp(
        target.url,
        headers,
        'ssl_check=1&token=none',
        AbortSignal.timeout(ACK_DEADLINE_MS),
      )
      return answer.status
    },
    stop(): void {
      for (const timer of timers) clearTimeout(timer)
      for (const abort of underWay) abort.abort()
    },
  }
}

/** A command's ack may be a text or a message; an empty one says nothing. */
export function messageInAck(body: unknown): JsonObject | undefined {
  if (typeof body === 'string') return body === '' ? undefined : { text: body }
  return isObject(body) && Object.keys(body).length > 0 ? body : undefined
}
