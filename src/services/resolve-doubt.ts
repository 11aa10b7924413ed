import { isWanted, type MessageIn } from './message.ts'
import { type DeliveryDeps, identity, isReadable, lookAt, type MessageSteps } from './message-steps.ts'
import { LOOK_AGAIN_MS } from './send-message.ts'
import type { DueMessage } from './store/message-store.ts'
import { AT_REST } from './store/schedule.ts'

const SURELY_ABSENT_AFTER_MS = 120_000
const READINGS_NEEDED = 2

/** The answer to a send was lost. The history decides whether it was sent. */
export function makeResolveDoubt(deps: DeliveryDeps, steps: MessageSteps, send: (due: DueMessage) => Promise<void>) {
  const { conversations, now } = deps
  const { at, save, turnOf, waitFor, again, sent, removeAll } = steps

  async function onceAbsent(due: DueMessage, message: MessageIn<'unknown'>, cleanReads: number): Promise<void> {
    // A clock that was set back meanwhile must not make it wait for the length of the jump.
    const since = Math.min(message.since, now())
    const goneFor = now() - since
    const absent: MessageIn<'unknown'> = { ...message, since, cleanReads }
    if (cleanReads < READINGS_NEEDED || goneFor < SURELY_ABSENT_AFTER_MS) {
      const left = SURELY_ABSENT_AFTER_MS - goneFor
      return save(due, absent, at(now() + Math.min(LOOK_AGAIN_MS, Math.max(left, 1000))))
    }
    if (isWanted(message, due.verification)) return send({ ...due, item: absent })
    // Nobody needs it any more; yet a copy that Slack was slow with must not stay behind unseen.
    const look = lookAt(absent, now())
    if (look !== null) return save(due, absent, at(look))
    return save(due, { ...identity(message), state: 'none' }, AT_REST)
  }

  return async function reconcile(due: DueMessage, message: MessageIn<'unknown'>): Promise<void> {
    if (!isReadable(message.conversationId)) return onceAbsent(due, message, READINGS_NEEDED)
    const { conversationId, id, since } = message
    const turn = turnOf(due, 'conversations.history')
    if (turn !== null) return waitFor(due, message, turn)
    const found = await conversations.find(conversationId, id, since)
    if (found.is !== 'done') return again(due, message, 'conversations.history', found)
    const [first, ...strays] = found.value
    if (first === undefined) return onceAbsent(due, message, message.cleanReads + 1)
    await removeAll(conversationId, strays)
    await sent(due, message, first)
  }
}
