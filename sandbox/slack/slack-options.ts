import type { Call } from './call-log.ts'
import type { Ack, DeliverOptions, Delivery, DeliveryKind, DeliveryTarget, Retry } from './deliveries.ts'
import type { Fault } from './faults.ts'
import type { JsonObject } from './json.ts'
import type { Message } from './messages.ts'
import type { PersonDriver } from './person.ts'
import type { Limit } from './rate-limits.ts'
import type { SlackEvent, UntilOptions, Violation } from './slack-events.ts'
import type { ViewSnapshot } from './view-store.ts'
import type { Rules } from './workspace.ts'
import type { Channel, NewChannel, NewPerson, Person } from './world.ts'

export type SlackOptions = {
  /** `manifest.yml`, parsed: its scopes, commands, events and tabs are what the app has. */
  manifest: object
  /** The workspace's clock, in ms. Only the 3 s for an ack and the delays of faults use real time. */
  now?: () => number
  /** What stamps signed deliveries: the real clock, unless the app's own clock is another. */
  signingNow?: () => number
  port?: number
  /** `socket` where not said. */
  delivery?: DeliveryTarget
  people?: readonly NewPerson[]
  channels?: readonly NewChannel[]
  /** User group id → members. */
  usergroups?: Readonly<Record<string, readonly string[]>>
  /** Limits of single methods, instead of the documented tiers. */
  limits?: Readonly<Record<string, Limit>>
  /** By how much the documented rate limits are multiplied: 10 where not said, 1 is Slack's own. */
  limitScale?: number
  /** Host and port at which apps open their sockets, where that is not the stand-in itself. */
  socketHost?: string
}

/** A strict stand-in for Slack on loopback. */
export type SlackStandIn = {
  /** `http://127.0.0.1:PORT/api/` */
  readonly apiUrl: string
  readonly botToken: string
  readonly appToken: string
  readonly signingSecret: string
  readonly teamId: string
  readonly botUserId: string
  readonly botId: string
  readonly appId: string
  stop(): Promise<void>

  addPerson(person: NewPerson): Person
  updatePerson(userId: string, change: Partial<Omit<Person, 'id'>>): Person
  people(): Person[]
  /** The same id again replaces the channel. */
  addChannel(channel: NewChannel): Channel
  channels(): Channel[]
  setUsergroup(id: string, members: readonly string[]): void
  /** The commands of the manifest, for a composer to offer. */
  commands(): { command: string; description: string; usageHint: string }[]

  /** Slack's client in the hands of this person. */
  person(userId: string): PersonDriver

  /** Every message of a channel, oldest first, with its edits; deleted and ephemeral ones too, flagged. */
  messages(channelId?: string): Message[]
  /** Every view that was ever shown, oldest first. */
  views(): ViewSnapshot[]
  readonly calls: readonly Call[]
  readonly violations: readonly Violation[]
  readonly deliveries: readonly Delivery[]
  /** Hears everything from now on; returns the way to stop. */
  on(listener: (event: SlackEvent) => void): () => void
  /** The first truthy value of `look`, asked again after every event. */
  until<T>(look: () => T | undefined | null | false, options?: UntilOptions): Promise<T>

  setDelivery(target: DeliveryTarget): void
  /** Sends a payload as it is, forged or not; its answer changes no view. */
  deliver(kind: DeliveryKind, payload: JsonObject, options?: DeliverOptions): Promise<Ack>
  /** An earlier delivery once more, byte for byte. */
  replay(deliveryId: number): Promise<Ack>
  /** An event the manifest subscribes to; with `retry` it is marked as a repeated attempt. */
  sendEvent(event: JsonObject, retry?: Retry): Promise<Ack>
  /** `ssl_check=1`; the HTTP status answered. */
  sslCheck(): Promise<number>
  /** How many sockets are open. */
  connections(): number
  /** `{ type: 'disconnect', reason }` to every socket. */
  disconnect(reason?: 'warning' | 'refresh_requested' | 'link_disabled'): void
  /** Cuts every socket. */
  drop(): void

  /** Sets a fault; returns the way to lift it. */
  fault(fault: Fault): () => void
  clearFaults(): void
  setLimit(method: string, limit: Limit): void
  /** Keeps new messages out of conversations.history for `forMs`, or until the returned function is called. */
  lagHistory(forMs?: number): () => void
  /** May be changed while running. */
  readonly rules: Rules
}
