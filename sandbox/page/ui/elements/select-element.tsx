import { useContext } from 'preact/hooks'
import { wordsOf } from '../blocks/text-object.tsx'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { elementValue, optionValue } from '../state/element-value.ts'
import { SurfaceContext } from '../state/surface.ts'
import { useChoiceDraft } from '../state/use-draft.ts'
import { WorkspaceContext } from '../state/workspace-context.ts'
import { Combobox } from './combobox.tsx'
import type { ElementProps } from './element.tsx'
import { fieldAttributes } from './field-attributes.ts'
import { FieldProblem } from './field-problem.tsx'
import { choicesOf } from './select-choices.ts'
import { useElementId } from './use-element-id.ts'

/** static_select, users_select and conversations_select: one searchable list. */
export function SelectElement(props: ElementProps) {
  const { block, element, inputId } = props
  const { values } = useContext(SurfaceContext)
  const workspace = useContext(WorkspaceContext)
  const ask = useConfirm()
  const held = elementValue(block, element, values)
  const standing = element.type === 'static_select' ? optionValue(held) : typeof held === 'string' ? held : null
  const { value, problem, choose } = useChoiceDraft<string | null>(block, element, standing)
  const ownId = useElementId(block, String(element.action_id))

  const pick = async (picked: string | null) => {
    if (picked !== value && (await ask(element.confirm))) await choose(picked, picked)
  }
  return (
    <>
      <Combobox
        id={inputId ?? ownId}
        attributes={fieldAttributes(props)}
        choices={choicesOf(element, workspace)}
        value={value}
        placeholder={wordsOf(element.placeholder) || 'Choose'}
        clearable={block.type === 'input' && block.optional === true}
        onPick={(picked) => void pick(picked)}
      />
      <FieldProblem problem={problem} />
    </>
  )
}
