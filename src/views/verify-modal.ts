import type { InputBlock, KnownBlock, ModalView, PlainTextOption, RadioButtons } from '@slack/types'
import type { IdType, Provider } from '../services/verification.ts'
import { plain, section } from './blocks.ts'
import { ID_TYPE_NAMES, PROVIDER_NAMES } from './check-words.ts'
import { isChannelId, isUserId } from './mrkdwn.ts'
import { numberFields } from './number-fields.ts'
import {
  CARD_IN,
  EMPLOYEE,
  type FormMemory,
  ID_TYPE,
  NOTE,
  NOTE_LIMIT,
  PROVIDER,
  typedNameHint,
  VERIFY_MODAL,
  type VerifyForm,
} from './verify-form.ts'

/** We count letters as people do; Slack counts an emoji as two or more and would refuse good notes. */
const NOTE_INPUT_LIMIT = 3000

export function verifyModal(form: VerifyForm): ModalView {
  const channelId = form.channelId !== null && isChannelId(form.channelId) ? form.channelId : null
  const { employeeId, rememberedNumber, isLinked, typedNumber } = form
  const memory: FormMemory = { channelId, employeeId, rememberedNumber, isLinked, typedNumber }
  const blocks: KnownBlock[] = form.problem === null ? [] : [section(form.problem)]
  blocks.push(employeeInput(form), providerInput(form.provider))
  if (form.provider === 'veriff') blocks.push(idTypeInput(form.idType))
  blocks.push(...numberFields(form), noteInput(form.note))
  if (channelId !== null) blocks.push(cardInInput(form.cardIn))
  return {
    type: 'modal',
    callback_id: VERIFY_MODAL,
    title: plain('Verify an employee'),
    submit: plain('Send'),
    close: plain('Cancel'),
    private_metadata: JSON.stringify(memory),
    blocks,
  }
}

function employeeInput({ employeeId, typedName }: VerifyForm): InputBlock {
  const chosen = employeeId !== null && isUserId(employeeId) ? { initial_user: employeeId } : {}
  return {
    type: 'input',
    block_id: EMPLOYEE.block,
    dispatch_action: true,
    label: plain('Employee'),
    ...(typedName === null || employeeId !== null ? {} : { hint: plain(typedNameHint(typedName)) }),
    element: {
      type: 'users_select',
      action_id: EMPLOYEE.action,
      placeholder: plain('Choose a person'),
      ...chosen,
    },
  }
}

function providerInput(provider: Provider | null): InputBlock {
  const options = [
    option('bankid', PROVIDER_NAMES.bankid, 'Norwegian electronic ID. Quickest when the employee has it.'),
    option('veriff', PROVIDER_NAMES.veriff, 'Picture of an ID document and of the employee. When there is no BankID.'),
  ]
  return {
    type: 'input',
    block_id: PROVIDER.block,
    dispatch_action: true,
    label: plain('How should they confirm who they are?'),
    element: radio(PROVIDER.action, options, provider),
  }
}

function idTypeInput(idType: IdType | null): InputBlock {
  const options = [
    option('local', ID_TYPE_NAMES.local, 'Passport, driving licence or ID card issued in Norway.'),
    option('international', ID_TYPE_NAMES.international, 'Documents issued anywhere else. Norwegian ones are refused.'),
  ]
  return {
    type: 'input',
    block_id: ID_TYPE.block,
    label: plain('Which documents do they have?'),
    element: radio(ID_TYPE.action, options, idType),
  }
}

function noteInput(note: string): InputBlock {
  return {
    type: 'input',
    block_id: NOTE.block,
    optional: true,
    label: plain('Note to the employee'),
    hint: plain(`Why you ask, in your own words. At most ${NOTE_LIMIT} characters.`),
    element: {
      type: 'plain_text_input',
      action_id: NOTE.action,
      multiline: true,
      max_length: NOTE_INPUT_LIMIT,
      ...(note === '' ? {} : { initial_value: note.slice(0, NOTE_INPUT_LIMIT) }),
    },
  }
}

function cardInInput(cardIn: 'dm' | 'channel'): InputBlock {
  const options = [
    option('dm', 'Only to me', 'In your direct messages with this app.'),
    option('channel', 'To this channel', 'Everybody in it sees who is asked and how it ends.'),
  ]
  return {
    type: 'input',
    block_id: CARD_IN.block,
    label: plain('Where should the status card go?'),
    element: radio(CARD_IN.action, options, cardIn),
  }
}

function option(value: string, text: string, description: string): PlainTextOption {
  return { value, text: plain(text), description: plain(description) }
}

function radio(actionId: string, options: PlainTextOption[], chosen: string | null): RadioButtons {
  const initial = options.find(({ value }) => value === chosen)
  return {
    type: 'radio_buttons',
    action_id: actionId,
    options,
    ...(initial === undefined ? {} : { initial_option: initial }),
  }
}
