import type { JsonObject } from './slack/json.ts'
import type { Message } from './slack/messages.ts'
import type { PersonDriver } from './slack/person.ts'

/** Finds things the way a person does: by what is written on them. */

type Element = {
  action_id?: string
  text?: { text?: string }
  options?: { text?: { text?: string }; value?: string }[]
  url?: string
}
type Block = {
  label?: { text?: string }
  text?: { text?: string }
  element?: Element
  elements?: Element[]
  accessory?: Element
}

/** The button of a message that says so; undefined when there is none. */
export function button(message: Message, label: RegExp): { actionId: string; url: string | undefined } | undefined {
  for (const block of message.blocks as Block[]) {
    for (const element of [...(block.elements ?? []), ...(block.accessory === undefined ? [] : [block.accessory])]) {
      if (element.action_id !== undefined && label.test(element.text?.text ?? '')) {
        return { actionId: element.action_id, url: element.url }
      }
    }
  }
  return undefined
}

export async function press(person: PersonDriver, message: Message, label: RegExp) {
  const found = button(message, label)
  if (found === undefined) throw new Error(`no button ${label} in: ${message.text}`)
  await person.press(message, found.actionId)
  return found
}

/** Fills one field of the open form: picks the person or the option that reads so, or types the text, with or without Enter. */
export async function fill(
  person: PersonDriver,
  label: RegExp,
  value: string,
  { enter = true }: { readonly enter?: boolean } = {},
): Promise<void> {
  const view = person.view()
  const blocks = (view?.blocks ?? []) as (JsonObject & Block)[]
  const element = blocks.find((block) => label.test(block.label?.text ?? ''))?.element
  if (element?.action_id === undefined) throw new Error(`no field ${label} in the form`)
  const { action_id: actionId, options } = element
  if (options !== undefined) {
    const option = options.find(({ text }) => text?.text === value)
    if (option?.value === undefined) throw new Error(`no option ${value} at ${label}`)
    await person.choose(actionId, option.value)
  } else if (/^[UW][A-Z0-9]+$/.test(value)) await person.choose(actionId, value)
  else if (enter) await person.type(actionId, value)
  else await person.write(actionId, value)
}

/** Whether the open form says who has this number at EasyFreelance, or that EasyFreelance doesn't say. */
export function isConfirmed(person: PersonDriver, number: number): boolean {
  const said = new RegExp(`\\b${number} is \\*|(knows nobody|did not say|does not let) .*\\b${number}\\b`)
  return ((person.view()?.blocks ?? []) as Block[]).some(({ text }) => said.test(text?.text ?? ''))
}
