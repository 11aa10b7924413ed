import type { WebClient } from '@slack/web-api'
import type { Content } from '../../src/services/slack-conversations.ts'
import type { Clock } from './clock.ts'
import { FAULT_RATE } from './easyfreelance-side.ts'
import type { Happenings } from './happenings.ts'
import type { Life } from './life.ts'
import { type Outage, outageAt } from './outages.ts'
import { CALL_OUTAGES, type CallFault, errorOf, isCarriedOut, METHOD_FAULTS, platformError } from './slack-faults.ts'
import { makeConversations } from './slack-messages.ts'
import type { Trace } from './trace.ts'

export type SlackSide = ReturnType<typeof makeSlackSide>

/** Our client's own time-out: bot.ts. */
const TIMEOUT_MS = 10_000
const PAGE = 3

type Posting = Content & { channel: string; metadata: { event_payload: { id: string } } }
type Editing = Content & { channel: string; ts: string }

/** Slack behind an unreliable network, at the border of its SDK. */
export function makeSlackSide(deps: {
  clock: Clock
  happenings: Happenings
  outages: readonly Outage[]
  trace: Trace
  teamId: string
  admins: ReadonlySet<string>
  /** Called with everything that is shown to anybody, at the moment it is. */
  onShown: (conversationId: string, id: string, content: Content) => void
}) {
  const { clock, happenings, outages, trace, teamId, admins, onShown } = deps
  const { chance } = happenings
  const now = clock.now
  const conversations = makeConversations({ now })
  const deactivated = new Set<string>()
  let posts = 0
  let calls = 0

  function faultOf(method: string, key: string): CallFault | null {
    if (happenings.isCalm()) return null
    const outage = outageAt(outages, 'slack', now())
    if (outage !== undefined) return CALL_OUTAGES[outage.mode]
    const fault = chance.weighed(`fault of ${key}`, METHOD_FAULTS[method] ?? {})
    return happenings.happens(key, FAULT_RATE, fault) ? fault : null
  }

  /** One call by one life of the bot; `carryOut` is what it does in Slack. */
  function call<T extends object>(life: Life, method: string, carryOut: (key: string) => T): Promise<T> {
    const key = happenings.next(method)
    const fault = faultOf(method, key)
    trace.note(`${key}${fault === null ? '' : ` (${fault})`}`)
    calls += 1
    if (method === 'chat.postMessage') posts += 1
    const { promise, resolve, reject } = makePromise<T>()
    const there = chance.between(`way to ${key}`, 10, 300)
    const back = there + chance.between(`way back of ${key}`, 10, 900)
    const answer = (ms: number, tell: () => void) => clock.after(() => life.isAlive() && tell(), ms)
    const error = errorOf(fault, chance.between(`retry after ${key}`, 1, 60))
    const isSilent = fault === 'silent' || fault === 'silent_after' || fault === 'late'

    const attempt = (): { value: T } | { error: unknown } => {
      try {
        return { value: carryOut(key) }
      } catch (refused) {
        return { error: refused }
      }
    }
    if (fault === 'late') clock.after(attempt, lateness(key))
    const arrives = isCarriedOut(fault) && fault !== 'late'
    clock.after(() => {
      const done = arrives ? attempt() : null
      answer((isSilent ? TIMEOUT_MS : back) - there, () => {
        if (error !== null) reject(error)
        else if (done !== null && 'error' in done) reject(done.error)
        else resolve(fault === 'no_id' || done === null ? ({} as T) : done.value)
      })
    }, there)
    return promise
  }

  const lateness = (key: string): number =>
    chance.weighed(`lateness of ${key}`, { soon: 3, later: 1 }) === 'soon'
      ? chance.between(`late ${key}`, 11_000, 110_000)
      : chance.between(`late ${key}`, 110_000, 25 * 60_000)

  const lag = (key: string): number =>
    ({ none: 0, some: 1, long: 4 })[chance.weighed(`lag of ${key}`, { none: 14, some: 5, long: 1 })] *
    (happenings.isCalm() ? 0 : chance.between(`length of lag of ${key}`, 0, 55_000))

  /** The SDK's client as one life of the bot has it; only what the bot calls. */
  function clientOf(life: Life): WebClient {
    return {
      conversations: {
        open: ({ users }: { users: string }) =>
          call(life, 'conversations.open', () => {
            if (deactivated.has(users)) throw platformError('user_disabled')
            return { channel: { id: `D${users}` } }
          }),
        history: ({ channel, oldest = '0', cursor = '0' }: { channel: string; oldest?: string; cursor?: string }) =>
          call(life, 'conversations.history', () => {
            const from = Number(cursor)
            const found = conversations.read(channel, oldest)
            const more = from + PAGE < found.length
            return {
              messages: found.slice(from, from + PAGE).map(({ ts, id }) => ({
                ts,
                metadata: { event_type: 'verify_message', event_payload: { id } },
              })),
              has_more: more,
              ...(more ? { response_metadata: { next_cursor: String(from + PAGE) } } : {}),
            }
          }),
      },
      users: {
        info: ({ user }: { user: string }) =>
          call(life, 'users.info', () => ({
            user: { id: user, team_id: teamId, deleted: deactivated.has(user), is_admin: admins.has(user) },
          })),
      },
      chat: {
        postMessage: ({ channel, text, blocks, metadata }: Posting) =>
          call(life, 'chat.postMessage', (key) => {
            const { id } = metadata.event_payload
            const ts = conversations.post(channel, id, { text, blocks }, now() + lag(key))
            trace.note(`slack shows ${id} in ${channel} as ${ts}: ${text.slice(0, 60)}`)
            onShown(channel, id, { text, blocks })
            return { ts }
          }),
        update: ({ channel, ts, text, blocks }: Editing) =>
          call(life, 'chat.update', () => {
            conversations.update(channel, ts, { text, blocks })
            trace.note(`slack changes ${ts} in ${channel}: ${text.slice(0, 60)}`)
            const found = conversations.all.find((each) => each.conversationId === channel && each.ts === ts)
            if (found !== undefined) onShown(channel, found.id, { text, blocks })
            return {}
          }),
        delete: ({ channel, ts }: { channel: string; ts: string }) =>
          call(life, 'chat.delete', () => {
            conversations.remove(channel, ts)
            trace.note(`slack removes ${ts} in ${channel}`)
            return {}
          }),
      },
    } as unknown as WebClient
  }

  return { clientOf, conversations, deactivated, posts: () => posts, calls: () => calls }
}

function makePromise<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<T>((onDone, onError) => {
    resolve = onDone
    reject = onError
  })
  return { promise, resolve, reject }
}
