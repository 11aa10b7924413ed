import { useCallback, useRef, useState } from 'preact/hooks'
import type { JsonObject } from '../../../slack/json.ts'

/** One question at a time; a new one answers the old one with no. */
export function useAsking() {
  const [question, setQuestion] = useState<JsonObject | null>(null)
  const pending = useRef<(yes: boolean) => void>(() => undefined)
  const answer = useCallback((yes: boolean) => {
    setQuestion(null)
    pending.current(yes)
  }, [])
  const ask = useCallback((confirm: JsonObject): Promise<boolean> => {
    pending.current(false)
    setQuestion(confirm)
    return new Promise((resolve) => {
      pending.current = resolve
    })
  }, [])
  return { question, ask, answer }
}
