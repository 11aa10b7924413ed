import { describe, expect, test } from 'vitest'
import { BLOCK_LIMITS, type BlockLimit } from '../../../sandbox/slack/block-limits.ts'
import { problemsOfMessageBlocks, problemsOfView } from '../../../sandbox/slack/check-blocks.ts'
import { inputBlock, modal, plain } from './small-app.ts'

const anything = { user: () => true, conversation: () => true }
const x = (n: number) => 'x'.repeat(n)
const many = <T>(n: number, make: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => make(index))
const option = (index: number, more: object = {}) => ({ text: plain(`o${index}`), value: `v${index}`, ...more })
const section = (more: object = {}) => ({ type: 'section', text: plain('Hello'), ...more })
const button = (more: object = {}) => ({ type: 'button', action_id: 'go', text: plain('Go'), ...more })
const select = (more: object = {}) => ({ type: 'static_select', action_id: 's', options: [option(0)], ...more })
const url = (n: number) => `https://x.no/${x(n - 13)}`
const image = (more: object = {}) => ({ type: 'image', image_url: 'https://x.no/i', alt_text: 'A picture', ...more })
const confirm = (more: object = {}) => ({
  confirm: { title: plain('Sure?'), text: plain('Really'), confirm: plain('Yes'), deny: plain('No'), ...more },
})
const divider = (index: number) => ({ type: 'divider', block_id: `d${index}` })

const inMessage = (...blocks: object[]) => problemsOfMessageBlocks(blocks, anything)
const inModal = (view: object) => problemsOfView(view, 'modal', anything)
const act = (element: object) => inMessage({ type: 'actions', elements: [element] })
const ask = (element: object, more: object = {}) => inModal(modal([inputBlock('b', element, more)]))
const text = (more: object = {}) => ({ type: 'plain_text_input', action_id: 't', ...more })

/** Each limit, its documented figure, and something of that size. */
const SIZES: Record<Exclude<BlockLimit, 'viewBytes'>, [figure: number, make: (n: number) => unknown[]]> = {
  blocksInMessage: [50, (n) => inMessage(...many(n, divider))],
  blocksInView: [100, (n) => inModal(modal(many(n, divider)))],
  viewTitle: [24, (n) => inModal(modal([section()], { title: plain(x(n)) }))],
  viewSubmit: [24, (n) => inModal(modal([section()], { submit: plain(x(n)) }))],
  viewClose: [24, (n) => inModal(modal([section()], { close: plain(x(n)) }))],
  privateMetadata: [3000, (n) => inModal(modal([section()], { private_metadata: x(n) }))],
  callbackId: [255, (n) => inModal(modal([section()], { callback_id: x(n) }))],
  externalId: [255, (n) => inModal(modal([section()], { external_id: x(n) }))],
  blockId: [255, (n) => inMessage(section({ block_id: x(n) }))],
  actionId: [255, (n) => act(button({ action_id: x(n) }))],
  sectionText: [3000, (n) => inMessage(section({ text: { type: 'mrkdwn', text: x(n) } }))],
  sectionFieldText: [2000, (n) => inMessage({ type: 'section', fields: [plain(x(n))] })],
  sectionFields: [10, (n) => inMessage({ type: 'section', fields: many(n, () => plain('f')) })],
  headerText: [150, (n) => inMessage({ type: 'header', text: plain(x(n)) })],
  contextElements: [10, (n) => inMessage({ type: 'context', elements: many(n, () => plain('c')) })],
  actionsElements: [
    25,
    (n) => inMessage({ type: 'actions', elements: many(n, (index) => button({ action_id: `a${index}` })) }),
  ],
  buttonText: [75, (n) => act(button({ text: plain(x(n)) }))],
  buttonValue: [2000, (n) => act(button({ value: x(n) }))],
  buttonUrl: [3000, (n) => act(button({ url: url(n) }))],
  buttonAccessibilityLabel: [75, (n) => act(button({ accessibility_label: x(n) }))],
  selectOptions: [100, (n) => act(select({ options: many(n, (index) => option(index)) }))],
  selectOptionGroups: [
    100,
    (n) =>
      act({
        type: 'static_select',
        action_id: 's',
        option_groups: many(n, () => ({ label: plain('g'), options: [option(0)] })),
      }),
  ],
  optionGroupLabel: [
    75,
    (n) =>
      act({ type: 'static_select', action_id: 's', option_groups: [{ label: plain(x(n)), options: [option(0)] }] }),
  ],
  optionText: [75, (n) => act(select({ options: [option(0, { text: plain(x(n)) })] }))],
  optionValue: [150, (n) => act(select({ options: [option(0, { value: x(n) })] }))],
  optionDescription: [75, (n) => act(select({ options: [option(0, { description: plain(x(n)) })] }))],
  radioOptions: [10, (n) => ask({ type: 'radio_buttons', action_id: 'r', options: many(n, (index) => option(index)) })],
  checkboxOptions: [10, (n) => ask({ type: 'checkboxes', action_id: 'c', options: many(n, (index) => option(index)) })],
  inputLabel: [2000, (n) => ask(text(), { label: plain(x(n)) })],
  inputHint: [2000, (n) => ask(text(), { hint: plain(x(n)) })],
  plainTextInputMaxLength: [3000, (n) => ask(text({ max_length: n }))],
  placeholder: [150, (n) => ask(text({ placeholder: plain(x(n)) }))],
  confirmTitle: [100, (n) => act(button(confirm({ title: plain(x(n)) })))],
  confirmText: [300, (n) => act(button(confirm({ text: plain(x(n)) })))],
  confirmButton: [30, (n) => act(button(confirm({ deny: plain(x(n)) })))],
  imageAltText: [2000, (n) => inMessage(image({ alt_text: x(n) }))],
  imageUrl: [3000, (n) => inMessage(image({ image_url: url(n) }))],
  imageTitle: [2000, (n) => inMessage(image({ title: plain(x(n)) }))],
}

describe('the size limits of Block Kit', () => {
  test.each(Object.entries(SIZES))('%s: the limit is accepted, one more is refused', (name, [figure, make]) => {
    expect(BLOCK_LIMITS[name as BlockLimit]).toBe(figure)
    expect(make(figure)).toEqual([])
    expect(make(figure + 1)).toHaveLength(1)
  })

  test('no limit goes untested', () => {
    expect([...Object.keys(SIZES), 'viewBytes'].sort()).toEqual(Object.keys(BLOCK_LIMITS).sort())
  })
})
