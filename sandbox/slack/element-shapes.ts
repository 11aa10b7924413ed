import { BLOCK_LIMITS as MAX } from './block-limits.ts'
import {
  boundsAgree,
  confirm,
  dispatchConfig,
  exactlyOne,
  focus,
  groupOption,
  httpUrl,
  initialIsOffered,
  interactive,
  lengthsAgree,
  mrkdwn,
  placeholder,
  plainText,
  selectOption,
} from './composition-shapes.ts'
import { boolean, byType, integer, list, matching, object, oneOf, string } from './shape.ts'

/* Elements as docs.slack.dev/reference/block-kit/block-elements describes them. */

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
