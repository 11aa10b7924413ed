import { isObject, type JsonObject, objectsIn, textIn } from './json.ts'

/** An element a person can use, the block it stands in, and where that is. */
export type Placed = { block: JsonObject; element: JsonObject; pointer: string }

function placedIn(block: JsonObject, pointer: string): Placed[] {
  switch (block.type) {
    case 'actions':
      return objectsIn(block.elements).map((element, index) => ({
        block,
        element,
        pointer: `${pointer}/elements/${index}`,
      }))
    case 'section':
      return isObject(block.accessory) && block.accessory.type !== 'image'
        ? [{ block, element: block.accessory, pointer: `${pointer}/accessory` }]
        : []
    case 'input':
      return isObject(block.element) ? [{ block, element: block.element, pointer: `${pointer}/element` }] : []
    default:
      return []
  }
}

/** Every interactive element of the blocks, in reading order. */
export function interactiveElements(blocks: readonly JsonObject[], pointer = ''): Placed[] {
  return blocks.flatMap((block, index) => placedIn(block, `${pointer}/${index}`))
}

export function findElement(blocks: readonly JsonObject[], actionId: string): Placed | undefined {
  return interactiveElements(blocks).find(({ element }) => element.action_id === actionId)
}

/** Slack makes up the ids an app leaves out. docs.slack.dev/reference/block-kit/blocks: "one will be generated". */
export function withIds(blocks: readonly JsonObject[], newId: () => string): JsonObject[] {
  const copy = structuredClone(blocks) as JsonObject[]
  for (const block of copy) block.block_id = textIn(block.block_id) || newId()
  for (const { element } of interactiveElements(copy)) element.action_id = textIn(element.action_id) || newId()
  return copy
}
