import type { JsonObject } from '../../../slack/json.ts'
import { Unknown } from '../blocks/unknown.tsx'
import { ButtonElement } from './button-element.tsx'
import { CheckboxGroup } from './checkbox-group.tsx'
import { DatePicker } from './date-picker.tsx'
import { NumberInput } from './number-input.tsx'
import { RadioGroup } from './radio-group.tsx'
import { SelectElement } from './select-element.tsx'
import { TextInput } from './text-input.tsx'

export type ElementProps = {
  readonly block: JsonObject
  readonly element: JsonObject
  readonly inputId?: string
  readonly labelledBy?: string
  readonly describedBy?: string
  readonly invalid?: boolean
  readonly required?: boolean
}

export function Element(props: ElementProps) {
  switch (props.element.type) {
    case 'button':
      return <ButtonElement {...props} />
    case 'static_select':
    case 'users_select':
    case 'conversations_select':
      return <SelectElement {...props} />
    case 'radio_buttons':
      return <RadioGroup {...props} />
    case 'checkboxes':
      return <CheckboxGroup {...props} />
    case 'plain_text_input':
      return <TextInput {...props} />
    case 'number_input':
      return <NumberInput {...props} />
    case 'datepicker':
      return <DatePicker {...props} />
    default:
      return <Unknown what="element" json={props.element} />
  }
}
