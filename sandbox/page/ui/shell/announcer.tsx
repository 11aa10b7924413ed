import { useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { Snapshot } from '../../contract.ts'
import type { Place } from '../state/place.ts'
import { isAfter, newestTs } from '../state/unread.ts'
import { WorkspaceContext } from '../state/workspace-context.ts'

type Props = { readonly snapshot: Snapshot; readonly place: Place; readonly channelId: string | null }

/** Tells screen readers of a new message in the conversation they are in, by its text, which says it all. */
export function Announcer({ snapshot, place, channelId }: Props) {
  const { nameOf } = useContext(WorkspaceContext)
  const [words, setWords] = useState('')
  const where = `${place.as} ${channelId}`
  const last = useRef({ where: '', ts: '0' })

  useEffect(() => {
    const here = snapshot.messages.filter(
      (message) =>
        message.channelId === channelId && (message.ephemeralTo === null || message.ephemeralTo === place.as),
    )
    const newest = newestTs(here)
    const message = here.find(({ ts }) => ts === newest)
    const isNew = last.current.where === where && isAfter(newest, last.current.ts)
    last.current = { where, ts: newest }
    if (isNew && message !== undefined && message.userId !== place.as) {
      setWords(`${nameOf(message.userId) ?? 'Somebody'}: ${speakable(message.text, nameOf)}`)
    }
  }, [snapshot, where, channelId, place.as, nameOf])
  return (
    <div class="sr-only" role="log" aria-live="polite" aria-label="New messages">
      {words}
    </div>
  )
}

function speakable(text: string, nameOf: (id: string) => string | null): string {
  return text
    .replace(/<@([A-Z0-9]+)[^>]*>/g, (_, id: string) => nameOf(id) ?? 'somebody')
    .replace(/<[^|>]*\|([^>]*)>/g, '$1')
    .replace(/[*_~`]/g, '')
    .slice(0, 500)
}
