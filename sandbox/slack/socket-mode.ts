import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { isObject, parsedJson, textIn } from './json.ts'
import type { EventLog } from './slack-events.ts'

/** docs.slack.dev/apis/events-api/using-socket-mode: at most 10 connections for one app. */
const MOST_CONNECTIONS = 10

type Waiting = { socket: WebSocket; acked: (body: unknown) => void; lost: () => void; takesBody: boolean }

export type SocketMode = ReturnType<typeof makeSocketMode>

/** Slack's end of Socket Mode: tickets, hello, envelopes out, acks in. */
export function makeSocketMode(deps: {
  appId: string
  events: EventLog
  violation: (kind: string, detail: string) => void
}) {
  const { appId, events, violation } = deps
  const server = new WebSocketServer({ noServer: true })
  const tickets = new Set<string>()
  const open: WebSocket[] = []
  const waiting = new Map<string, Waiting>()
  const done = new Set<string>()
  let turn = 0

  function receive(data: string): void {
    const ack = parsedJson(data)
    const id = isObject(ack) ? textIn(ack.envelope_id) : ''
    const waits = waiting.get(id)
    if (!isObject(ack) || waits === undefined) {
      violation(done.has(id) ? 'double_ack' : 'unknown_envelope', `a socket answered ${data.slice(0, 200)}`)
      return
    }
    waiting.delete(id)
    done.add(id)
    const empty = ack.payload === undefined || (isObject(ack.payload) && Object.keys(ack.payload).length === 0)
    if (!empty && !waits.takesBody) violation('unexpected_ack_body', `an envelope that takes no answer got ${data}`)
    waits.acked(empty ? undefined : ack.payload)
  }

  function gone(socket: WebSocket): void {
    const index = open.indexOf(socket)
    if (index < 0) return
    open.splice(index, 1)
    for (const [id, waits] of waiting) {
      if (waits.socket !== socket) continue
      waiting.delete(id)
      waits.lost()
    }
    events.emit({ type: 'connections', count: open.length })
  }

  function welcome(socket: WebSocket): void {
    socket.on('error', () => gone(socket))
    if (open.length >= MOST_CONNECTIONS) {
      socket.send(JSON.stringify({ type: 'disconnect', reason: 'too_many_websockets' }))
      socket.close()
      return
    }
    open.push(socket)
    socket.on('close', () => gone(socket))
    socket.on('message', (data) => receive(data.toString()))
    socket.send(
      JSON.stringify({
        type: 'hello',
        num_connections: open.length,
        connection_info: { app_id: appId },
        debug_info: { host: 'stand-in', approximate_connection_time: 3600 },
      }),
    )
    events.emit({ type: 'connections', count: open.length })
  }

  return {
    /** A ticket for one connection, as in the URL of apps.connections.open. */
    newTicket(): string {
      const ticket = randomBytes(16).toString('hex')
      tickets.add(ticket)
      return ticket
    },
    upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
      const ticket = new URL(request.url ?? '/', 'http://loopback').searchParams.get('ticket') ?? ''
      if (!tickets.delete(ticket)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
        return
      }
      server.handleUpgrade(request, socket, head, welcome)
    },
    connections: (): number => open.length,
    /** Gives an envelope to the next open connection; false when there is none. */
    send(raw: string, on: { acked: (body: unknown) => void; lost: () => void }): boolean {
      const socket = open[turn % Math.max(open.length, 1)]
      const envelope = parsedJson(raw)
      if (socket === undefined || !isObject(envelope)) return false
      turn += 1
      const id = textIn(envelope.envelope_id)
      done.delete(id)
      waiting.set(id, { socket, ...on, takesBody: envelope.accepts_response_payload === true })
      socket.send(raw)
      return true
    },
    /** Bytes that are no envelope, to every connection. */
    sendRaw(data: string): void {
      for (const socket of open) socket.send(data)
    },
    /** Asks every client to come back, as Slack does every few hours. */
    disconnect(reason: 'warning' | 'refresh_requested' | 'link_disabled' = 'refresh_requested'): void {
      for (const socket of open) socket.send(JSON.stringify({ type: 'disconnect', reason, debug_info: {} }))
    },
    /** Cuts every connection without a word. */
    drop(): void {
      for (const socket of [...open]) socket.terminate()
    },
    stop(): void {
      for (const socket of [...open]) socket.terminate()
      server.close()
    },
  }
}
