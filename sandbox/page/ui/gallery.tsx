import { render } from 'preact'
import { type JsonObject, objectsIn } from '../../slack/json.ts'
import type { PageView, Snapshot } from '../contract.ts'
import { ConfirmDialog } from './dialogs/confirm-dialog.tsx'
import { ModalWindow } from './dialogs/modal-window.tsx'
import { HomeTab } from './shell/home-tab.tsx'
import { Message } from './shell/message.tsx'
import { WorkspaceContext, workspaceInfo } from './state/workspace-context.ts'
import './styles/app.css'

// One message, modal or Home view by itself: for checking that everything the bot can send is shown.

type Shown = {
  readonly snapshot: Snapshot
  readonly as: string
  readonly kind: 'message' | 'modal' | 'home'
  /** A message's or a view's `blocks`, `title` and so on. */
  readonly payload: JsonObject
}

export type Seen = { readonly words: string; readonly unknown: readonly string[] }

const noAct = async () => null

function Piece({ snapshot, as, kind, payload }: Shown) {
  const blocks = objectsIn(payload.blocks)
  const view: PageView = { id: 'V1', hash: '', view: payload, values: {}, errors: {}, failure: null }
  switch (kind) {
    case 'modal':
      return <ModalWindow shown={view} depth={1} as={as} appName="Verify" inert={false} act={noAct} />
    case 'home':
      return <HomeTab snapshot={{ ...snapshot, homes: { [as]: view } }} as={as} act={noAct} />
    case 'message': {
      const message = { channelId: 'D1', ts: '1.000100', userId: snapshot.workspace.botUserId, text: '', blocks }
      return <Message message={{ ...message, edited: false, ephemeralTo: null }} as={as} follows={false} act={noAct} />
    }
  }
}

function confirmsIn(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.flatMap(confirmsIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [
    ...(key === 'confirm' && 'deny' in inner ? [inner as JsonObject] : []),
    ...confirmsIn(inner),
  ])
}

/** Everything a person can read of one payload, its confirmations and what stands in fields included. */
function show(shown: Shown): Seen {
  const place = document.getElementById('app')
  if (place === null) throw new Error('the page has no #app')
  render(null, place)
  render(
    <WorkspaceContext.Provider value={workspaceInfo(shown.snapshot, shown.as, shown.snapshot.control.now)}>
      <Piece {...shown} />
      {confirmsIn(shown.payload).map((confirm, index) => (
        <ConfirmDialog key={index} confirm={confirm} onAnswer={() => undefined} />
      ))}
    </WorkspaceContext.Provider>,
    place,
  )
  const fields = [...place.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')]
  const named = [...place.querySelectorAll('[aria-label], [aria-description]')]
  const words = [
    place.innerText,
    ...fields.flatMap(({ value, placeholder }) => [value, placeholder]),
    ...named.flatMap((each) => [each.getAttribute('aria-label'), each.getAttribute('aria-description')]),
  ]
  const unknown = [...place.querySelectorAll<HTMLElement>('[data-unknown]')]
  return { words: words.join('\n'), unknown: unknown.map((each) => each.dataset.unknown ?? '') }
}

Object.assign(window, { show: (all: readonly Shown[]) => all.map(show) })
