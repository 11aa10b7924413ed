import { useContext, useState } from 'preact/hooks'
import { textIn } from '../../../slack/json.ts'
import { TextObject, wordsOf } from '../blocks/text-object.tsx'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { safeUrl } from '../mrkdwn/safe-url.ts'
import { Icon } from '../shell/icon.tsx'
import { SurfaceContext } from '../state/surface.ts'
import type { ElementProps } from './element.tsx'
import { FieldProblem } from './field-problem.tsx'

/** A button tells the app; one with a url opens a tab besides. */
export function ButtonElement({ element }: ElementProps) {
  const { act } = useContext(SurfaceContext)
  const ask = useConfirm()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const url = safeUrl(textIn(element.url))
  const confirms = element.confirm !== undefined
  const label = textIn(element.accessibility_label)
  const style = element.style === 'primary' || element.style === 'danger' ? ` ${element.style}` : ''

  const press = async () => {
    if (busy) return
    if (!(await ask(element.confirm))) return
    if (url !== null && confirms) open(url, '_blank', 'noopener,noreferrer')
    setBusy(true)
    setProblem(await act({ do: 'press', actionId: textIn(element.action_id) }))
    setBusy(false)
  }
  const shared = {
    class: `button${style}`,
    'aria-busy': busy,
    'data-action': textIn(element.action_id),
    ...nameOf(label, wordsOf(element.text)),
  }
  return (
    <span class="button-place">
      {url !== null && !confirms ? (
        <a {...shared} href={url} target="_blank" rel="noopener noreferrer" onClick={() => void press()}>
          <TextObject text={element.text} />
          <Icon name="external" />
        </a>
      ) : (
        <button {...shared} type="button" onClick={() => void press()}>
          <TextObject text={element.text} />
        </button>
      )}
      <FieldProblem problem={problem} />
    </span>
  )
}

/** Who says aloud what they see must reach the button: another label describes it, and does not rename it. */
function nameOf(label: string, words: string) {
  if (label === '') return {}
  return label.includes(words) ? { 'aria-label': label } : { 'aria-description': label }
}
