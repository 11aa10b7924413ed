/**
 * What the sandbox's page and its server say to each other: JSON over HTTP on loopback, one snapshot of everything, and
 * server-sent events that say when to fetch it again.
 *
 * - GET  /api/state            → Snapshot
 * - GET  /api/events           → text/event-stream: `event: changed`, data {"version": number}, at most ~10 a second
 * - POST /api/act   ActRequest → ActResult            a person does something in Slack
 * - POST /api/control ControlRequest → ControlResult  somebody turns a knob of the sandbox
 * - GET  /                     → an empty `<div id="app">` with /assets/app.css and the module /assets/app.js, which
 *   `build-ui.mjs` bundles from ui/main.tsx (import the CSS there). The content security policy allows scripts, styles,
 *   fonts and connections of this origin only, images also from data:; no inline script and no `<style>`.
 *
 * POST needs content-type application/json. An act or a knob answers 200 whether it worked or not, with `problem` to show;
 * a request that is refused (another website's, or not of these shapes) answers 4xx with the same body.
 */
import type { JsonObject } from '../slack/json.ts'

export type Snapshot = {
  /** Grows with every change. */
  readonly version: number
  readonly workspace: {
    readonly name: string
    readonly botUserId: string
    readonly appName: string
    readonly botUrl: string
  }
  readonly commands: readonly { readonly command: string; readonly description: string; readonly usageHint: string }[]
  readonly homeTab: boolean
  readonly people: readonly PagePerson[]
  readonly channels: readonly PageChannel[]
  /** Standing and ephemeral messages of all channels and app DMs, oldest first; deleted ones are left out. */
  readonly messages: readonly PageMessage[]
  /** Open modals, bottom first, of every person; and their Home view if one was published. */
  readonly modals: Readonly<Record<string, readonly PageView[]>>
  readonly homes: Readonly<Record<string, PageView>>
  readonly control: ControlState
}

export type PagePerson = {
  readonly id: string
  readonly name: string
  readonly realName: string
  /** manager, admin, employee, guest, deactivated, stranger, bot: how the switch labels them. */
  readonly role: string
  /** False for those who can't be acted as (deactivated, bots). */
  readonly canAct: boolean
}

export type PageChannel = {
  readonly id: string
  readonly kind: 'channel' | 'private' | 'app_dm'
  /** Without `#`; the person's name for an app DM. */
  readonly name: string
  readonly members: readonly string[]
  readonly isArchived: boolean
}

export type PageMessage = {
  readonly channelId: string
  readonly ts: string
  readonly userId: string
  readonly text: string
  readonly blocks: readonly JsonObject[]
  readonly edited: boolean
  /** Only this person sees it. */
  readonly ephemeralTo: string | null
}

export type PageView = {
  readonly id: string
  readonly hash: string
  /** The view as the app sent it: type, title, submit, close, blocks … */
  readonly view: JsonObject
  /** block id → action id → Slack's state value. */
  readonly values: JsonObject
  /** block id → what is wrong with it. */
  readonly errors: Readonly<Record<string, string>>
  /** Slack's own failure banner, such as "We had some trouble connecting. Try again?" */
  readonly failure: string | null
}

export type ActRequest = { readonly as: string } & (
  | { readonly do: 'command'; readonly channelId: string; readonly command: string; readonly text: string }
  | { readonly do: 'say'; readonly channelId: string; readonly text: string }
  | {
      readonly do: 'press'
      readonly target: 'modal' | 'home' | { readonly channelId: string; readonly ts: string }
      readonly actionId: string
    }
  | {
      readonly do: 'choose'
      readonly target: 'modal' | 'home' | { readonly channelId: string; readonly ts: string }
      readonly actionId: string
      readonly value: string | readonly string[] | null
    }
  | {
      readonly do: 'type'
      readonly target: 'modal' | 'home' | { readonly channelId: string; readonly ts: string }
      readonly actionId: string
      readonly text: string
      /** Whether Enter was pressed at its end. */
      readonly enter: boolean
    }
  | { readonly do: 'submit' | 'close' | 'openHome' }
)

/** `problem`: what the person sees go wrong, such as "/verify failed because the app did not respond". */
export type ActResult = { readonly ok: boolean; readonly problem: string | null }

export type ControlState = {
  readonly botRunning: boolean
  /** UTC ms of the sandbox's clock, and how far it is ahead of the real one. */
  readonly now: number
  readonly aheadMs: number
  readonly scene: SceneName
  /** While a scene is being set up: the snapshot shows it growing, and nobody else may act. */
  readonly settingUp: boolean
  readonly moods: { readonly slack: Mood; readonly easyfreelance: Mood }
  readonly returnUrlApproved: boolean
  readonly sessions: readonly PageSession[]
  /** Both sides' calls, newest last, at most 300. */
  readonly calls: readonly PageCall[]
}

export type Mood = 'well' | 'slow' | 'rate_limited' | 'failing' | 'hanging' | 'losing_answers' | 'down'

export type PageSession = {
  readonly id: string
  readonly employeeName: string
  /** The Slack user it belongs to, where known. */
  readonly userId: string | null
  readonly provider: string
  readonly idType: string | null
  readonly status: string
  readonly opened: boolean
  readonly startedAt: number
  readonly expiresAt: number
}

export type PageCall = {
  readonly number: number
  readonly side: 'slack' | 'easyfreelance'
  readonly at: number
  /** `chat.postMessage`, or `POST start`. */
  readonly name: string
  readonly outcome: string
  readonly durationMs: number
  /** Session it belongs to, where known: for filtering by verification. */
  readonly sessionId: string | null
  /** Secrets masked. */
  readonly request: unknown
  readonly answer: unknown
}

export type SceneName = 'empty' | 'busy_monday' | 'on_fire'

export type ControlRequest =
  /** To one hour on; right to the nearest deadline; past it. */
  | { readonly do: 'forward'; readonly to: 'hour' | 'deadline' | 'past_deadline' }
  | { readonly do: 'mood'; readonly side: 'slack' | 'easyfreelance'; readonly mood: Mood }
  | { readonly do: 'return_url'; readonly approved: boolean }
  | { readonly do: 'kill' | 'restart' }
  | { readonly do: 'decide'; readonly sessionId: string; readonly status: string }
  /** Starts over: everything is thrown away and the scene is set up. */
  | { readonly do: 'scene'; readonly scene: SceneName }

export type ControlResult = { readonly ok: boolean; readonly problem: string | null }
