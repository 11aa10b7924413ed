/** Calls `ring` once, after `ms`; gives the way to call it off. An argument, so that time can also be made up. */
export type SetTimer = (ring: () => void, ms: number) => () => void

export const setTimer: SetTimer = (ring, ms) => {
  const timer = setTimeout(ring, ms)
  return () => clearTimeout(timer)
}
