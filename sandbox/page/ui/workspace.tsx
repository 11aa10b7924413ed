import { useMemo, useState } from 'preact/hooks'
import type { Snapshot } from '../contract.ts'
import { ControlPanel } from './control/control-panel.tsx'
import { ConfirmContext } from './dialogs/confirm-context.ts'
import { ConfirmDialog } from './dialogs/confirm-dialog.tsx'
import { ModalWindow } from './dialogs/modal-window.tsx'
import { useAsking } from './dialogs/use-asking.ts'
import { Announcer } from './shell/announcer.tsx'
import { Conversation } from './shell/conversation.tsx'
import { MainHead } from './shell/main-head.tsx'
import { Notices } from './shell/notices.tsx'
import { Sidebar } from './shell/sidebar.tsx'
import { Toasts } from './shell/toasts.tsx'
import { useToasts } from './shell/use-toasts.ts'
import { appDmOf, type Place, settlePlace } from './state/place.ts'
import { usePreference } from './state/preference.ts'
import { unreadDirect } from './state/unread.ts'
import { useClock } from './state/use-clock.ts'
import { NARROW, useMedia } from './state/use-media.ts'
import { usePlace } from './state/use-place.ts'
import type { Sandbox } from './state/use-sandbox.ts'
import { useUnread } from './state/use-unread.ts'
import { WorkspaceContext, workspaceInfo } from './state/workspace-context.ts'

type Props = { readonly sandbox: Sandbox; readonly snapshot: Snapshot }

/** The whole page: who and where, the conversation, what lies over it, and the control panel beside it. */
export function Workspace({ sandbox, snapshot }: Props) {
  const [wished, setWished] = usePlace()
  const place = settlePlace(wished, snapshot)
  const isApp = place.at === 'app'
  const channel = isApp ? appDmOf(snapshot, place.as) : snapshot.channels.find(({ id }) => id === place.at)
  const read = useUnread(snapshot, place.as, channel?.id ?? null)
  const now = useClock(sandbox.aheadMs)
  const info = useMemo(() => workspaceInfo(snapshot, place.as, now), [snapshot, place.as, now])
  const [panel, setPanel] = usePreference('sandbox-panel', ['open', 'closed'], 'closed')
  const [menuOpen, setMenuOpen] = useState(false)
  const { question, ask, answer } = useAsking()
  const modals = snapshot.modals[place.as] ?? []
  const top = modals.at(-1)
  const isCovered = top !== undefined || question !== null

  const isNarrow = useMedia(NARROW)
  const isMenu = isNarrow && menuOpen
  const isSheet = isNarrow && panel === 'open'

  const closeMenu = () => {
    setMenuOpen(false)
    focusSoon('.menu')
  }
  const togglePanel = (open: boolean) => {
    setPanel(open ? 'open' : 'closed')
    focusSoon(open ? '.panel [role="tab"][aria-selected="true"]' : '.panel-toggle')
  }
  const go = (next: Place) => {
    setWished(next)
    setMenuOpen(false)
  }
  const { toasts, done } = useToasts(snapshot, place)
  const others = snapshot.people.filter(({ id, canAct }) => canAct && id !== place.as)
  const othersUnread = others.reduce((sum, { id }) => sum + unreadDirect(snapshot, read, id), 0)

  return (
    <WorkspaceContext.Provider value={info}>
      <ConfirmContext.Provider value={ask}>
        <div class={panel === 'open' ? 'shell with-panel' : 'shell'} inert={isCovered}>
          <Sidebar
            snapshot={snapshot}
            place={place}
            read={read}
            isOpen={isMenu}
            inert={isNarrow && !isMenu}
            go={go}
            onClose={closeMenu}
          />
          {isMenu ? (
            <button type="button" class="scrim" aria-label="Back to the conversation" onClick={closeMenu} />
          ) : null}
          <main class="main" inert={isMenu || isSheet}>
            <MainHead
              snapshot={snapshot}
              place={place}
              channel={channel}
              panelOpen={panel === 'open'}
              othersUnread={othersUnread}
              go={go}
              onMenu={() => {
                setMenuOpen(true)
                focusSoon('.sidebar [aria-current]')
              }}
              onPanel={() => togglePanel(panel !== 'open')}
            />
            <Notices connected={sandbox.connected} settingUp={snapshot.control.settingUp} />
            <Conversation snapshot={snapshot} place={place} channel={channel} act={sandbox.act} />
          </main>
          {panel === 'open' ? (
            <ControlPanel
              snapshot={snapshot}
              now={now}
              control={sandbox.control}
              onLookAs={(as) => {
                go({ as, at: 'app' })
                if (isNarrow) setPanel('closed')
              }}
              onClose={() => togglePanel(false)}
            />
          ) : null}
        </div>
        {top === undefined ? null : (
          <ModalWindow
            key={`${place.as} ${top.id}`}
            shown={top}
            depth={modals.length}
            as={place.as}
            appName={snapshot.workspace.appName}
            inert={question !== null}
            act={sandbox.act}
          />
        )}
        {question === null ? null : <ConfirmDialog confirm={question} onAnswer={answer} />}
        <Toasts toasts={toasts} paused={isCovered} onLookAs={(as) => go({ as, at: 'app' })} onDone={done} />
        <Announcer snapshot={snapshot} place={place} channelId={channel?.id ?? null} />
      </ConfirmContext.Provider>
    </WorkspaceContext.Provider>
  )
}

/** Focus goes with what opens and closes, once it is there. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus())
}
