import { BLOCK_LIMITS } from './block-limits.ts'
import { interactiveElements } from './block-walk.ts'
import { optionsOf } from './composition-shapes.ts'
import { type JsonObject, objectIn, textIn } from './json.ts'
import { isEmpty, STATEFUL, type StateValues, valueIn } from './view-state.ts'
import type { View } from './view-store.ts'
import type { World } from './world.ts'

/* What Slack's own client lets a person do, before the app hears of anything. */

/** The person tried what Slack's client does not offer: a mistake of the test or the page, not of the app. */
export class NotOffered extends Error {
  override readonly name = 'NotOffered'
}

function offered(element: JsonObject, value: string): JsonObject {
  const option = optionsOf(element).find((each) => each.value === value)
  const all = optionsOf(element).map((each) => each.value)
  if (option === undefined)
    throw new NotOffered(`${textIn(element.action_id)} has no option ${value}, only ${all.join(', ')}`)
  return option
}

/** The state value of a choice; null clears what can be cleared. */
export function chosen(element: JsonObject, value: string | readonly string[] | null, world: World): unknown {
  const type = textIn(element.type)
  if (value === null && type !== 'radio_buttons') return STATEFUL[type]?.empty
  if (type === 'checkboxes') return [value ?? []].flat().map((each) => offered(element, each))
  if (typeof value !== 'string') throw new NotOffered(`${textIn(element.action_id)} takes one value`)
  switch (type) {
    case 'static_select':
    case 'radio_buttons':
      return offered(element, value)
    case 'users_select':
      if (!world.people.has(value)) throw new NotOffered(`there is no person ${value} to choose`)
      return value
    case 'conversations_select':
      if (!world.channels.has(value)) throw new NotOffered(`there is no conversation ${value} to choose`)
      return value
    case 'datepicker':
      if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new NotOffered(`${value} is not a date`)
      return value
    default:
      throw new NotOffered(`nothing can be chosen in a ${type}`)
  }
}

/** The state value of typed text; nothing typed is null. */
export function typed(element: JsonObject, text: string): string | null {
  if (element.type === 'plain_text_input') {
    const most = Number(element.max_length ?? BLOCK_LIMITS.plainTextInputMaxLength)
    if (text.length > most) throw new NotOffered(`${textIn(element.action_id)} takes at most ${most} characters`)
  } else if (element.type === 'number_input') {
    const form = element.is_decimal_allowed === true ? /^-?\d+(\.\d+)?$/ : /^-?\d+$/
    if (text !== '' && !form.test(text)) throw new NotOffered(`${textIn(element.action_id)} takes numbers only`)
  } else throw new NotOffered(`nothing can be typed into a ${textIn(element.type)}`)
  return text === '' ? null : text
}

function complaint(block: JsonObject, element: JsonObject, state: StateValues): string | undefined {
  const held = state[textIn(block.block_id)]?.[textIn(element.action_id)]
  if (isEmpty(held)) return block.optional === true ? undefined : 'Please complete this required field'
  const value = held && valueIn(held)
  const least = Number(element.min_length ?? 0)
  if (element.type === 'plain_text_input' && textIn(value).length < least)
    return `Please enter at least ${least} characters`
  if (element.type !== 'number_input') return undefined
  if (Number(value) < Number(element.min_value ?? -Infinity)) return `Must be at least ${element.min_value}`
  if (Number(value) > Number(element.max_value ?? Infinity)) return `Must be at most ${element.max_value}`
  return undefined
}

/** The errors the client itself shows on submit, by block id. */
export function clientErrors(view: View): Record<string, string> {
  const inputs = interactiveElements(view.blocks).filter(({ block }) => block.type === 'input')
  return Object.fromEntries(
    inputs.flatMap(({ block, element }): [string, string][] => {
      const says = complaint(block, element, view.state)
      return says === undefined ? [] : [[textIn(block.block_id), says]]
    }),
  )
}

/** How a person came by a value: a choice is one step, a text is typed, and Enter may be pressed at its end. */
export type Entered = 'chosen' | 'typed' | 'typed_and_enter'

/**
 * docs.slack.dev/reference/block-kit/blocks/input-block: inputs tell the app of a change only if they say so; texts at the
 * moments that composition-objects/dispatch-action-configuration-object names, which is Enter unless told otherwise.
 */
export function dispatches(block: JsonObject, element: JsonObject, entered: Entered): boolean {
  if (block.type !== 'input') return true
  if (block.dispatch_action !== true) return false
  if (entered === 'chosen') return true
  const { trigger_actions_on: named } = objectIn(element.dispatch_action_config)
  const moments: readonly unknown[] = Array.isArray(named) ? named : ['on_enter_pressed']
  return (
    moments.includes('on_character_entered') || (entered === 'typed_and_enter' && moments.includes('on_enter_pressed'))
  )
}

/**
 * What the composer makes of typed text. docs.slack.dev/interactivity/implementing-slash-commands: with `should_escape`
 * mentions and links are escaped; without it they stay as typed.
 */
export function composed(text: string, shouldEscape: boolean, world: World): string {
  if (!shouldEscape) return text
  const people = [...world.people.values()].sort((a, b) => b.name.length - a.name.length)
  const channels = [...world.channels.values()].filter(({ kind }) => kind !== 'im')
  const mentioned = text.replace(/(^|\s)@(\S+)/g, (whole, before: string, name: string) => {
    const person = people.find((each) => each.name === name || each.realName === name)
    return person ? `${before}<@${person.id}|${person.name}>` : whole
  })
  const linked = mentioned.replace(/(^|\s)#(\S+)/g, (whole, before: string, name: string) => {
    const channel = channels.find((each) => each.name === name)
    return channel ? `${before}<#${channel.id}|${channel.kind === 'private' ? '' : channel.name}>` : whole
  })
  return linked.replace(/(^|\s)(https?:\/\/\S+)/g, '$1<$2>')
}
