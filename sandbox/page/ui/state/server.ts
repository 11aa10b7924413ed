import type { ActRequest, ActResult, ControlRequest, ControlResult, Snapshot } from '../../contract.ts'

/* The page's server, as contract.ts has it. */

const UNREACHABLE = 'The sandbox did not answer. Is it still running?'

export async function fetchSnapshot(): Promise<Snapshot> {
  const response = await fetch('/api/state', { headers: { accept: 'application/json' } })
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`)
  return (await response.json()) as Snapshot
}

export const postAct = (request: ActRequest): Promise<ActResult> => post('/api/act', request)
export const postControl = (request: ControlRequest): Promise<ControlResult> => post('/api/control', request)

async function post(path: string, request: object): Promise<ActResult> {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(request),
    })
    const said: unknown = await response.json().catch(() => null)
    if (isResult(said)) return said
    return { ok: false, problem: response.ok ? null : `The sandbox answered ${response.status}.` }
  } catch {
    return { ok: false, problem: UNREACHABLE }
  }
}

function isResult(said: unknown): said is ActResult {
  return typeof said === 'object' && said !== null && 'ok' in said && 'problem' in said
}

/** Tells of every change, and whether the connection stands. Gives the function that ends it. */
export function listen(onChange: () => void, onConnection: (connected: boolean) => void): () => void {
  const source = new EventSource('/api/events')
  source.addEventListener('open', () => {
    onConnection(true)
    onChange()
  })
  source.addEventListener('changed', onChange)
  source.addEventListener('error', () => onConnection(false))
  return () => source.close()
}
