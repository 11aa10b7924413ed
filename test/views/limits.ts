/** Slack's limits for blocks and views, as far as ours can meet them. Returns what is broken, in words. */
import type { ModalView } from '@slack/types'
import type { Content } from '../../src/views/blocks.ts'

type Json = Record<string, unknown>

const MOST: Record<string, Record<string, number>> = {
  section: { text: 3000, fields: 10 },
  context: { elements: 10 },
  actions: { elements: 25 },
  input: { label: 2000, hint: 2000 },
  button: { text: 75, value: 2000, url: 3000, accessibility_label: 75, action_id: 255 },
  radio_buttons: { options: 10, action_id: 255 },
  checkboxes: { options: 10, action_id: 255 },
  users_select: { placeholder: 150, action_id: 255 },
  plain_text_input: { initial_value: 3000, placeholder: 150, action_id: 255 },
  modal: { title: 24, submit: 24, close: 24, private_metadata: 3000, callback_id: 255, blocks: 100 },
}
const CONFIRM = { title: 100, text: 300, confirm: 30, deny: 30 }
const OPTION = { text: 75, value: 150, description: 75 }

export function brokenLimits(shown: Content | ModalView): string[] {
  const broken: string[] = []
  if ('type' in shown) {
    if (shown.blocks.some((block) => block.type === 'input') && !shown.submit) broken.push('inputs without submit')
  } else {
    if (shown.text.trim() === '') broken.push('no top-level text')
    if (shown.text.length > 4000) broken.push(`text of ${shown.text.length}`)
    if (shown.blocks.length === 0 || shown.blocks.length > 50) broken.push(`${shown.blocks.length} blocks`)
  }
  const ids = shown.blocks.map((block) => block.block_id).filter((id) => id !== undefined)
  if (new Set(ids).size < ids.length) broken.push('a block id twice')
  walk(shown, '', broken)
  return broken
}

function walk(value: unknown, path: string, broken: string[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      walk(item, `${path}[${at}]`, broken)
    })
  } else if (typeof value === 'object' && value !== null) {
    check(value as Json, path, broken)
    for (const [key, item] of Object.entries(value)) walk(item, `${path}.${key}`, broken)
  } else if (typeof value === 'string' && value === '') broken.push(`${path} is empty`)
}

function check(thing: Json, path: string, broken: string[]): void {
  const limits = limitsOf(thing, path)
  for (const [key, most] of Object.entries(limits)) {
    const length = lengthOf(thing[key])
    if (length > most) broken.push(`${path}.${key}: ${length} > ${most}`)
  }
  if (path.includes('.fields[') && lengthOf(thing) > 2000) broken.push(`${path}: a field over 2000`)
  if (lengthOf(thing.block_id) > 255) broken.push(`${path}: block id over 255`)
}

function limitsOf(thing: Json, path: string): Record<string, number> {
  if (path.endsWith('.confirm') && thing.type === undefined) return CONFIRM
  if (/\.(options\[\d+\]|initial_options\[\d+\]|initial_option)$/.test(path)) return OPTION
  return MOST[String(thing.type)] ?? {}
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  if (typeof value === 'object' && value !== null && 'text' in value) return lengthOf(value.text)
  return 0
}
