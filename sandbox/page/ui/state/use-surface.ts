import { useCallback, useMemo, useRef, useState } from 'preact/hooks'
import type { JsonObject } from '../../../slack/json.ts'
import type { ActRequest } from '../../contract.ts'
import type { Surface, SurfaceAct, Target } from './surface.ts'

type Options = {
  readonly kind: Surface['kind']
  readonly id: string
  readonly as: string
  readonly target: Target
  readonly values?: JsonObject
  readonly errors?: Readonly<Record<string, string>>
  act(request: ActRequest): Promise<string | null>
}

export type OwnedSurface = Surface & {
  /** Sends what was typed, then waits until everything before has arrived. */
  settle(): Promise<void>
  /** Errors count again, also of fields that were edited since. */
  forgetEdits(): void
}

const NO_VALUES: JsonObject = {}
const NO_ERRORS: Readonly<Record<string, string>> = {}

/** One surface's acts, one after the other: what is typed always arrives before what is pressed. */
export function useSurface({ kind, id, as, target, act, ...shown }: Options): OwnedSurface {
  const typing = useRef(new Set<() => Promise<void>>())
  const last = useRef<Promise<unknown>>(Promise.resolve())
  const [edited, setEdited] = useState<ReadonlySet<string>>(new Set())
  const address = typeof target === 'string' ? target : `${target.channelId} ${target.ts}`

  const send = useCallback(
    (one: SurfaceAct): Promise<string | null> => {
      const sent = last.current.then(() => act({ as, target: addressed(address), ...one }))
      last.current = sent
      return sent
    },
    [act, as, address],
  )
  const sendTyped = useCallback(async () => {
    await Promise.all([...typing.current].map((flush) => flush()))
  }, [])
  const settle = useCallback(async () => {
    await sendTyped()
    await last.current
  }, [sendTyped])

  const surfaceAct = useCallback(
    async (one: SurfaceAct) => {
      if (one.do !== 'type') void sendTyped()
      return send(one)
    },
    [send, sendTyped],
  )
  const holdTyping = useCallback((flush: () => Promise<void>) => {
    typing.current.add(flush)
    return () => void typing.current.delete(flush)
  }, [])
  const onEdit = useCallback((blockId: string) => {
    setEdited((before) => (before.has(blockId) ? before : new Set([...before, blockId])))
  }, [])
  const forgetEdits = useCallback(() => setEdited(new Set()), [])

  const { values = NO_VALUES, errors: all = NO_ERRORS } = shown
  return useMemo(() => {
    const errors = Object.fromEntries(Object.entries(all).filter(([blockId]) => !edited.has(blockId)))
    return { kind, id, values, errors, act: surfaceAct, holdTyping, onEdit, settle, forgetEdits }
  }, [kind, id, values, all, edited, surfaceAct, holdTyping, onEdit, settle, forgetEdits])
}

function addressed(address: string): Target {
  if (address === 'modal' || address === 'home') return address
  const [channelId = '', ts = ''] = address.split(' ')
  return { channelId, ts }
}
