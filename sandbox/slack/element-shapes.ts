import { BLOCK_LIMITS as MAX } from './block-limits.ts'
import { type JsonObject, objectsIn, textIn } from './json.ts'
import { boolean, byType, integer, list, matching, object, oneOf, type Rule, type Shape, string } from './shape.ts'

/*
 * Composition objects and elements as docs.slack.dev/reference/block-kit describes them. A name ending in `?` may be
 * missing; anything not named here is refused.
 */

export const plainText = (max: number): Shape =>
  object({ type: oneOf('plain_text'), text: string({ max }), 'emoji?': boolean })

const mrkdwn = (max: number): Shape => object({ type: oneOf('mrkdwn'), text: string({ max }), 'verbatim?': boolean })

export const anyText = (max: number): Shape => byType({ plain_text: plainText(max), mrkdwn: mrkdwn(max) })

export const httpUrl = (max: number): Shape => matching(/^https?:\/\/[^\s]+$/, 'must be a valid http(s) URL', max)

const actionId = string({ max: MAX.actionId })

/** What nearly every element may carry besides its own fields. */
const interactive = { type: string(), 'action_id?': actionId }
const placeholder = { 'placeholder?': plainText(MAX.placeholder) }
const focus = { 'focus_on_load?': boolean }

const confirm = {
  'confirm?': object({
    title: plainText(MAX.confirmTitle),
    text: anyText(MAX.confirmText),
    confirm: plainText(MAX.confirmButton),
    deny: plainText(MAX.confirmButton),
    'style?': oneOf('primary', 'danger'),
  }),
}

const dispatchConfig = {
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

const selectOption = option(plainText)
const groupOption = option(anyText)

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function optionsOf(element: JsonObject): JsonObject[] {
  return [
    ...objectsIn(element.options),
    ...objectsIn(element.option_groups).flatMap((group) => objectsIn(group.options)),
  ]
}

const exactlyOne =
  (...names: string[]): Rule =>
  (value) =>
    names.filter((name) => value[name] !== undefined).length === 1
      ? undefined
      : `must have exactly one of: ${names.join(', ')}`

const initialIsOffered: Rule = (element) => {
  const chosen = [element.initial_option, ...objectsIn(element.initial_options)].filter((each) => each !== undefined)
  return chosen.every((each) => optionsOf(element).some((offered) => same(offered, each)))
    ? undefined
    : 'initial option must exactly match one of the options'
}

const lengthsAgree: Rule = ({ min_length, max_length, initial_value }) => {
  const most = Number(max_length ?? MAX.plainTextInputMaxLength)
  if (Number(min_length ?? 0) > most) return 'min_length must not be greater than max_length'
  if (textIn(initial_value).length > most) return 'initial_value must not be longer than max_length'
  return undefined
}

const boundsAgree: Rule = ({ min_value, max_value, initial_value, is_decimal_allowed }) => {
  const given = [min_value, max_value, initial_value].filter((each) => each !== undefined && each !== '').map(Number)
  if (given.some(Number.isNaN)) return 'min_value, max_value and initial_value must be numbers'
  if (is_decimal_allowed === false && given.some((each) => !Number.isInteger(each)))
    return 'decimals are not allowed here'
  if (Number(min_value ?? -Infinity) > Number(max_value ?? Infinity)) return 'min_value must not exceed max_value'
  return undefined
}

const date = matching(/^\d{4}-\d{2}-\d{2}$/, 'must be a date in the form YYYY-MM-DD')

const button = object({
  ...interactive,
  ...confirm,
  text: plainText(MAX.buttonText),
  'url?': httpUrl(MAX.buttonUrl),
  'value?': string({ max: MAX.buttonValue }),
  'style?': oneOf('primary', 'danger'),
  'accessibility_label?': string({ max: MAX.buttonAccessibilityLabel }),
})

const staticSelect = object(
  {
    ...interactive,
    ...confirm,
    ...placeholder,
    ...focus,
    'options?': list(selectOption, { max: MAX.selectOptions }),
    'option_groups?': list(
      object({ label: plainText(MAX.optionGroupLabel), options: list(selectOption, { max: MAX.selectOptions }) }),
      { max: MAX.selectOptionGroups },
    ),
    'initial_option?': selectOption,
  },
  exactlyOne('options', 'option_groups'),
  initialIsOffered,
)

const conversationsSelect = object({
  ...interactive,
  ...confirm,
  ...placeholder,
  ...focus,
  'initial_conversation?': string(),
  'default_to_current_conversation?': boolean,
  'response_url_enabled?': boolean,
  'filter?': object({
    'include?': list(oneOf('im', 'mpim', 'private', 'public')),
    'exclude_external_shared_channels?': boolean,
    'exclude_bot_users?': boolean,
  }),
})

/** Elements that hold what a person chose; they stand in sections, in actions and in inputs alike. */
const choices = {
  static_select: staticSelect,
  users_select: object({ ...interactive, ...confirm, ...placeholder, ...focus, 'initial_user?': string() }),
  conversations_select: conversationsSelect,
  radio_buttons: object(
    {
      ...interactive,
      ...confirm,
      ...focus,
      options: list(groupOption, { max: MAX.radioOptions }),
      'initial_option?': groupOption,
    },
    initialIsOffered,
  ),
  checkboxes: object(
    {
      ...interactive,
      ...confirm,
      ...focus,
      options: list(groupOption, { max: MAX.checkboxOptions }),
      'initial_options?': list(groupOption, { max: MAX.checkboxOptions }),
    },
    initialIsOffered,
  ),
  datepicker: object({ ...interactive, ...confirm, ...placeholder, ...focus, 'initial_date?': date }),
}

const plainTextInput = object(
  {
    ...interactive,
    ...placeholder,
    ...focus,
    ...dispatchConfig,
    'initial_value?': string({ min: 0 }),
    'multiline?': boolean,
    'min_length?': integer(0, MAX.plainTextInputMaxLength),
    'max_length?': integer(1, MAX.plainTextInputMaxLength),
  },
  lengthsAgree,
)

const numberInput = object(
  {
    ...interactive,
    ...placeholder,
    ...focus,
    ...dispatchConfig,
    is_decimal_allowed: boolean,
    'initial_value?': string({ min: 0 }),
    'min_value?': string(),
    'max_value?': string(),
  },
  boundsAgree,
)

const imageSource = {
  'image_url?': httpUrl(MAX.imageUrl),
  'slack_file?': object({ 'id?': string(), 'url?': string() }, exactlyOne('id', 'url')),
  alt_text: string({ max: MAX.imageAltText }),
}

export const oneImageSource = exactlyOne('image_url', 'slack_file')
export const imageFields = imageSource

const imageElement = object({ type: string(), ...imageSource }, oneImageSource)

/** docs.slack.dev/reference/block-kit/block-elements: which element works in which block. */
export const accessory = byType({ button, image: imageElement, ...choices })
export const actionElement = byType({ button, ...choices })
export const contextElement = byType({
  plain_text: plainText(MAX.sectionText),
  mrkdwn: mrkdwn(MAX.sectionText),
  image: imageElement,
})

/** A number input works in modals only; the other inputs wherever an input block does. */
export const inputElement = {
  modal: byType({ plain_text_input: plainTextInput, number_input: numberInput, ...choices }),
  elsewhere: byType({ plain_text_input: plainTextInput, ...choices }),
}
