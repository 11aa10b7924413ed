/**
 * EasyFreelance as an upstream that costs next to nothing. `pending` says so to every poll; `approved` settles every session;
 * `hung` takes every request and never answers. `{"mode":…}` changes it.
 */
import { createServer } from 'node:http'
import { listen } from './ready.ts'

type Mode = 'pending' | 'approved' | 'hung'
let mode: Mode = (process.env.EASYFREELANCE_MODE as Mode | undefined) ?? 'pending'
let polls = 0
let firstPollAt: number | null = null
let started = 0

process.on('message', (message: { mode?: Mode; count?: boolean }) => {
  if (message.mode !== undefined) mode = message.mode
  if (message.count !== true) return
  process.send?.({ polls, firstPollAt })
  polls = 0
  firstPollAt = null
})

listen(
  createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    request.resume()
    request.on('end', () => {
      if (mode === 'hung') return
      polls += 1
      firstPollAt ??= Date.now()
      const id = (request.url ?? '').split('/').at(-1) ?? ''
      const text = request.method === 'POST' ? startedSession(request.headers.host ?? '') : report(id)
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
        .end(text)
    })
  }),
)

function report(sessionId: string): string {
  return JSON.stringify({
    verification_id: sessionId,
    status: mode,
    provider: 'bankid',
    next_action: mode === 'pending' ? 'wait' : 'redirect_to_partner',
    onboarding: null,
  })
}

function startedSession(host: string): string {
  started += 1
  return JSON.stringify({
    verification_id: `session-${started}`,
    verification_url: `http://${host}/v/${started}`,
    expires_at: new Date(Date.now() + 86_400_000).toISOString(),
  })
}
