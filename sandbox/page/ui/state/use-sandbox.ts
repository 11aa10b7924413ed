import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import type { ActRequest, ControlRequest, Snapshot } from '../../contract.ts'
import { makeRefresher } from './refresher.ts'
import { fetchSnapshot, listen, postAct, postControl } from './server.ts'

export type Sandbox = {
  readonly snapshot: Snapshot | null
  /** How far the sandbox's clock is ahead of this browser's. */
  readonly aheadMs: number
  readonly connected: boolean
  /** What went wrong, in words for the person, or null. Resolves when the page shows the outcome. */
  act(request: ActRequest): Promise<string | null>
  control(request: ControlRequest): Promise<string | null>
}

type Seen = { readonly snapshot: Snapshot; readonly aheadMs: number }

/** The sandbox as it is now: looked at again whenever it changes. */
export function useSandbox(): Sandbox {
  const [seen, setSeen] = useState<Seen | null>(null)
  const [connected, setConnected] = useState(true)

  const refresher = useMemo(
    () =>
      makeRefresher(async () => {
        try {
          const snapshot = await fetchSnapshot()
          setSeen({ snapshot, aheadMs: snapshot.control.now - Date.now() })
          setConnected(true)
        } catch {
          setConnected(false)
        }
      }),
    [],
  )

  useEffect(() => {
    void refresher.refresh()
    const stopListening = listen(refresher.nudge, setConnected)
    return () => {
      stopListening()
      refresher.stop()
    }
  }, [refresher])

  const act = useCallback(
    async (request: ActRequest) => {
      const { ok, problem } = await postAct(request)
      await refresher.refresh()
      return ok ? null : (problem ?? 'That did not work.')
    },
    [refresher],
  )
  const control = useCallback(
    async (request: ControlRequest) => {
      const { ok, problem } = await postControl(request)
      await refresher.refresh()
      return ok ? null : (problem ?? 'That did not work.')
    },
    [refresher],
  )
  return { snapshot: seen?.snapshot ?? null, aheadMs: seen?.aheadMs ?? 0, connected, act, control }
}
