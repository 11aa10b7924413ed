import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import type { Snapshot } from '../../contract.ts'
import { arrivals } from '../state/arrivals.ts'
import type { Place } from '../state/place.ts'

/** Somebody got a direct message out of sight of whoever looks at the page. */
export type Toast = { readonly personId: string; readonly name: string }

const MOST = 3

/** One note for each person; none for whoever is being looked at. */
export function useToasts(snapshot: Snapshot, { as, at }: Place) {
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const last = useRef(snapshot)

  useEffect(() => {
    const fresh = arrivals(last.current, snapshot)
    last.current = snapshot
    if (snapshot.control.settingUp) setToasts([])
    else if (fresh.length > 0) {
      setToasts((before) => {
        const others = before.filter(({ personId }) => fresh.every((each) => each.personId !== personId))
        return [...others, ...fresh].slice(-MOST)
      })
    }
  }, [snapshot])

  const done = useCallback((id: string) => setToasts((all) => all.filter(({ personId }) => personId !== id)), [])
  useEffect(() => {
    if (at === 'app') done(as)
  }, [as, at, done, toasts])
  return { toasts: at === 'app' ? toasts.filter(({ personId }) => personId !== as) : toasts, done }
}
