import { useContext, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { ActRequest, PageChannel, PageMessage, Snapshot } from '../../contract.ts'
import { WorkspaceContext } from '../state/workspace-context.ts'
import { EmptyConversation } from './empty-conversation.tsx'
import { Message } from './message.tsx'
import { dayName, dayOf, unixOf } from './times.ts'

type Props = {
  readonly snapshot: Snapshot
  readonly channel: PageChannel
  readonly messages: readonly PageMessage[]
  readonly as: string
  readonly title: string
  act(request: ActRequest): Promise<string | null>
}

const NEAR_PX = 80
const TOGETHER_SECONDS = 300

export function MessageList({ snapshot, channel, messages, as, title, act }: Props) {
  const { now } = useContext(WorkspaceContext)
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  const [isBehind, setBehind] = useState(false)
  const last = messages.at(-1)?.ts

  const toEnd = () => box.current?.scrollTo({ top: box.current.scrollHeight })

  // Stays at the end while somebody reads there; whoever has scrolled up is left where they are.
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
    else setBehind(true)
  }, [last])
  useLayoutEffect(() => {
    if (atEnd.current) toEnd()
  })

  const onScroll = () => {
    const list = box.current
    if (list === null) return
    atEnd.current = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_PX
    if (atEnd.current) setBehind(false)
  }
  return (
    <div class="messages-place">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={box} class="messages" aria-label={`Messages in ${title}`} tabIndex={0} onScroll={onScroll}>
        {messages.length === 0 ? <EmptyConversation snapshot={snapshot} channel={channel} /> : null}
        <ol>
          {messages.map((message, index) => {
            const before = messages[index - 1]
            const newDay = before === undefined || dayOf(before.ts) !== dayOf(message.ts)
            return (
              <li key={message.ts}>
                {newDay ? (
                  <div class="day">
                    <h2>{dayName(message.ts, now)}</h2>
                  </div>
                ) : null}
                <Message message={message} as={as} follows={!newDay && follows(message, before)} act={act} />
              </li>
            )
          })}
        </ol>
      </section>
      {isBehind ? (
        <button type="button" class="to-end" onClick={toEnd}>
          New messages below
        </button>
      ) : null}
    </div>
  )
}

/** Messages of one author soon after each other share one name and picture. */
function follows(message: PageMessage, before: PageMessage): boolean {
  return (
    message.userId === before.userId &&
    message.ephemeralTo === before.ephemeralTo &&
    unixOf(message.ts) - unixOf(before.ts) < TOGETHER_SECONDS
  )
}
