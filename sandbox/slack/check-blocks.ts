import { BLOCK_LIMITS } from './block-limits.ts'
import { messageBlocks, viewShape } from './block-shapes.ts'
import { interactiveElements } from './block-walk.ts'
import { isObject, type JsonObject, objectsIn, textIn } from './json.ts'
import type { Problem } from './shape.ts'
import { asSlackSays } from './shape.ts'
import { SlackRefusal } from './slack-refusal.ts'

/** What the blocks may point at. */
export type Known = { user: (id: string) => boolean; conversation: (id: string) => boolean }

function repeated(ids: readonly { id: string; pointer: string }[], says: string): Problem[] {
  const seen = new Set<string>()
  return ids.flatMap(({ id, pointer }) => {
    const again = id !== '' && seen.has(id)
    seen.add(id)
    return again ? [{ pointer, says: `${says}: ${id}` }] : []
  })
}

/** Rules between blocks: ids are unique, preselected people and conversations exist, one element has the focus. */
function problemsBetween(blocks: readonly JsonObject[], pointer: string, known: Known): Problem[] {
  const elements = interactiveElements(blocks, pointer)
  const focused = elements.filter(({ element }) => element.focus_on_load === true)
  return [
    ...repeated(
      blocks.map((block, index) => ({ id: textIn(block.block_id), pointer: `${pointer}/${index}/block_id` })),
      'block_id already exists',
    ),
    ...blocks.flatMap((block) =>
      repeated(
        elements
          .filter((placed) => placed.block === block)
          .map((placed) => ({ id: textIn(placed.element.action_id), pointer: `${placed.pointer}/action_id` })),
        'action_id already exists in this block',
      ),
    ),
    ...elements.flatMap(({ element, pointer: at }): Problem[] => {
      const user = textIn(element.initial_user)
      const conversation = textIn(element.initial_conversation)
      return [
        ...(user && !known.user(user) ? [{ pointer: `${at}/initial_user`, says: 'invalid user' }] : []),
        ...(conversation && !known.conversation(conversation)
          ? [{ pointer: `${at}/initial_conversation`, says: 'invalid conversation' }]
          : []),
      ]
    }),
    ...focused
      .slice(1)
      .map(({ pointer: at }) => ({ pointer: at, says: 'only one element can have focus_on_load set to true' })),
  ]
}

/** Every problem of a message's blocks. */
export function problemsOfMessageBlocks(blocks: unknown, known: Known): Problem[] {
  const problems = messageBlocks(blocks, '/blocks')
  return problems.length > 0 ? problems : problemsBetween(objectsIn(blocks), '/blocks', known)
}

/** Every problem of a view. */
export function problemsOfView(view: unknown, surface: 'modal' | 'home', known: Known): Problem[] {
  const problems = viewShape[surface](view, '/view')
  if (problems.length > 0 || !isObject(view)) return problems
  return problemsBetween(objectsIn(view.blocks), '/view/blocks', known)
}

/** The blocks of a message, or the refusal that chat.* answers. */
export function acceptMessageBlocks(blocks: unknown, known: Known): JsonObject[] {
  if (blocks === undefined) return []
  if (!Array.isArray(blocks)) throw new SlackRefusal('invalid_blocks_format')
  const problems = problemsOfMessageBlocks(blocks, known)
  if (problems.length > 0) {
    throw new SlackRefusal('invalid_blocks', {
      errors: problems.map(({ pointer, says }) => `${says} [json-pointer:${pointer}]`),
      response_metadata: { messages: problems.map(asSlackSays) },
    })
  }
  return objectsIn(blocks)
}

/** The view, or the refusal that views.* answers. */
export function acceptView(view: unknown, surface: 'modal' | 'home', known: Known): JsonObject {
  if (Buffer.byteLength(JSON.stringify(view ?? null)) > BLOCK_LIMITS.viewBytes) throw new SlackRefusal('view_too_large')
  const problems = problemsOfView(view, surface, known)
  if (problems.length > 0 || !isObject(view)) {
    throw new SlackRefusal('invalid_arguments', { response_metadata: { messages: problems.map(asSlackSays) } })
  }
  return view
}
