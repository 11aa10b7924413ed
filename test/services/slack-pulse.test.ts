import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SocketModeReceiver } from '@slack/bolt'
import { expect, it, type TestContext } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { makeAcksFirst } from '../../src/services/acks-first.ts'
import { slackLogger } from '../../src/services/slack-logger.ts'
import { makeSlackReceiver } from '../../src/slack-receiver.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'

type Context = Pick<TestContext, 'onTestFinished'>

/** As much of Slack as Socket Mode needs, and a say in what it answers: the first socket may get no answer at all, ever. */
async function openSlack({ onTestFinished }: Context, { deafTo = 0 } = {}) {
  let asked = 0
  const http = createServer((_request, response) => {
    const { port } = http.address() as AddressInfo
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ ok: true, url: `ws://127.0.0.1:${port}/link` }))
  })
  const sockets = new WebSocketServer({ noServer: true, autoPong: false })
  http.on('upgrade', (request, socket, head) => {
    asked += 1
    if (asked > deafTo) sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request))
    else onTestFinished(() => void socket.destroy())
  })
  let answers = true
  let pings = 0
  const connected = new Promise<WebSocket>((resolve) => {
    sockets.on('connection', (socket) => {
      socket.on('ping', (data) => {
        pings += 1
        if (answers) socket.pong(data)
      })
      socket.send(JSON.stringify({ type: 'hello', num_connections: 1, connection_info: { app_id: 'A1' } }))
      resolve(socket)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  onTestFinished(() => {
    for (const socket of sockets.clients) socket.terminate()
    http.closeAllConnections()
    http.close()
  })
  return {
    apiUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}/api/`,
    connected,
    pings: () => pings,
    asked: () => asked,
    fallSilent: () => {
      answers = false
    },
  }
}

async function connect({ onTestFinished }: Context, apiUrl: string) {
  let elapsed = 0
  const { log } = makeRecordingLog()
  const acks = makeAcksFirst()
  const deps = { clientOptions: { slackApiUrl: apiUrl }, logger: slackLogger(log), log, acks, timeOfDay: Date.now }
  const times = { elapsed: () => elapsed, connectWithinMs: 1000 }
  const receiver = makeSlackReceiver({ mode: 'socket', appToken: 'xapp-1' }, { ...deps, ...times })
  await receiver.connect()
  const { client } = receiver.receiver as SocketModeReceiver
  onTestFinished(() => void receiver.disconnect())
  return {
    ...receiver,
    tellOfAnEnd: () => void client.emit('close'),
    pass: (ms: number) => {
      elapsed += ms
    },
  }
}

it.concurrent('a connection whose other end answers pings is up; one that is cut without a word is not, though it looks open', async (context) => {
  const slack = await openSlack(context)
  const bot = await connect(context, slack.apiUrl)
  const other = await openSlack(context)
  await connect(context, other.apiUrl)
  const socket = await slack.connected
  expect(bot.isConnected()).toBe(true)
  bot.pass(14_000)
  // Slack's library asks every two seconds; the first answer is surely there when it asks again.
  await once(socket, 'ping')
  await once(socket, 'ping')
  bot.pass(14_000)
  expect(bot.isConnected()).toBe(true)
  slack.fallSilent()
  // By then every answer that was on its way has come.
  await once(socket, 'ping')
  const before = other.pings()
  bot.pass(15_001)
  // A sign of life of somebody else's connection is none of ours.
  await expect.poll(() => other.pings(), { timeout: 10_000 }).toBeGreaterThan(before)
  expect(socket.readyState).toBe(socket.OPEN)
  expect(bot.isConnected()).toBe(false)
})

it.concurrent('a socket that is asked for and never answered is given up for a new one, which stays up', async (context) => {
  const slack = await openSlack(context, { deafTo: 1 })
  const bot = await connect(context, slack.apiUrl)
  expect(bot.isConnected()).toBe(true)
  expect(slack.asked()).toBeGreaterThan(1)
  // The library may tell of the end of the old one long after the new one is open.
  bot.tellOfAnEnd()
  expect(bot.isConnected()).toBe(true)
})
