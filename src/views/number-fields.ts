/** The part of the form about the EasyFreelance id: its field, who has it, and the way to have it found. */
import type { InputBlock, KnownBlock, MrkdwnOption } from '@slack/types'
import { mrkdwn, plain } from './blocks.ts'
import { confirmationSection } from './confirmation.ts'
import { isUserId, mention } from './mrkdwn.ts'
import { VERIFY_COMMAND } from './verify-command.ts'
import {
  LOOKUP_ACTION,
  lookupBlock,
  NUMBER_ACTION,
  NUMBER_LIMIT,
  numberBlock,
  pairOf,
  shownNumber,
  type VerifyForm,
} from './verify-form.ts'

export function numberFields(form: VerifyForm): KnownBlock[] {
  return [numberInput(form), ...confirmationIn(form), ...lookupIn(form)]
}

function numberInput(form: VerifyForm): InputBlock {
  const { employeeId, rememberedNumber, isLinked, typedNumber } = form
  const forThem = typedNumber !== null && typedNumber.forEmployeeId === employeeId
  const remembered = rememberedNumber === null ? null : String(rememberedNumber)
  const shown = shownNumber(form)
  return {
    type: 'input',
    block_id: numberBlock(employeeId, rememberedNumber),
    // Enter shows who has the number; docs.slack.dev: dispatch action configuration.
    dispatch_action: true,
    ...(offersLookup(form) ? { optional: true } : {}),
    label: plain('EasyFreelance employee id'),
    hint: plain(isLinked && shown === remembered ? LINKED_HINT : numberHint(shown, remembered, forThem)),
    element: {
      type: 'plain_text_input',
      action_id: NUMBER_ACTION,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      max_length: NUMBER_LIMIT,
      ...(shown === '' ? {} : { initial_value: shown }),
    },
  }
}

const LINKED_HINT = `Linked to this person. To change it, type ${VERIFY_COMMAND} link @employee and the right id.`

function numberHint(shown: string, remembered: string | null, forThem: boolean): string {
  if (shown !== '' && shown === remembered) return 'Remembered from last time. Change it only if it is wrong.'
  if (shown !== '' && !forThem) return 'You typed this before you chose this person. Please check that it is theirs.'
  return 'A whole number, from the details of the employee in EasyFreelance. Enter shows who has it and sends nothing.'
}

function confirmationIn(form: VerifyForm): KnownBlock[] {
  const { confirmation } = form
  const pair = pairOf(form)
  const isAboutThis =
    confirmation?.employeeId === pair?.employeeId && confirmation?.employeeNumber === pair?.employeeNumber
  return confirmation !== null && isAboutThis ? [confirmationSection(confirmation)] : []
}

/** Only while no number is known for the person. */
function offersLookup({ employeeId, rememberedNumber, lookup }: VerifyForm): boolean {
  return lookup !== 'off' && rememberedNumber === null && employeeId !== null && isUserId(employeeId)
}

function lookupIn(form: VerifyForm): InputBlock[] {
  const { employeeId, lookup } = form
  if (employeeId === null || !offersLookup(form)) return []
  const ticked: MrkdwnOption = { value: 'yes', text: mrkdwn(`Find ${mention(employeeId)} by e-mail`) }
  return [
    {
      type: 'input',
      block_id: lookupBlock(employeeId),
      optional: true,
      label: plain('No id at hand?'),
      hint: plain(LOOKUP_HINT),
      element: {
        type: 'checkboxes',
        action_id: LOOKUP_ACTION,
        options: [ticked],
        ...(lookup === 'wanted' ? { initial_options: [ticked] } : {}),
      },
    },
  ]
}

const LOOKUP_HINT =
  'EasyFreelance gets the e-mail address that Slack has confirmed. This links their account to your company, or creates one when there is none.'
