import { type JsonObject, objectIn, objectsIn, textIn } from '../../../slack/json.ts'
import { Element } from '../elements/element.tsx'
import { ContextBlock } from './context-block.tsx'
import { ImageBlock } from './image-block.tsx'
import { InputBlock } from './input-block.tsx'
import { SectionBlock } from './section-block.tsx'
import { TextObject } from './text-object.tsx'
import { Unknown } from './unknown.tsx'

/** Blocks keep their identity by block id, so that an update in place leaves focus and typing alone. */
export function BlockList({ blocks }: { readonly blocks: readonly JsonObject[] }) {
  return (
    <div class="blocks">
      {blocks.map((block, index) => (
        <Block key={textIn(block.block_id) || index} block={block} />
      ))}
    </div>
  )
}

function Block({ block }: { readonly block: JsonObject }) {
  switch (block.type) {
    case 'header':
      return (
        <h3 class="block-header">
          <TextObject text={block.text} />
        </h3>
      )
    case 'section':
      return <SectionBlock block={block} />
    case 'context':
      return <ContextBlock block={block} />
    case 'divider':
      return <hr class="block-divider" />
    case 'actions':
      return (
        <div class="block-actions">
          {objectsIn(block.elements).map((element, index) => (
            <Element key={textIn(element.action_id) || index} block={block} element={element} />
          ))}
        </div>
      )
    case 'input':
      return <InputBlock block={block} element={objectIn(block.element)} />
    case 'image':
      return <ImageBlock block={block} />
    default:
      return <Unknown what="block" json={block} />
  }
}
