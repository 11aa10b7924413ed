import { useState } from 'preact/hooks'

/** A choice of this browser, remembered where the browser allows it. */
export function usePreference<T extends string>(name: string, offered: readonly T[], usual: T) {
  const [value, setValue] = useState<T>(() => offered.find((each) => each === stored(name)) ?? usual)
  const choose = (next: T) => {
    setValue(next)
    try {
      localStorage.setItem(name, next)
    } catch {
      // Without storage the choice lasts until the page is reloaded.
    }
  }
  return [value, choose] as const
}

function stored(name: string): string | null {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}
