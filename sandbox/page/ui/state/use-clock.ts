import { useEffect, useState } from 'preact/hooks'

/** The sandbox's time, looked at again every few seconds. */
export function useClock(aheadMs: number, everyMs = 10_000): number {
  const [real, setReal] = useState(() => Date.now())
  useEffect(() => {
    let timer = setTimeout(function tick() {
      setReal(Date.now())
      timer = setTimeout(tick, everyMs)
    }, everyMs)
    return () => clearTimeout(timer)
  }, [everyMs])
  return Math.max(real, Date.now() - everyMs) + aheadMs
}
