import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks'
import type { JsonObject } from '../../../slack/json.ts'
import { textIn } from '../../../slack/json.ts'
import { SurfaceContext } from './surface.ts'

const TYPING_PAUSE_MS = 350

export type TextDraft = {
  readonly text: string
  readonly problem: string | null
  edit(text: string): void
  flush(): Promise<void>
  /** Sent even if nothing was typed: the app may want to hear of Enter itself. */
  enter(): Promise<void>
}

/** Typed text: the person's own until the sandbox has it, so that no look at the sandbox ever takes it away. */
export function useTextDraft(block: JsonObject, element: JsonObject, standing: string): TextDraft {
  const { act, holdTyping, onEdit } = useContext(SurfaceContext)
  const [draft, setDraft] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const unsent = useRef<string | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const actionId = textIn(element.action_id)
  const blockId = textIn(block.block_id)

  const send = useCallback(
    async (text: string, enter: boolean) => {
      unsent.current = null
      const wrong = await act({ do: 'type', actionId, text, enter })
      setProblem(wrong)
      // Typed on meanwhile, or refused: what stands in the field stays.
      if (wrong === null) setDraft((now) => (now === text ? null : now))
    },
    [act, actionId],
  )
  const flush = useCallback(async () => {
    clearTimeout(timer.current)
    if (unsent.current !== null) await send(unsent.current, false)
  }, [send])
  const enter = async () => {
    clearTimeout(timer.current)
    await send(unsent.current ?? draft ?? standing, true)
  }

  useEffect(() => holdTyping(flush), [holdTyping, flush])
  // The app may put another block in the place of this one while somebody types: the words go there.
  const latest = useRef(flush)
  latest.current = flush
  useEffect(() => () => void latest.current(), [])

  const edit = (text: string) => {
    setDraft(text)
    onEdit(blockId)
    unsent.current = text
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void flush(), TYPING_PAUSE_MS)
  }
  return { text: draft ?? standing, problem, edit, flush, enter }
}

export type ChoiceDraft<T> = {
  readonly value: T
  readonly problem: string | null
  choose(value: T, sent: string | readonly string[] | null): Promise<void>
}

/** A choice shows at once, and gives way to what the sandbox says as soon as it has answered. */
export function useChoiceDraft<T>(block: JsonObject, element: JsonObject, standing: T): ChoiceDraft<T> {
  const { act, onEdit } = useContext(SurfaceContext)
  const [draft, setDraft] = useState<{ readonly value: T } | null>(null)
  const [problem, setProblem] = useState<string | null>(null)

  const choose = async (value: T, sent: string | readonly string[] | null) => {
    const mine = { value }
    setDraft(mine)
    onEdit(textIn(block.block_id))
    setProblem(await act({ do: 'choose', actionId: textIn(element.action_id), value: sent }))
    setDraft((now) => (now === mine ? null : now))
  }
  return { value: draft === null ? standing : draft.value, problem, choose }
}
