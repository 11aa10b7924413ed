/**
 * Delivery: drives every message towards what its verification says, one step at a time (states: `message.ts`).
 *
 * `chat.postMessage` has no idempotency key. So each send is announced in the database first, and carries an opaque id in
 * its metadata. When the answer is lost, the conversation's history decides: found → it was sent; absent in two complete
 * readings, and two minutes gone → it is sent again. After that a late copy may still turn up: it is looked for after five
 * and after thirty-five minutes, and deleted. Edits and deletions may simply be repeated.
 */
import { type DeliveryDeps, makeMessageSteps } from './message-steps.ts'
import { makeResolveDoubt } from './resolve-doubt.ts'
import { makeSend } from './send-message.ts'
import { makeShow } from './show-message.ts'
import type { DueMessage } from './store/message-store.ts'
import { MOST_ATTEMPTS } from './verification-steps.ts'

/** As slow as what is in trouble ever gets. */
const SET_ASIDE_MS = 30 * 60_000

export type SlackMessages = {
  /** One step of one message. */
  deliver(due: DueMessage): Promise<void>
}

export function makeSlackMessages(deps: DeliveryDeps): SlackMessages {
  const { now, log } = deps
  const steps = makeMessageSteps(deps)
  const { at, save, rest, giveUp } = steps
  const send = makeSend(deps, steps)
  const resolveDoubt = makeResolveDoubt(deps, steps, send)
  const show = makeShow(deps, steps)

  /**
   * Its step never came to an end, however often it was begun. An invitation that surely was not sent is a person's to decide
   * about. Anything else would leave somebody untold, or something standing in Slack that is not true any more, and it may
   * merely have been under way whenever the process was killed: so it comes again, though slowly.
   */
  async function setAside(due: DueMessage): Promise<void> {
    const { item, attempts } = due
    log.error('message set aside: its step never came to an end', {
      messageId: item.id,
      kind: item.kind,
      attempts,
    })
    if (item.kind === 'invitation' && item.state === 'none') return giveUp(due, 'poisoned')
    return rest(due, at(now() + SET_ASIDE_MS))
  }

  return {
    deliver: async (due) => {
      const { item, attempts } = due
      if (attempts > MOST_ATTEMPTS) return setAside(due)
      switch (item.state) {
        case 'none':
          return send(due)
        case 'sending':
          // The process died between the intent and its result.
          return save(due, { ...item, state: 'unknown', cleanReads: 0 }, at(now()))
        case 'unknown':
          return resolveDoubt(due, item)
        case 'sent':
          return show(due, item)
        case 'undeliverable':
          return rest(due)
      }
    },
  }
}
