import { describe, expect, test } from 'vitest'
import { problemsOfMessageBlocks, problemsOfView } from '../../../sandbox/slack/check-blocks.ts'
import { inputBlock, modal, plain } from './small-app.ts'

const known = { user: (id: string) => id === 'U0ANNA', conversation: (id: string) => id === 'C0HALL' }
const option = { text: plain('One'), value: '1' }
const button = { type: 'button', action_id: 'go', text: plain('Go') }
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const section = { type: 'section', text: plain('Hello') }
const mrkdwn = { type: 'mrkdwn', text: '*Hello*' }
const text = { type: 'plain_text_input', action_id: 't' }
const number = { type: 'number_input', action_id: 'n', is_decimal_allowed: false }
const confirm = { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No') }
const users = (action_id: string, more: object = {}) => ({ type: 'users_select', action_id, ...more })

/** Message blocks, where the complaint points, and how it starts. */
const REFUSED: [claim: string, blocks: unknown[], pointer: string, says: string][] = [
  ['an unknown block type', [{ type: 'marquee' }], '/blocks/0/type', 'unsupported type: marquee'],
  ['a type that every object inherits', [{ type: 'constructor' }], '/blocks/0/type', 'unsupported type'],
  ['an unknown element type', [actions({ type: 'slider' })], '/blocks/0/elements/0/type', 'unsupported type: slider'],
  ['a block that is no object', ['hello'], '/blocks/0', 'must be an object'],
  ['an unknown field of a block', [{ ...section, color: 'red' }], '/blocks/0', 'invalid additional property: color'],
  ['a disabled button', [actions({ ...button, disabled: true })], '/blocks/0/elements/0', 'invalid additional'],
  ['a section of nothing', [{ type: 'section' }], '/blocks/0', 'missing required field: text or fields'],
  ['an empty text', [{ type: 'section', text: plain('') }], '/blocks/0/text/text', 'must be more than 0'],
  ['a bare string for a text', [{ type: 'section', text: 'Hello' }], '/blocks/0/text', 'must be an object'],
  ['mrkdwn in a header', [{ type: 'header', text: mrkdwn }], '/blocks/0/text/type', 'must be one of: plain_text'],
  ['mrkdwn on a button', [actions({ ...button, text: mrkdwn })], '/blocks/0/elements/0/text/type', 'must be one of'],
  ['emoji in mrkdwn', [{ type: 'section', text: { ...mrkdwn, emoji: true } }], '/blocks/0/text', 'invalid additional'],
  ['no actions', [actions()], '/blocks/0/elements', 'no less than 1 items'],
  ['an input element among actions', [actions(text)], '/blocks/0/elements/0/type', 'unsupported type'],
  ['a button as input', [inputBlock('b', button)], '/blocks/0/element/type', 'unsupported type: button'],
  ['a button in a context', [{ type: 'context', elements: [button] }], '/blocks/0/elements/0/type', 'unsupported type'],
  ['a number input in a message', [inputBlock('b', number)], '/blocks/0/element/type', 'unsupported type'],
  [
    'a style that does not exist',
    [actions({ ...button, style: 'default' })],
    '/blocks/0/elements/0/style',
    'must be one',
  ],
  ['a url that is none', [actions({ ...button, url: 'javascript:1' })], '/blocks/0/elements/0/url', 'must be a valid'],
  [
    'a confirm without buttons',
    [actions({ ...button, confirm: { ...confirm, deny: undefined } })],
    '/blocks/0/elements/0/confirm',
    'missing required field: deny',
  ],
  [
    'an image without alt text',
    [{ type: 'image', image_url: 'https://x.no/i' }],
    '/blocks/0',
    'missing required field: alt_text',
  ],
  ['an image without source', [{ type: 'image', alt_text: 'A' }], '/blocks/0', 'must have exactly one of: image_url'],
  [
    'an option without value',
    [actions({ type: 'static_select', action_id: 's', options: [{ text: plain('One') }] })],
    '/blocks/0/elements/0/options/0',
    'missing required field: value',
  ],
  [
    'a url in an option',
    [actions({ type: 'static_select', action_id: 's', options: [{ ...option, url: 'https://x.no' }] })],
    '/blocks/0/elements/0/options/0',
    'invalid additional',
  ],
  [
    'mrkdwn in a select',
    [actions({ type: 'static_select', action_id: 's', options: [{ ...option, text: mrkdwn }] })],
    '/blocks/0/elements/0/options/0/text/type',
    'must be one of',
  ],
  [
    'a select with no options at all',
    [actions({ type: 'static_select', action_id: 's' })],
    '/blocks/0/elements/0',
    'must have exactly one of: options',
  ],
  [
    'an initial option that is not offered',
    [actions({ type: 'radio_buttons', action_id: 'r', options: [option], initial_option: { ...option, value: '2' } })],
    '/blocks/0/elements/0',
    'initial option must exactly match',
  ],
  [
    'an initial user who does not exist',
    [actions(users('u', { initial_user: 'U0NOBODY' }))],
    '/blocks/0/elements/0/initial_user',
    'invalid user',
  ],
  [
    'an initial conversation that does not exist',
    [actions({ type: 'conversations_select', action_id: 'c', initial_conversation: 'C0NIX' })],
    '/blocks/0/elements/0/initial_conversation',
    'invalid conversation',
  ],
  [
    'a date in the wrong form',
    [actions({ type: 'datepicker', action_id: 'd', initial_date: '1.2.2026' })],
    '/blocks/0/elements/0/initial_date',
    'must be a date',
  ],
  [
    'dispatch_action on an element',
    [inputBlock('b', { ...text, dispatch_action: true })],
    '/blocks/0/element',
    'invalid additional',
  ],
  [
    'dispatch_action that is no boolean',
    [inputBlock('b', text, { dispatch_action: 'yes' })],
    '/blocks/0/dispatch_action',
    'must be a boolean',
  ],
  [
    'a longer minimum than maximum',
    [inputBlock('b', { ...text, min_length: 9, max_length: 3 })],
    '/blocks/0/element',
    'min_length must not',
  ],
  [
    'an initial value that is too long',
    [inputBlock('b', { ...text, max_length: 3, initial_value: 'long' })],
    '/blocks/0/element',
    'initial_value must not',
  ],
  [
    'a repeated block_id',
    [
      { ...section, block_id: 'a' },
      { ...section, block_id: 'a' },
    ],
    '/blocks/1/block_id',
    'block_id already exists: a',
  ],
  [
    'a repeated action_id in one block',
    [actions(button, button)],
    '/blocks/0/elements/1/action_id',
    'action_id already exists',
  ],
]

const FIT: [claim: string, blocks: unknown[]][] = [
  ['nothing', []],
  ['a section with an accessory', [{ ...section, accessory: button }]],
  ['a section of fields only', [{ type: 'section', fields: [mrkdwn, plain('b')] }]],
  ['a confirm of every field', [actions({ ...button, confirm: { ...confirm, style: 'danger' } })]],
  [
    'mrkdwn in radio buttons',
    [actions({ type: 'radio_buttons', action_id: 'r', options: [{ ...option, text: mrkdwn }] })],
  ],
  [
    'an image in a context',
    [{ type: 'context', elements: [{ type: 'image', image_url: 'http://x.no/i', alt_text: 'A' }] }],
  ],
  ['the same action_id in two blocks', [actions(button), actions(button)]],
  ['an initial user who exists', [actions(users('u', { initial_user: 'U0ANNA' }))]],
]

describe('blocks of a message', () => {
  test.each(REFUSED)('%s is refused', (_, blocks, pointer, says) => {
    expect(problemsOfMessageBlocks(blocks, known)).toMatchObject([{ pointer, says: expect.stringContaining(says) }])
  })
  test.each(FIT)('%s is accepted', (_, blocks) => {
    expect(problemsOfMessageBlocks(blocks, known)).toEqual([])
  })
})

describe('views', () => {
  const problems = (view: unknown, surface: 'modal' | 'home' = 'modal') => problemsOfView(view, surface, known)

  test.each<[string, unknown, string, string]>([
    ['an input without submit', modal([inputBlock('b', text)], { submit: undefined }), '/view', 'must define `submit`'],
    ['a modal without title', modal([section], { title: undefined }), '/view', 'missing required field: title'],
    ['a modal without blocks', modal([]), '/view/blocks', 'no less than 1'],
    ['submit_disabled', modal([section], { submit_disabled: true }), '/view', 'invalid additional property'],
    [
      'bounds the wrong way round',
      modal([inputBlock('b', { ...number, min_value: '9', max_value: '1' })]),
      '/view/blocks/0/element',
      'min_value must not',
    ],
    [
      'decimals where none are allowed',
      modal([inputBlock('b', { ...number, initial_value: '1.5' })]),
      '/view/blocks/0/element',
      'decimals are not',
    ],
    [
      'two elements with the focus',
      modal([inputBlock('a', { ...text, focus_on_load: true }), inputBlock('b', { ...text, focus_on_load: true })]),
      '/view/blocks/1/element',
      'only one element',
    ],
  ])('%s is refused in a modal', (_, view, pointer, says) => {
    expect(problems(view)).toMatchObject([{ pointer, says: expect.stringContaining(says) }])
  })

  test('a Home view has neither title nor submit, and no number inputs', () => {
    expect(problems({ type: 'home', blocks: [section] }, 'home')).toEqual([])
    expect(problems({ type: 'home', title: plain('Home'), blocks: [section] }, 'home')).toHaveLength(1)
    expect(problems({ type: 'home', blocks: [inputBlock('b', number)] }, 'home')).toHaveLength(1)
    expect(problems(modal([inputBlock('b', number)]))).toEqual([])
  })
})
