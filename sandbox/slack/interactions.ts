import type { Placed } from './block-walk.ts'
import { dispatches, type Entered, NotOffered } from './client-rules.ts'
import type { Ack, Deliveries } from './deliveries.ts'
import { type JsonObject, textIn } from './json.ts'
import { actionPayload, closedPayload, type Place, submissionPayload } from './payloads.ts'
import { applySubmissionAnswer, type SubmitResult } from './submission-answer.ts'
import { STATEFUL, type StateValues } from './view-state.ts'
import type { View } from './view-store.ts'
import type { Workspace } from './workspace.ts'

/** What a person sees after using an element. */
export type Interaction = {
  /** Whether the app was told. */
  dispatched: boolean
  /** Whether it acknowledged in time. */
  acked: boolean
  error?: string
  /** The address a URL button opens. */
  url?: string
  /** The confirmation dialog that was shown first. */
  confirm?: JsonObject
}

export type Interactions = ReturnType<typeof makeInteractions>

export function failureOf(ack: Ack): string | undefined {
  switch (ack.outcome) {
    case 'acked':
      return undefined
    case 'refused':
      return `http_${ack.status}`
    default:
      return 'operation_timeout'
  }
}

const hasBody = (ack: Ack) => ack.outcome === 'acked' && ack.body !== undefined && ack.body !== ''

/** Turns what people do in messages and views into payloads, and answers into what they see. */
export function makeInteractions(workspace: Workspace, deliveries: Deliveries) {
  const { violation, views, manifest } = workspace

  function needInteractivity(): void {
    if (!manifest.interactive) throw new NotOffered('the manifest has interactivity switched off')
  }

  function report(dispatched: Ack | undefined, element: JsonObject): Interaction {
    const error = dispatched && failureOf(dispatched)
    return {
      dispatched: dispatched !== undefined,
      acked: dispatched?.outcome === 'acked',
      ...(error !== undefined && { error }),
      ...(typeof element.url === 'string' && { url: element.url }),
      ...(element.confirm !== undefined && { confirm: element.confirm as JsonObject }),
    }
  }

  async function sendAction(
    userId: string,
    place: Place,
    { element, block }: Placed,
    state: StateValues,
    held: JsonObject,
  ): Promise<Interaction> {
    needInteractivity()
    const { action_id, type, text, value, url } = element
    const shown = { ...(text !== undefined && { text }), ...(url !== undefined && { url }) }
    const given = { ...(value !== undefined && { value }), ...held }
    const action = { type, action_id, block_id: textIn(block.block_id), ...shown, ...given }
    const payload = actionPayload(workspace, { userId, place, action, state })
    const ack = await deliveries.deliver('interaction', payload, { acceptsResponse: false })
    if (hasBody(ack)) violation('unexpected_ack_body', `block_actions of ${textIn(action_id)} was answered with a body`)
    return report(ack, element)
  }

  return {
    /** A button: nothing is kept. */
    press: (userId: string, place: Place, placed: Placed, state: StateValues): Promise<Interaction> =>
      sendAction(userId, place, placed, state, {}),

    /** A changed value: kept in the state, and sent where the block dispatches. */
    async change(
      userId: string,
      place: Place,
      placed: Placed,
      state: StateValues,
      { value, entered }: { value: unknown; entered: Entered },
    ) {
      const { block, element } = placed
      const type = textIn(element.type)
      const held = { [STATEFUL[type]?.holds ?? 'value']: value }
      const blockId = textIn(block.block_id)
      state[blockId] = { ...state[blockId], [textIn(element.action_id)]: { type, ...held } }
      return dispatches(block, element, entered)
        ? sendAction(userId, place, placed, state, held)
        : report(undefined, element)
    },

    async submit(view: View): Promise<SubmitResult> {
      needInteractivity()
      const ack = await deliveries.deliver('interaction', submissionPayload(workspace, view))
      return applySubmissionAnswer(workspace, view, ack)
    },

    async close(view: View): Promise<void> {
      const clears = view.definition.clear_on_close === true
      const payload = closedPayload(workspace, view, clears)
      if (clears) views.closeAll(view.userId)
      else views.close(view)
      if (view.definition.notify_on_close !== true) return
      await deliveries.deliver('interaction', payload, { acceptsResponse: false })
    },
  }
}
