import { isDeepStrictEqual } from 'node:util'
import { BLOCK_LIMITS as MAX } from './block-limits.ts'
import { type JsonObject, objectsIn, textIn } from './json.ts'
import { boolean, byType, list, matching, object, oneOf, type Rule, type Shape, string } from './shape.ts'

/*
 * Composition objects as docs.slack.dev/reference/block-kit/composition-objects describes them, and the rules between
 * fields. A name ending in `?` may be missing; anything not named is refused.
 */

export const plainText = (max: number): Shape =>
  object({ type: oneOf('plain_text'), text: string({ max }), 'emoji?': boolean })

export const mrkdwn = (max: number): Shape =>
  object({ type: oneOf('mrkdwn'), text: string({ max }), 'verbatim?': boolean })

export const anyText = (max: number): Shape => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) })

export const httpUrl = (max: number): Shape => matching(/^https?:\/\/[^\s]+$/, 'must be a valid http(s) URL', max)

const actionId = string({ max: MAX.actionId })

/** What nearly every element may carry besides its own fields. */
export const interactive = { type: string(), 'action_id?': actionId }
export const placeholder = { 'placeholder?': plainText(MAX.placeholder) }
export const focus = { 'focus_on_load?': boolean }

export const confirm = {
  'confirm?': object({
    title: plainText(MAX.confirmTitle),
    text: anyText(MAX.confirmText),
    confirm: plainText(MAX.confirmButton),
    deny: plainText(MAX.confirmButton),
    'style?': oneOf('primary', 'danger'),
  }),
}

export const dispatchConfig = {
  'dispatch_action_config?': object({
    trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), { max: 2 }),
  }),
}

const option = (text: (max: number) => Shape): Shape =>
  object({
    text: text(MAX.optionText),
    value: string({ max: MAX.optionValue }),
    'description?': plainText(MAX.optionDescription),
  })

export const selectOption = option(plainText)
export const groupOption = option(anyText)

export function optionsOf(element: JsonObject): JsonObject[] {
  return [
    ...objectsIn(element.options),
    ...objectsIn(element.option_groups).flatMap((group) => objectsIn(group.options)),
  ]
}

export const exactlyOne =
  (...names: string[]): Rule =>
  (value) =>
    names.filter((name) => value[name] !== undefined).length === 1
      ? undefined
      : `must have exactly one of: ${names.join(', ')}`

export const initialIsOffered: Rule = (element) => {
  const chosen = [element.initial_option, ...objectsIn(element.initial_options)].filter((each) => each !== undefined)
  return chosen.every((each) => optionsOf(element).some((offered) => isDeepStrictEqual(offered, each)))
    ? undefined
    : 'initial option must exactly match one of the options'
}

export const lengthsAgree: Rule = ({ min_length, max_length, initial_value }) => {
  const most = Number(max_length ?? MAX.plainTextInputMaxLength)
  if (Number(min_length ?? 0) > most) return 'min_length must not be greater than max_length'
  if (textIn(initial_value).length > most) return 'initial_value must not be longer than max_length'
  return undefined
}

export const boundsAgree: Rule = ({ min_value, max_value, initial_value, is_decimal_allowed }) => {
  const given = [min_value, max_value, initial_value].filter((each) => each !== undefined && each !== '').map(Number)
  if (given.some(Number.isNaN)) return 'min_value, max_value and initial_value must be numbers'
  if (is_decimal_allowed === false && given.some((each) => !Number.isInteger(each)))
    return 'decimals are not allowed here'
  if (Number(min_value ?? -Infinity) > Number(max_value ?? Infinity)) return 'min_value must not exceed max_value'
  return undefined
}
