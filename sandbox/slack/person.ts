import { findElement, type Placed } from './block-walk.ts'
import { chosen, clientErrors, composed, type Entered, NotOffered, typed } from './client-rules.ts'
import { type Ack, type Deliveries, messageInAck } from './deliveries.ts'
import { failureOf, type Interaction, type Interactions } from './interactions.ts'
import { textIn } from './json.ts'
import type { Message } from './messages.ts'
import { commandPayload, eventPayload, type Place } from './payloads.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { SubmitResult } from './submission-answer.ts'
import { type StateValues, stateOf } from './view-state.ts'
import type { View, ViewSnapshot } from './view-store.ts'
import type { Workspace } from './workspace.ts'
import type { Channel } from './world.ts'

/** What a person sees after a slash command: the app's immediate answer, if any, or the failure. */
export type CommandResult = {
  acked: boolean
  /** The text of the message the ack itself carried. */
  text?: string
  message?: Message
  error?: string
}

/** A message is named by itself (as seen) or by channel and ts; views by their kind. */
export type Target = 'modal' | 'home' | { channelId: string; ts: string; blocks?: Message['blocks'] }

export type PressOptions = {
  /** Say no in the confirmation dialog. */
  decline?: boolean
  /** Press what the given snapshot showed, although the message has changed since. */
  stale?: boolean
}

export type PersonDriver = {
  readonly id: string
  /** Types a slash command in a channel (the DM with the app where none is named). */
  command(command: string, text?: string, options?: { channelId?: string }): Promise<CommandResult>
  /** Posts a plain message as this person. */
  say(channelId: string, text: string): Message
  /** The modal on top, or undefined. */
  view(): ViewSnapshot | undefined
  /** The published Home view, or undefined. */
  home(): ViewSnapshot | undefined
  /** Chooses in a select, radio group, checkbox group or date picker; null clears. Resolves after the ack. */
  choose(actionId: string, value: string | readonly string[] | null, target?: Target): Promise<Interaction>
  /** Types into an input and presses Enter. */
  type(actionId: string, text: string, target?: Target): Promise<Interaction>
  /** Types into an input and leaves it at that. */
  write(actionId: string, text: string, target?: Target): Promise<Interaction>
  submit(): Promise<SubmitResult>
  /** Cancels the modal on top. */
  close(): Promise<void>
  press(target: Target, actionId: string, options?: PressOptions): Promise<Interaction>
  /** The id of the DM with the app. */
  dm(): string
  /** What stands in the DM with the app, oldest first. */
  inbox(): Message[]
  /** Messages and own ephemerals of a channel, oldest first; nothing where this person cannot look. */
  sees(channelId: string): Message[]
  /** Opens the app's Home tab: `app_home_opened`, if the manifest subscribes to it. */
  openHome(): Promise<Ack | undefined>
}

type Found = { place: Place; placed: Placed; state: StateValues }

/** Drives Slack's client as one person. */
export function makePerson(
  userId: string,
  deps: { workspace: Workspace; deliveries: Deliveries; interactions: Interactions },
): PersonDriver {
  const { workspace, deliveries, interactions } = deps
  const { world, views, messages, manifest, responseUrls, violation } = workspace

  function mustSee(channelId: string): Channel {
    const channel = world.channels.get(channelId)
    if (channel === undefined || !world.canSee(userId, channel))
      throw new NotOffered(`${userId} cannot see ${channelId}`)
    return channel
  }

  function topView(): View {
    const view = views.top(userId)
    if (view === undefined) throw new NotOffered(`${userId} has no modal open`)
    return view
  }

  function placed(blocks: readonly Message['blocks'][number][], actionId: string, where: string): Placed {
    const found = findElement(blocks, actionId)
    if (found === undefined) throw new NotOffered(`there is no ${actionId} in ${where}`)
    return found
  }

  function find(target: Target, actionId: string, stale: boolean): Found {
    if (target === 'modal' || target === 'home') {
      const view = target === 'modal' ? topView() : views.home(userId)
      if (view === undefined) throw new NotOffered(`${userId} has no Home view`)
      return { place: { view }, placed: placed(view.blocks, actionId, target), state: view.state }
    }
    const channel = mustSee(target.channelId)
    const message = messages.find(target.channelId, target.ts)
    const hidden = message?.ephemeralTo !== undefined && message.ephemeralTo !== userId
    if (message === undefined || hidden || (message.deleted && !stale))
      throw new NotOffered(`${userId} sees no message ${target.ts} in ${target.channelId}`)
    const shown = stale ? { ...message, blocks: target.blocks ?? message.blocks } : message
    return {
      place: { message: shown, channel },
      placed: placed(shown.blocks, actionId, `message ${target.ts}`),
      state: stateOf(shown.blocks),
    }
  }

  function afterCommand(ack: Ack, channelId: string): CommandResult {
    const error = failureOf(ack)
    if (error !== undefined) return { acked: false, error }
    const body = messageInAck(ack.outcome === 'acked' ? ack.body : undefined)
    if (body === undefined) return { acked: true }
    try {
      const message = structuredClone(responseUrls.show({ userId, channelId }, body))
      return { acked: true, text: message.text, message }
    } catch (refusal) {
      if (!(refusal instanceof SlackRefusal)) throw refusal
      violation(refusal.code, `the answer to a command was refused: ${JSON.stringify(refusal.details)}`)
      return { acked: true, error: refusal.code }
    }
  }

  async function enter(actionId: string, text: string, target: Target, entered: Entered): Promise<Interaction> {
    const { place, placed: at, state } = find(target, actionId, false)
    return interactions.change(userId, place, at, state, { value: typed(at.element, text), entered })
  }

  const snapshot = (view: View | undefined): ViewSnapshot | undefined => view && structuredClone(view)

  return {
    id: userId,
    async command(command, text = '', { channelId } = {}) {
      const known = manifest.commands.get(command)
      if (known === undefined) throw new NotOffered(`${command} is not a command of this app`)
      if (!manifest.scopes.has('commands')) throw new NotOffered('the manifest lacks the scope `commands`')
      const channel = channelId === undefined ? world.openAppDm(userId) : mustSee(channelId)
      if (world.people.get(userId)?.deleted) throw new NotOffered(`${userId} is deactivated`)
      if (world.people.get(userId)?.isStranger) throw new NotOffered('members of another organisation have no commands')
      const wire = composed(text.trim(), known.shouldEscape, world)
      const payload = commandPayload(workspace, { userId, channel, command, text: wire })
      return afterCommand(await deliveries.deliver('command', payload), channel.id)
    },
    say: (channelId, text) =>
      structuredClone(messages.post({ channelId: mustSee(channelId).id, userId, text, blocks: [] })),
    view: () => snapshot(views.top(userId)),
    home: () => snapshot(views.home(userId)),
    async choose(actionId, value, target = 'modal') {
      const { place, placed: at, state } = find(target, actionId, false)
      return interactions.change(userId, place, at, state, {
        value: chosen(at.element, value, world),
        entered: 'chosen',
      })
    },
    type: (actionId, text, target = 'modal') => enter(actionId, text, target, 'typed_and_enter'),
    write: (actionId, text, target = 'modal') => enter(actionId, text, target, 'typed'),
    async submit() {
      const view = topView()
      if (view.definition.submit === undefined) throw new NotOffered('this modal has no submit button')
      const errors = clientErrors(view)
      if (Object.keys(errors).length === 0) return interactions.submit(view)
      views.showErrors(view, errors)
      return { errors, byClient: true }
    },
    close: () => interactions.close(topView()),
    async press(target, actionId, { decline = false, stale = false } = {}) {
      const { place, placed: at, state } = find(target, actionId, stale)
      if (at.element.type !== 'button')
        throw new NotOffered(`${actionId} is a ${textIn(at.element.type)}, not a button`)
      if (decline && at.element.confirm === undefined) throw new NotOffered(`${actionId} does not ask for confirmation`)
      if (decline) return { dispatched: false, acked: false }
      return interactions.press(userId, place, at, state)
    },
    dm: () => world.appDmId(userId),
    inbox: () => structuredClone(messages.standingIn(world.appDmId(userId))),
    sees(channelId) {
      const channel = world.channels.get(channelId)
      if (channel === undefined || !world.canSee(userId, channel)) return []
      const visible = messages.all.filter(
        (each) =>
          each.channelId === channelId &&
          !each.deleted &&
          (each.ephemeralTo === undefined || each.ephemeralTo === userId),
      )
      return structuredClone(visible)
    },
    async openHome() {
      if (!manifest.homeTab) throw new NotOffered('the manifest has no Home tab')
      const channel = world.openAppDm(userId).id
      if (!manifest.events.has('app_home_opened')) return undefined
      const view = views.home(userId)
      const event = { type: 'app_home_opened', user: userId, channel, tab: 'home' }
      const withView = view === undefined ? event : { ...event, view: views.asSent(view) }
      return deliveries.deliver('event', eventPayload(workspace, withView))
    },
  }
}
