import { useCallback, useEffect, useState } from 'preact/hooks'
import { type Place, readPlace, writePlace } from './place.ts'

/** The wished place, kept in the address bar. */
export function usePlace(): readonly [Partial<Place>, (place: Place) => void] {
  const [wished, setWished] = useState(() => readPlace(location.hash))
  useEffect(() => {
    const follow = () => setWished(readPlace(location.hash))
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [])
  const go = useCallback((place: Place) => {
    history.replaceState(null, '', writePlace(place))
    setWished(place)
  }, [])
  return [wished, go]
}
