import { isObject, type JsonObject, objectsIn, textIn } from '../../../slack/json.ts'
import { Element } from '../elements/element.tsx'
import { useElementId } from '../elements/use-element-id.ts'
import { Picture } from './image-block.tsx'
import { TextObject } from './text-object.tsx'

export function SectionBlock({ block }: { readonly block: JsonObject }) {
  const fields = objectsIn(block.fields)
  const id = useElementId(block, 'text')
  return (
    <div class="block-section">
      <div class="block-section-words">
        {block.text === undefined ? null : (
          <div id={id}>
            <TextObject text={block.text} />
          </div>
        )}
        {fields.length === 0 ? null : (
          <div class="block-fields">
            {fields.map((field, index) => (
              <div key={`${index}${textIn(field.text)}`}>
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {isObject(block.accessory) ? (
        <div class="block-accessory">
          {block.accessory.type === 'image' ? (
            <Picture image={block.accessory} />
          ) : (
            <Element
              block={block}
              element={block.accessory}
              {...(block.text === undefined ? {} : { labelledBy: id })}
            />
          )}
        </div>
      ) : null}
    </div>
  )
}
