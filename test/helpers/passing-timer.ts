import type { SetTimer } from '../../src/services/timer.ts'

/** Waiting takes no time here: the clock is put on instead. */
export function passingTimer(putOn: (ms: number) => void): SetTimer {
  return (ring, ms) => {
    queueMicrotask(() => {
      putOn(ms)
      ring()
    })
    return () => {}
  }
}
