import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { JsonObject } from '../../../slack/json.ts'
import { isObject } from '../../../slack/json.ts'

/** Asks before something is done; gives whether it may be. */
export const ConfirmContext = createContext<(confirm: JsonObject) => Promise<boolean>>(async () => true)

/** Takes an element's `confirm`: where there is none, nothing is asked. */
export function useConfirm(): (confirm: unknown) => Promise<boolean> {
  const ask = useContext(ConfirmContext)
  return async (confirm) => (isObject(confirm) ? ask(confirm) : true)
}
