/**
 * Slack's Web API as an upstream that costs next to nothing: it answers every method at once with what the bot needs. It
 * checks nothing; the strict stand-in is for tests. `{"lateMs":n}` makes it answer later; `{"count":true}` says what was asked.
 */
import { createServer } from 'node:http'
import { listen } from './ready.ts'

const TEAM = 'T0BENCH'
let lateMs = 0
let posted = 0
const counts = new Map<string, number>()

function answerTo(method: string, args: URLSearchParams): object {
  switch (method) {
    case 'auth.test':
      return { ok: true, team_id: TEAM, bot_id: 'B0BENCH', user_id: 'U0BENCHBOT' }
    case 'users.info':
      return {
        ok: true,
        user: { id: args.get('user'), team_id: TEAM, name: 'somebody', deleted: false, is_bot: false },
      }
    case 'conversations.open':
      return { ok: true, channel: { id: `D${args.get('users')}` } }
    case 'chat.postMessage':
      posted += 1
      return { ok: true, channel: args.get('channel'), ts: `${1_700_000_000 + posted}.000100` }
    default:
      return { ok: true }
  }
}

process.on('message', (message: { lateMs?: number; count?: boolean }) => {
  if (message.lateMs !== undefined) lateMs = message.lateMs
  if (message.count !== true) return
  process.send?.(Object.fromEntries(counts))
  counts.clear()
})

listen(
  createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const method = (request.url ?? '').split('/').at(-1) ?? ''
      counts.set(method, (counts.get(method) ?? 0) + 1)
      const text = JSON.stringify(answerTo(method, new URLSearchParams(Buffer.concat(chunks).toString())))
      const send = () =>
        response
          .writeHead(200, {
            'content-type': 'application/json; charset=utf-8',
            'content-length': Buffer.byteLength(text),
          })
          .end(text)
      if (lateMs === 0) send()
      else setTimeout(send, lateMs)
    })
  }),
)
