import type { Call } from './call-log.ts'
import type { Delivery } from './deliveries.ts'
import type { Message } from './messages.ts'
import type { ViewSnapshot } from './view-store.ts'

/** Something the app did that real Slack would frown on, or refuse. */
export type Violation = { at: number; kind: string; detail: string }

/** Everything that happens in the stand-in. Listeners hear it after the state has changed. */
export type SlackHappening =
  | { type: 'message_posted' | 'message_edited' | 'message_deleted'; message: Message }
  | { type: 'ephemeral_posted' | 'ephemeral_edited' | 'ephemeral_deleted'; message: Message }
  | { type: 'view_opened' | 'view_updated' | 'view_closed' | 'home_published'; view: ViewSnapshot }
  | { type: 'view_errors'; view: ViewSnapshot; errors: Record<string, string> }
  | { type: 'delivery' | 'ack'; delivery: Delivery }
  | { type: 'call'; call: Call }
  | { type: 'violation'; violation: Violation }
  | { type: 'connections'; count: number }
  | { type: 'world_changed' }

export type SlackEvent = SlackHappening & { at: number }

export type UntilOptions = { withinMs?: number; what?: string }

export type EventLog = ReturnType<typeof makeEventLog>

function inShort(event: SlackEvent): string {
  switch (event.type) {
    case 'call':
      return `call ${event.call.method} → ${event.call.outcome}`
    case 'delivery':
    case 'ack':
      return `${event.type} #${event.delivery.id} ${event.delivery.kind} ${event.delivery.ack?.outcome ?? ''}`.trim()
    case 'violation':
      return `violation ${event.violation.kind}: ${event.violation.detail}`
    case 'connections':
      return `${event.count} socket connection(s)`
    case 'world_changed':
      return 'the workspace changed'
    default:
      return 'message' in event
        ? `${event.type} ${event.message.channelId} ${JSON.stringify(event.message.text.slice(0, 80))}`
        : `${event.type} ${event.view.id}`
  }
}

/** Tells listeners what happens, and waits for things to become true without sleeping. */
export function makeEventLog(now: () => number) {
  const listeners = new Set<(event: SlackEvent) => void>()
  const recent: string[] = []
  const giveUp = new Set<(why: string) => void>()

  function emit(happening: SlackHappening): void {
    const event: SlackEvent = { ...happening, at: now() }
    recent.push(inShort(event))
    if (recent.length > 20) recent.shift()
    for (const listener of [...listeners]) listener(event)
  }

  function on(listener: (event: SlackEvent) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }

  function until<T>(look: () => T | undefined | null | false, options: UntilOptions = {}): Promise<T> {
    const { withinMs = 15_000, what = look.toString() } = options
    return new Promise<T>((resolve, reject) => {
      const end = () => {
        clearTimeout(timer)
        listeners.delete(check)
        giveUp.delete(fail)
      }
      const fail = (why: string) => {
        end()
        reject(new Error(`${why} while waiting for: ${what}\nLast events:\n  ${recent.join('\n  ') || '(none)'}`))
      }
      const check = () => {
        try {
          const seen = look()
          if (seen === undefined || seen === null || seen === false) return
          end()
          resolve(seen)
        } catch (error) {
          end()
          reject(error)
        }
      }
      const timer = setTimeout(() => fail(`Nothing for ${withinMs} ms`), withinMs)
      listeners.add(check)
      giveUp.add(fail)
      check()
    })
  }

  return {
    emit,
    on,
    until,
    stop() {
      for (const fail of [...giveUp]) fail('Stopped')
      listeners.clear()
    },
  }
}
