import { useEffect, useRef, useState } from 'preact/hooks'
import { objectsIn } from '../../../slack/json.ts'
import type { ActRequest, PageView } from '../../contract.ts'
import { BlockList } from '../blocks/block-list.tsx'
import { TextObject } from '../blocks/text-object.tsx'
import { Icon } from '../shell/icon.tsx'
import { SurfaceContext } from '../state/surface.ts'
import { useSurface } from '../state/use-surface.ts'
import { Dialog } from './dialog.tsx'

type Props = {
  readonly shown: PageView
  readonly depth: number
  readonly as: string
  readonly appName: string
  readonly inert: boolean
  act(request: ActRequest): Promise<string | null>
}

/** The modal on top of one person's stack. */
export function ModalWindow({ shown, depth, as, appName, inert, act }: Props) {
  const { id, view, values, errors, failure } = shown
  const surface = useSurface({ kind: 'modal', id: `modal-${id}`, as, target: 'modal', values, errors, act })
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const body = useRef<HTMLFormElement>(null)
  const [submitted, setSubmitted] = useState(0)
  const title = `${surface.id}-title`
  const banner = failure ?? problem

  const submit = async () => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    await surface.settle()
    setProblem(await act({ as, do: 'submit' }))
    surface.forgetEdits()
    setBusy(false)
    setSubmitted((times) => times + 1)
  }
  const close = () => void act({ as, do: 'close' }).then(setProblem)

  useEffect(() => {
    if (submitted === 0) return
    const wrong = body.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
    const field = wrong?.matches('[role="radiogroup"]') ? wrong.querySelector<HTMLElement>('input') : wrong
    field?.focus()
  }, [submitted])

  return (
    <div class="layer">
      <Dialog class="dialog" labelledBy={title} inert={inert} onEscape={close}>
        <header class="dialog-head">
          <span class="app-mark" aria-hidden="true">
            {appName.charAt(0).toUpperCase()}
          </span>
          <h2 id={title}>
            <TextObject text={view.title} />
          </h2>
          {depth > 1 ? <span class="depth">{depth} open</span> : null}
          <button type="button" class="icon-button" aria-label="Close dialog" onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {banner === null ? null : (
          <p class="banner bad" role="alert">
            <Icon name="warning" /> {banner}
          </p>
        )}
        <form
          ref={body}
          id={`${surface.id}-form`}
          class="dialog-body"
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            if (view.submit !== undefined) void submit()
          }}
        >
          <SurfaceContext.Provider value={surface}>
            <BlockList key={id} blocks={objectsIn(view.blocks)} />
          </SurfaceContext.Provider>
        </form>
        <footer class="dialog-foot">
          <button type="button" class="button" onClick={close}>
            {view.close === undefined ? 'Cancel' : <TextObject text={view.close} />}
          </button>
          {view.submit === undefined ? null : (
            <button type="submit" form={`${surface.id}-form`} class="button primary" aria-busy={busy}>
              <TextObject text={view.submit} />
            </button>
          )}
        </footer>
      </Dialog>
    </div>
  )
}
