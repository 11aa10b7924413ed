import type { Known } from './check-blocks.ts'
import type { JsonObject } from './json.ts'
import type { Manifest } from './manifest.ts'
import type { MessageStore } from './messages.ts'
import type { ResponseUrls } from './response-urls.ts'
import type { EventLog } from './slack-events.ts'
import type { SocketMode } from './socket-mode.ts'
import type { TriggerSpelling, Triggers } from './triggers.ts'
import type { ViewStore } from './view-store.ts'
import type { World } from './world.ts'

/** Rules of the workspace that a test may change while it runs. */
export type Rules = {
  /** The workspace no longer lets anyone edit: chat.update answers `edit_window_closed`. */
  editWindowClosed: boolean
  triggerErrors: TriggerSpelling
}

export type Identity = {
  teamId: string
  teamDomain: string
  teamName: string
  appId: string
  botId: string
  botUserId: string
  verificationToken: string
}

/** Everything the Web API methods and the people act on. */
export type Workspace = {
  now: () => number
  ids: Identity
  manifest: Manifest
  rules: Rules
  world: World
  known: Known
  messages: MessageStore
  views: ViewStore
  triggers: Triggers
  responseUrls: ResponseUrls
  socket: SocketMode
  events: EventLog
  violation: (kind: string, detail: string) => void
  socketUrl: () => string
}

export type Args = JsonObject
