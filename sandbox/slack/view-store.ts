import { randomBytes } from 'node:crypto'
import { withIds } from './block-walk.ts'
import { acceptView, type Known } from './check-blocks.ts'
import { type JsonObject, objectsIn, textIn } from './json.ts'
import type { EventLog } from './slack-events.ts'
import { invalidArguments, SlackRefusal } from './slack-refusal.ts'
import { type StateValues, stateOf } from './view-state.ts'

/** docs.slack.dev/surfaces/modals: "A modal can hold up to 3 views at a time". */
const STACK_LIMIT = 3

/** A modal or Home view as it stands for one person. */
export type View = {
  id: string
  type: 'modal' | 'home'
  userId: string
  /** What the app sent, with the ids Slack fills in. */
  definition: JsonObject
  blocks: JsonObject[]
  state: StateValues
  hash: string
  rootId: string
  previousId: string | null
  /** False once it is closed, cleared or replaced. */
  open: boolean
  /** The errors shown under the fields, by block id. */
  errors: Record<string, string>
}

export type ViewSnapshot = View

export type ViewStore = ReturnType<typeof makeViewStore>

type Ids = { teamId: string; appId: string; botId: string }

/** Modals (a stack for each person) and Home views. */
export function makeViewStore(deps: { now: () => number; events: EventLog; known: Known; ids: Ids }) {
  const { now, events, known, ids } = deps
  const views = new Map<string, View>()
  const stacks = new Map<string, View[]>()
  const homes = new Map<string, View>()
  let count = 0

  const newHash = () => `${Math.floor(now() / 1000)}.${randomBytes(4).toString('hex')}`
  const newBlockId = () => randomBytes(3).toString('base64url')
  const stackOf = (userId: string): View[] => stacks.get(userId) ?? []
  const externalId = (view: View) => textIn(view.definition.external_id)

  function refuseDuplicate(definition: JsonObject, except?: View): void {
    const wanted = textIn(definition.external_id)
    const taken = [...views.values()].some((view) => view.open && view !== except && externalId(view) === wanted)
    if (wanted !== '' && taken) throw new SlackRefusal('duplicate_external_id')
  }

  function make(userId: string, type: View['type'], definition: JsonObject, below?: View): View {
    count += 1
    const id = `V${String(count).padStart(8, '0')}`
    const blocks = withIds(objectsIn(definition.blocks), newBlockId)
    const place = { rootId: below?.rootId ?? id, previousId: below?.id ?? null }
    const content = { definition, blocks, state: stateOf(blocks), hash: newHash(), errors: {} }
    const view: View = { id, type, userId, ...content, ...place, open: true }
    views.set(id, view)
    return view
  }

  function shut(view: View): void {
    view.open = false
    stacks.set(
      view.userId,
      stackOf(view.userId).filter((each) => each !== view),
    )
    events.emit({ type: 'view_closed', view: structuredClone(view) })
  }

  function change(view: View, definition: JsonObject): View {
    const blocks = withIds(objectsIn(definition.blocks), newBlockId)
    const state = stateOf(blocks, view.state)
    Object.assign(view, { definition, blocks, state, hash: newHash(), errors: {} })
    events.emit({ type: view.type === 'home' ? 'home_published' : 'view_updated', view: structuredClone(view) })
    return view
  }

  const modal = (definition: unknown) => acceptView(definition, 'modal', known)

  return {
    views,
    top: (userId: string): View | undefined => stackOf(userId).at(-1),
    home: (userId: string): View | undefined => homes.get(userId),
    check: modal,
    /** A new modal; one that is already open for this person gives way. */
    open(userId: string, definition: unknown): View {
      const accepted = modal(definition)
      refuseDuplicate(accepted)
      for (const view of [...stackOf(userId)].reverse()) shut(view)
      const view = make(userId, 'modal', accepted)
      stacks.set(userId, [view])
      events.emit({ type: 'view_opened', view: structuredClone(view) })
      return view
    },
    push(userId: string, definition: unknown): View {
      const accepted = modal(definition)
      refuseDuplicate(accepted)
      const stack = stackOf(userId)
      if (stack.length === 0) throw invalidArguments('there is no open modal to push onto')
      if (stack.length >= STACK_LIMIT) throw new SlackRefusal('push_limit_reached')
      const view = make(userId, 'modal', accepted, stack.at(-1))
      stacks.set(userId, [...stack, view])
      events.emit({ type: 'view_opened', view: structuredClone(view) })
      return view
    },
    /** Finds by one of the two ids, compares the hash where one is given, and shows the new definition. */
    update(which: { viewId: string; externalId: string; hash: string }, definition: unknown): View {
      if (which.viewId !== '' && which.externalId !== '')
        throw invalidArguments('Cannot provide both `view_id` and `external_id`')
      const found = [...views.values()].find(
        (view) => view.open && (which.viewId ? view.id === which.viewId : externalId(view) === which.externalId),
      )
      if (found === undefined) throw new SlackRefusal('not_found')
      const accepted = acceptView(definition, found.type, known)
      if (which.hash !== '' && which.hash !== found.hash) throw new SlackRefusal('hash_conflict')
      refuseDuplicate(accepted, found)
      return change(found, accepted)
    },
    publish(userId: string, definition: unknown, hash: string): View {
      const accepted = acceptView(definition, 'home', known)
      const before = homes.get(userId)
      if (before === undefined) {
        refuseDuplicate(accepted)
        const view = make(userId, 'home', accepted)
        homes.set(userId, view)
        events.emit({ type: 'home_published', view: structuredClone(view) })
        return view
      }
      if (hash !== '' && hash !== before.hash) throw new SlackRefusal('hash_conflict')
      refuseDuplicate(accepted, before)
      return change(before, accepted)
    },
    change,
    close: shut,
    closeAll(userId: string): void {
      for (const view of [...stackOf(userId)].reverse()) shut(view)
    },
    showErrors(view: View, errors: Record<string, string>): void {
      view.errors = errors
      events.emit({ type: 'view_errors', view: structuredClone(view), errors })
    },
    /** The view object of answers and payloads. docs.slack.dev/reference/methods/views.open */
    asSent(view: View): JsonObject {
      const { definition, blocks, state } = structuredClone(view)
      return {
        id: view.id,
        team_id: ids.teamId,
        type: view.type,
        blocks,
        private_metadata: textIn(definition.private_metadata),
        callback_id: textIn(definition.callback_id),
        state: { values: state },
        hash: view.hash,
        title: definition.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
        clear_on_close: definition.clear_on_close === true,
        notify_on_close: definition.notify_on_close === true,
        close: definition.close ?? null,
        submit: definition.submit ?? null,
        previous_view_id: view.previousId,
        root_view_id: view.rootId,
        app_id: ids.appId,
        external_id: externalId(view),
        app_installed_team_id: ids.teamId,
        bot_id: ids.botId,
      }
    },
  }
}
