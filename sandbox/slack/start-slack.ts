import { randomBytes } from 'node:crypto'
import type { Call } from './call-log.ts'
import { makeDeliveries } from './deliveries.ts'
import { makeFaults } from './faults.ts'
import { makeHttpServer } from './http-server.ts'
import { makeInteractions } from './interactions.ts'
import { textIn } from './json.ts'
import { readManifest } from './manifest.ts'
import { makeMessageStore } from './messages.ts'
import { eventPayload } from './payloads.ts'
import { makePerson } from './person.ts'
import { makeRateLimits } from './rate-limits.ts'
import { makeResponseUrls } from './response-urls.ts'
import { makeEventLog, type Violation } from './slack-events.ts'
import type { SlackOptions, SlackStandIn } from './slack-options.ts'
import { makeSocketMode } from './socket-mode.ts'
import { makeTriggers } from './triggers.ts'
import { makeViewStore } from './view-store.ts'
import { makeWebApi } from './web-api.ts'
import type { Rules, Workspace } from './workspace.ts'
import { makeWorld } from './world.ts'

const secret = (bytes = 16) => randomBytes(bytes).toString('hex')

const TEAM = { teamId: 'T0SANDBOX', teamDomain: 'sandbox', teamName: 'Sandbox', appId: 'A0SANDBOX' }

/** Starts a stand-in for Slack: its Web API, Socket Mode, signed HTTP deliveries and the people who use it. */
export async function startSlack(options: SlackOptions): Promise<SlackStandIn> {
  const { now = Date.now, port = 0, delivery = 'socket', limitScale: scale = 10, limits: own = {} } = options
  const tokens = { botToken: `xoxb-${secret()}`, appToken: `xapp-1-${secret()}` }
  const signingSecret = secret()
  const ids = { ...TEAM, botId: 'B0SANDBOX', botUserId: 'U0SANDBOXBOT', verificationToken: secret(12) }
  const manifest = readManifest(options.manifest)
  const rules: Rules = { editWindowClosed: false, triggerErrors: 'method' }
  const calls: Call[] = []
  const violations: Violation[] = []
  let host = ''

  const events = makeEventLog(now)
  const violation = (kind: string, detail: string) => {
    const found = { at: now(), kind, detail }
    violations.push(found)
    events.emit({ type: 'violation', violation: found })
  }
  const world = makeWorld({ botUserId: ids.botUserId, botName: manifest.botName })
  const known = { user: (id: string) => world.people.has(id), conversation: (id: string) => world.channels.has(id) }
  const messages = makeMessageStore({ now, events })
  const views = makeViewStore({ now, events, known, ids })
  const triggers = makeTriggers(now, () => rules.triggerErrors)
  const baseUrl = () => `http://${host}`
  const responseUrls = makeResponseUrls({ now, messages, known, botUserId: ids.botUserId, baseUrl, violation })
  const socket = makeSocketMode({ appId: ids.appId, events, violation })
  const socketUrl = () => `ws://${options.socketHost ?? host}/link/`
  const shown = { world, known, messages, views, triggers, responseUrls, socket, events }
  const workspace: Workspace = { now, ids, manifest, rules, ...shown, violation, socketUrl }

  const limits = makeRateLimits({ now, scale, limits: own })
  const faults = makeFaults()
  const api = makeWebApi({ workspace, tokens, limits })
  const server = makeHttpServer({ workspace, api, faults, calls })
  const { signingNow = Date.now } = options
  const deliveries = makeDeliveries({ now, signingNow, events, signingSecret, socket, target: delivery, violation })
  const interactions = makeInteractions(workspace, deliveries)
  const changed = <T>(value: T): T => {
    events.emit({ type: 'world_changed' })
    return value
  }

  for (const person of options.people ?? []) world.addPerson(person)
  for (const channel of options.channels ?? []) world.addChannel(channel)
  for (const [id, members] of Object.entries(options.usergroups ?? {})) world.usergroups.set(id, [...members])
  host = `127.0.0.1:${await server.listen(port)}`

  return {
    apiUrl: `${baseUrl()}/api/`,
    ...tokens,
    signingSecret,
    teamId: ids.teamId,
    botUserId: ids.botUserId,
    botId: ids.botId,
    appId: ids.appId,
    async stop() {
      events.stop()
      deliveries.stop()
      socket.stop()
      await server.stop()
    },
    addPerson: (person) => changed(world.addPerson(person)),
    updatePerson: (userId, change) => changed(world.updatePerson(userId, change)),
    people: () => structuredClone([...world.people.values()]),
    addChannel: (channel) => changed(world.addChannel(channel)),
    channels: () => structuredClone([...world.channels.values()]),
    setUsergroup: (id, members) => changed(void world.usergroups.set(id, [...members])),
    commands: () =>
      [...manifest.commands].map(([command, { description, usageHint }]) => ({ command, description, usageHint })),
    person(userId) {
      if (!world.people.has(userId)) throw new Error(`There is no person ${userId} in this workspace`)
      return makePerson(userId, { workspace, deliveries, interactions })
    },
    messages: (channelId) =>
      structuredClone(messages.all.filter((each) => channelId === undefined || each.channelId === channelId)),
    views: () => structuredClone([...views.views.values()]),
    calls,
    violations,
    deliveries: deliveries.log,
    on: events.on,
    until: events.until,
    setDelivery: deliveries.setTarget,
    deliver: deliveries.deliver,
    replay: deliveries.replay,
    async sendEvent(event, retry) {
      const type = textIn(event.type)
      if (!manifest.events.has(type)) throw new Error(`The manifest does not subscribe to ${type}`)
      return deliveries.deliver('event', eventPayload(workspace, event), retry ? { retry } : {})
    },
    sslCheck: deliveries.sslCheck,
    connections: socket.connections,
    disconnect: socket.disconnect,
    drop: socket.drop,
    fault: faults.add,
    clearFaults: faults.clear,
    setLimit: limits.setLimit,
    lagHistory: messages.lagHistory,
    rules,
  }
}
