import { interactiveElements } from './block-walk.ts'
import { optionsOf } from './composition-shapes.ts'
import { isObject, type JsonObject, objectsIn, textIn } from './json.ts'

/** `state.values` of docs.slack.dev/reference/interaction-payloads: block id → action id → what is filled in. */
export type StateValues = Record<string, Record<string, JsonObject>>

/** Which field of the state holds an element's value, which field of the element it starts from, and its emptiness. */
export const STATEFUL: Readonly<Record<string, { holds: string; starts: string; empty: unknown }>> = {
  plain_text_input: { holds: 'value', starts: 'initial_value', empty: null },
  number_input: { holds: 'value', starts: 'initial_value', empty: null },
  static_select: { holds: 'selected_option', starts: 'initial_option', empty: null },
  radio_buttons: { holds: 'selected_option', starts: 'initial_option', empty: null },
  checkboxes: { holds: 'selected_options', starts: 'initial_options', empty: [] },
  users_select: { holds: 'selected_user', starts: 'initial_user', empty: null },
  conversations_select: { holds: 'selected_conversation', starts: 'initial_conversation', empty: null },
  datepicker: { holds: 'selected_date', starts: 'initial_date', empty: null },
}

export function valueIn(state: JsonObject): unknown {
  const kind = STATEFUL[textIn(state.type)]
  return kind && state[kind.holds]
}

/** A state value without its content, as the client treats it: null, no text, nothing ticked. */
export function isEmpty(state: JsonObject | undefined): boolean {
  const value = state && valueIn(state)
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
}

const sameOption = (a: unknown, b: unknown) => isObject(a) && isObject(b) && a.value === b.value

/** An option that the updated element no longer offers cannot stay chosen. */
function stillOffered(element: JsonObject, value: unknown): boolean {
  const chosen = Array.isArray(value) ? objectsIn(value) : [value].filter(isObject)
  return chosen.every((each) => optionsOf(element).some((option) => sameOption(option, each)))
}

/**
 * The state of freshly shown blocks. docs.slack.dev/reference/views/modal-views: entries survive an update where
 * block id and action id stay the same; everything else starts from its `initial_…`.
 */
export function stateOf(blocks: readonly JsonObject[], before: StateValues = {}): StateValues {
  const values: StateValues = {}
  for (const { block, element } of interactiveElements(blocks)) {
    const type = textIn(element.type)
    const kind = STATEFUL[type]
    if (kind === undefined) continue
    const blockId = textIn(block.block_id)
    const actionId = textIn(element.action_id)
    const kept = before[blockId]?.[actionId]
    const survives = kept?.type === type && stillOffered(element, kept[kind.holds])
    const value = survives ? kept[kind.holds] : (element[kind.starts] ?? kind.empty)
    values[blockId] = { ...values[blockId], [actionId]: { type, [kind.holds]: value } }
  }
  return values
}
