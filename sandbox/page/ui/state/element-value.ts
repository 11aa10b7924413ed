import { isObject, type JsonObject, objectIn, textIn } from '../../../slack/json.ts'

/** Which field of the state holds an element's value, and which field of the element it starts from. */
const FIELDS: Readonly<Record<string, readonly [holds: string, starts: string]>> = {
  plain_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  datepicker: ['selected_date', 'initial_date'],
}

/** What an element holds: what is filled in, or what it starts from where nothing has been filled in yet. */
export function elementValue(block: JsonObject, element: JsonObject, values: JsonObject): unknown {
  const [holds, starts] = FIELDS[textIn(element.type)] ?? ['', '']
  const state = objectIn(values[textIn(block.block_id)])[textIn(element.action_id)]
  return isObject(state) && holds in state ? state[holds] : element[starts]
}

/** The `value` of a chosen option, or of every chosen option. */
export function optionValue(value: unknown): string | null {
  return isObject(value) ? textIn(value.value) : null
}

export function optionValues(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(isObject).map((each) => textIn(each.value)) : []
}
