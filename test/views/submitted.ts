/** The view as Slack sends it back: what was shown, changed by what was filled in since. */
import type { InputBlock } from '@slack/types'
import {
  CARD_IN,
  EMPLOYEE,
  ID_TYPE,
  LOOKUP_ACTION,
  NOTE,
  NUMBER_ACTION,
  PROVIDER,
  type VerifyForm,
} from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'

export type Filled = {
  readonly employeeId?: string | null
  readonly provider?: string
  readonly idType?: string | null
  readonly number?: string
  /** Whether the person is to be found by e-mail. */
  readonly find?: boolean
  readonly note?: string | null
  readonly cardIn?: string
}

export function submitted(form: VerifyForm, filled: Filled = {}) {
  const view = verifyModal(form)
  const inputs = view.blocks.filter((block): block is InputBlock => block.type === 'input')
  const news: Record<string, string | null | undefined> = {
    [EMPLOYEE.action]: filled.employeeId,
    [PROVIDER.action]: filled.provider,
    [ID_TYPE.action]: filled.idType,
    [NUMBER_ACTION]: filled.number,
    [NOTE.action]: filled.note,
    [CARD_IN.action]: filled.cardIn,
  }
  const values = inputs.map(({ block_id, element }) => {
    const action = 'action_id' in element ? (element.action_id ?? '') : ''
    const value = action === LOOKUP_ACTION ? ticksIn(element, filled.find) : filledIn(element, news[action])
    return [block_id, { [action]: value }]
  })
  return { ...view, private_metadata: view.private_metadata ?? '', state: { values: Object.fromEntries(values) } }
}

function ticksIn(element: InputBlock['element'], find: boolean | undefined): unknown {
  if (element.type !== 'checkboxes') throw new Error(`no checkbox: ${element.type}`)
  const ticked = find === undefined ? (element.initial_options ?? []) : find ? element.options : []
  return { type: element.type, selected_options: ticked }
}

function filledIn(element: InputBlock['element'], news: string | null | undefined): unknown {
  switch (element.type) {
    case 'users_select':
      return { type: element.type, selected_user: news === undefined ? (element.initial_user ?? null) : news }
    case 'radio_buttons': {
      const value = news === undefined ? (element.initial_option?.value ?? null) : news
      return { type: element.type, selected_option: value === null ? null : { value } }
    }
    case 'plain_text_input':
      return { type: element.type, value: news === undefined ? (element.initial_value ?? null) : news }
    default:
      throw new Error(`no such input in our form: ${element.type}`)
  }
}
