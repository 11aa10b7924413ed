import type { PageChannel, Snapshot } from '../../contract.ts'
import type { Place } from '../state/place.ts'
import { Icon } from './icon.tsx'
import { StatusPills } from './status-pills.tsx'

type Props = {
  readonly snapshot: Snapshot
  readonly place: Place
  readonly channel: PageChannel | undefined
  readonly panelOpen: boolean
  readonly othersUnread: number
  go(place: Place): void
  onMenu(): void
  onPanel(): void
}

const NO_HOME = "This app's manifest has no Home tab."

/** The conversation's name, the app's tabs, and whatever is out of the ordinary. */
export function MainHead({ snapshot, place, channel, panelOpen, othersUnread, go, onMenu, onPanel }: Props) {
  const isApp = place.at === 'app' || place.at === 'home'
  return (
    <header class="main-head">
      <button type="button" class="icon-button only-narrow menu" aria-label="Open the sidebar" onClick={onMenu}>
        <Icon name="menu" />
        {othersUnread > 0 ? <span class="dot" /> : null}
      </button>
      <h1>
        {isApp ? null : <Icon name={channel?.kind === 'private' ? 'lock' : 'hash'} />}
        {isApp ? snapshot.workspace.appName : (channel?.name ?? '')}
      </h1>
      {isApp ? (
        <nav class="tabs" aria-label={snapshot.workspace.appName}>
          <button
            type="button"
            {...(place.at === 'home' ? { 'aria-current': 'page' as const } : {})}
            aria-disabled={!snapshot.homeTab}
            title={snapshot.homeTab ? 'Home' : NO_HOME}
            {...(snapshot.homeTab ? {} : { 'aria-description': NO_HOME })}
            onClick={() => {
              if (snapshot.homeTab) go({ ...place, at: 'home' })
            }}
          >
            Home{snapshot.homeTab ? null : <span class="off"> not in the manifest</span>}
          </button>
          <button
            type="button"
            {...(place.at === 'app' ? { 'aria-current': 'page' as const } : {})}
            onClick={() => go({ ...place, at: 'app' })}
          >
            Messages
          </button>
        </nav>
      ) : null}
      <StatusPills control={snapshot.control} onOpen={onPanel} />
      <button
        type="button"
        class="button panel-toggle"
        aria-expanded={panelOpen}
        aria-controls="panel"
        onClick={onPanel}
      >
        <Icon name="sliders" /> <span>Control panel</span>
      </button>
    </header>
  )
}
