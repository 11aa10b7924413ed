import { type JsonObject, objectsIn } from '../../../slack/json.ts'
import { Picture } from './image-block.tsx'
import { TextObject } from './text-object.tsx'
import { Unknown } from './unknown.tsx'

export function ContextBlock({ block }: { readonly block: JsonObject }) {
  return (
    <div class="block-context">
      {objectsIn(block.elements).map((element, index) => (
        <ContextElement key={index} element={element} />
      ))}
    </div>
  )
}

function ContextElement({ element }: { readonly element: JsonObject }) {
  switch (element.type) {
    case 'image':
      return <Picture image={element} />
    case 'mrkdwn':
    case 'plain_text':
      return <TextObject text={element} />
    default:
      return <Unknown what="element" json={element} />
  }
}
