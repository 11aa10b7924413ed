import type { Snapshot } from '../../contract.ts'
import { appDmOf, channelsOf, type Place } from '../state/place.ts'
import { type ReadMarks, unreadOf } from '../state/unread.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { PersonSwitch } from './person-switch.tsx'
import { ThemeToggle } from './theme-toggle.tsx'

type Props = {
  readonly snapshot: Snapshot
  readonly place: Place
  readonly read: ReadMarks
  readonly isOpen: boolean
  readonly inert: boolean
  go(place: Place): void
  onClose(): void
}

/** Where one can go, and who one is. */
export function Sidebar({ snapshot, place, read, isOpen, inert, go, onClose }: Props) {
  const { workspace } = snapshot
  const unread = unreadOf(snapshot, read, place.as)
  const dm = appDmOf(snapshot, place.as)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape closes it from anywhere inside
    <div
      class={isOpen ? 'sidebar open' : 'sidebar'}
      inert={inert}
      onKeyDown={({ key }) => {
        if (isOpen && key === 'Escape') onClose()
      }}
    >
      <header class="sidebar-head">
        <span class="workspace-mark" aria-hidden="true">
          {workspace.name.charAt(0)}
        </span>
        <p class="workspace-name">{workspace.name}</p>
        <ThemeToggle />
        <button type="button" class="icon-button only-narrow" aria-label="Close the sidebar" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <nav class="sidebar-places" aria-label="Conversations">
        <h2>Channels</h2>
        <ul>
          {channelsOf(snapshot, place.as).map(({ id, name, kind }) => (
            <li key={id}>
              <PlaceLink
                current={place.at === id}
                unread={unread.get(id) ?? 0}
                onGo={() => go({ as: place.as, at: id })}
              >
                <Icon name={kind === 'private' ? 'lock' : 'hash'} />
                <span class="place-name">{name}</span>
              </PlaceLink>
            </li>
          ))}
        </ul>
        <h2>Apps</h2>
        <ul>
          <li>
            <PlaceLink
              current={place.at === 'app' || place.at === 'home'}
              unread={dm === undefined ? 0 : (unread.get(dm.id) ?? 0)}
              onGo={() => go({ as: place.as, at: 'app' })}
            >
              <Avatar id={workspace.botUserId} name={workspace.appName} size="tiny" app />
              <span class="place-name">{workspace.appName}</span>
            </PlaceLink>
          </li>
        </ul>
      </nav>
      <PersonSwitch snapshot={snapshot} as={place.as} read={read} onPick={(as, at) => go({ as, at: at ?? place.at })} />
    </div>
  )
}

type LinkProps = {
  readonly current: boolean
  readonly unread: number
  readonly children: preact.ComponentChildren
  onGo(): void
}

function PlaceLink({ current, unread, children, onGo }: LinkProps) {
  return (
    <button
      type="button"
      class={unread > 0 ? 'place unread' : 'place'}
      {...(current ? { 'aria-current': 'page' as const } : {})}
      onClick={onGo}
    >
      {children}
      {unread > 0 ? (
        <span class="badge">
          {unread}
          <span class="sr-only"> unread</span>
        </span>
      ) : null}
    </button>
  )
}
