import { textIn } from '../../../slack/json.ts'
import { wordsOf } from '../blocks/text-object.tsx'
import type { ElementProps } from './element.tsx'

/** Name, description and state for assistive technology; elements outside of inputs are named by their placeholder. */
export function fieldAttributes({ element, labelledBy, describedBy, invalid, required }: ElementProps) {
  const named =
    labelledBy === undefined
      ? { 'aria-label': wordsOf(element.placeholder) || textIn(element.action_id) || 'Choose' }
      : { 'aria-labelledby': labelledBy }
  return {
    ...named,
    'data-action': textIn(element.action_id),
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    ...(invalid === true ? { 'aria-invalid': true } : {}),
    ...(required === true ? { 'aria-required': true } : {}),
  }
}
