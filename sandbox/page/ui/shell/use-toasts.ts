import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Snapshot } from '../../contract.ts'
import { arrivals } from '../state/arrivals.ts'
import type { Place } from '../state/place.ts'
import type { Toast } from './toasts.tsx'

const MOST = 3

/** One note for each person who got a direct message out of sight of whoever looks at the page. */
export function useToasts(snapshot: Snapshot, place: Place, go: (place: Place) => void) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const last = useRef(snapshot)
  const { as, at } = place

  useEffect(() => {
    const fresh = arrivals(last.current, snapshot).filter(({ personId }) => personId !== as || at !== 'app')
    last.current = snapshot
    if (snapshot.control.settingUp || fresh.length === 0) return
    const notes = fresh.map(({ personId, name }): Toast => {
      const first = name.split(' ')[0] ?? name
      const isMe = personId === as
      return {
        id: personId,
        words: isMe ? `${snapshot.workspace.appName} sent you a message` : `${name} got a direct message`,
        action: isMe ? 'Open it' : `Look as ${first}`,
        onAct: () => go({ as: personId, at: 'app' }),
      }
    })
    setToasts((before) => [...before.filter(({ id }) => notes.every((note) => note.id !== id)), ...notes].slice(-MOST))
  }, [snapshot, as, at, go])

  // Who is being looked at needs no note any more.
  useEffect(() => {
    if (at === 'app') setToasts((before) => before.filter(({ id }) => id !== as))
  }, [as, at])

  const done = useCallback((id: string) => setToasts((before) => before.filter((toast) => toast.id !== id)), [])
  return { toasts, done }
}
