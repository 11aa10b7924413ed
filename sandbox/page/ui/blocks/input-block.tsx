import { useContext } from 'preact/hooks'
import { type JsonObject, textIn } from '../../../slack/json.ts'
import { Element } from '../elements/element.tsx'
import { useElementId } from '../elements/use-element-id.ts'
import { Icon } from '../shell/icon.tsx'
import { SurfaceContext } from '../state/surface.ts'
import { TextObject } from './text-object.tsx'

/** A labelled field with its hint and what is wrong with it. */
export function InputBlock({ block, element }: { readonly block: JsonObject; readonly element: JsonObject }) {
  const { errors } = useContext(SurfaceContext)
  const id = useElementId(block, 'input')
  const error = errors[textIn(block.block_id)]
  const described = [
    ...(block.hint === undefined ? [] : [`${id}-hint`]),
    ...(error === undefined ? [] : [`${id}-error`]),
  ].join(' ')
  const isGroup = element.type === 'radio_buttons' || element.type === 'checkboxes'
  const label = (
    <>
      <TextObject text={block.label} />
      {block.optional === true ? <span class="optional"> (optional)</span> : null}
    </>
  )
  return (
    <div class={error === undefined ? 'block-input' : 'block-input wrong'}>
      {isGroup ? (
        <div class="label" id={`${id}-label`}>
          {label}
        </div>
      ) : (
        <label class="label" id={`${id}-label`} for={id}>
          {label}
        </label>
      )}
      <Element
        block={block}
        element={element}
        inputId={id}
        labelledBy={`${id}-label`}
        required={block.optional !== true}
        {...(described === '' ? {} : { describedBy: described })}
        {...(error === undefined ? {} : { invalid: true })}
      />
      {error === undefined ? null : (
        <p class="field-error" id={`${id}-error`}>
          <Icon name="warning" /> {error}
        </p>
      )}
      {block.hint === undefined ? null : (
        <p class="hint" id={`${id}-hint`}>
          <TextObject text={block.hint} />
        </p>
      )}
    </div>
  )
}
