import type { ActRequest, PageChannel, Snapshot } from '../../contract.ts'
import type { Place } from '../state/place.ts'
import { Composer } from './composer.tsx'
import { HomeTab } from './home-tab.tsx'
import { MessageList } from './message-list.tsx'

type Props = {
  readonly snapshot: Snapshot
  readonly place: Place
  /** The channel or direct message; null when the place is the Home tab. */
  readonly channel: PageChannel | undefined
  act(request: ActRequest): Promise<string | null>
}

export function Conversation({ snapshot, place, channel, act }: Props) {
  if (place.at === 'home') return <HomeTab snapshot={snapshot} as={place.as} act={act} />
  if (channel === undefined) return <p class="nothing">There is no conversation here.</p>
  const messages = snapshot.messages.filter(
    ({ channelId, ephemeralTo }) => channelId === channel.id && (ephemeralTo === null || ephemeralTo === place.as),
  )
  const title = channel.kind === 'app_dm' ? snapshot.workspace.appName : `#${channel.name}`
  return (
    <>
      <MessageList
        key={`${place.as} ${channel.id}`}
        snapshot={snapshot}
        channel={channel}
        messages={messages}
        as={place.as}
        title={title}
        act={act}
      />
      <Composer
        key={`composer ${place.as} ${channel.id}`}
        snapshot={snapshot}
        channel={channel}
        as={place.as}
        title={title}
        act={act}
      />
    </>
  )
}
