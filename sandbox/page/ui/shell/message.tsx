import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { ActRequest, PageMessage } from '../../contract.ts'
import { BlockList } from '../blocks/block-list.tsx'
import { MrkdwnText } from '../mrkdwn/mrkdwn-text.tsx'
import { SurfaceContext } from '../state/surface.ts'
import { useSurface } from '../state/use-surface.ts'
import { WorkspaceContext } from '../state/workspace-context.ts'
import { Avatar } from './avatar.tsx'
import { Icon } from './icon.tsx'
import { fullTimeOf, timeOf, unixOf } from './times.ts'

type Props = {
  readonly message: PageMessage
  readonly as: string
  /** Right after another of the same author: without name and picture. */
  readonly follows: boolean
  act(request: ActRequest): Promise<string | null>
}

export function Message({ message, as, follows, act }: Props) {
  const { nameOf, botUserId } = useContext(WorkspaceContext)
  const { channelId, ts, userId, text, blocks, edited, ephemeralTo } = message
  const surface = useSurface({ kind: 'message', id: `message-${channelId}-${ts}`, as, target: { channelId, ts }, act })
  const changed = useJustChanged(`${text}${blocks.length}`)
  const name = nameOf(userId) ?? userId
  const isApp = userId === botUserId
  const classes = [
    'message',
    ...(follows ? ['follows'] : []),
    ...(ephemeralTo === null ? [] : ['ephemeral']),
    ...(changed ? ['just-changed'] : []),
  ]
  const time = (
    <time dateTime={new Date(unixOf(ts) * 1000).toISOString()} title={fullTimeOf(ts)}>
      {timeOf(ts)}
    </time>
  )
  return (
    <article class={classes.join(' ')} aria-label={`${name}, ${timeOf(ts)}`}>
      <div class="message-side">{follows ? time : <Avatar id={userId} name={name} app={isApp} />}</div>
      <div class="message-main">
        {ephemeralTo === null ? null : (
          <p class="only-you">
            <Icon name="eye" /> Only visible to you
          </p>
        )}
        {follows ? null : (
          <p class="message-head">
            <strong>{name}</strong>
            {isApp ? <span class="app-tag">App</span> : null}
            {time}
          </p>
        )}
        <SurfaceContext.Provider value={surface}>
          {blocks.length > 0 ? <BlockList blocks={blocks} /> : <MrkdwnText text={text} />}
        </SurfaceContext.Provider>
        {/* Slack does not say so of messages made of blocks. */}
        {edited && blocks.length === 0 ? <span class="edited">(edited)</span> : null}
      </div>
    </article>
  )
}

/** True for a moment after the message has been edited, so that the eye finds it. */
function useJustChanged(contents: string): boolean {
  const before = useRef(contents)
  const [changed, setChanged] = useState(false)
  useEffect(() => {
    if (before.current === contents) return
    before.current = contents
    setChanged(true)
    const timer = setTimeout(() => setChanged(false), 1800)
    return () => clearTimeout(timer)
  }, [contents])
  return changed
}
