import { createHash } from 'node:crypto'
import * as z from 'zod'
import { MOST_AHEAD_MS, OLDEST_MS } from './slack-signature.ts'

/** What Slack sent, and the way to answer it. */
export type Delivery = { readonly body: unknown; ack(answer?: unknown): Promise<void> }

export type Handle<D extends Delivery> = (delivery: D) => Promise<void>

/** A signed request can be sent again for as long as its timestamp is taken. */
const REMEMBERED_MS = OLDEST_MS + MOST_AHEAD_MS
const MOST_REMEMBERED = 20_000

/**
 * docs.slack.dev: a trigger id is made for one interaction or command, and an event id for one event. Without either, two
 * deliveries that look alike may be two.
 */
const identified = z.union([z.object({ trigger_id: z.string().min(1) }), z.object({ event_id: z.string().min(1) })])

/**
 * Handles every delivery once. Sent again, by Slack or by somebody who recorded it, it changes nothing and gets the answer
 * of the first time. What is remembered is lost at a restart; the database then refuses what it has taken already.
 */
export function makeOnce<D extends Delivery>(deps: {
  now: () => number
  onRepeated: () => void
}): (handle: Handle<D>) => Handle<D> {
  const { now, onRepeated } = deps
  const seen = new Map<string, { readonly at: number; readonly answer: Promise<unknown> }>()

  function forgetOld(): void {
    // In the order of their arrival.
    for (const [key, { at }] of seen) {
      if (now() - at <= REMEMBERED_MS && seen.size <= MOST_REMEMBERED) return
      seen.delete(key)
    }
  }

  return (handle) => async (delivery) => {
    const key = keyOf(delivery.body)
    if (key === null) return handle(delivery)
    forgetOld()
    const first = seen.get(key)
    if (first !== undefined) {
      onRepeated()
      return delivery.ack(await first.answer)
    }
    let answered: (answer: unknown) => void = () => {}
    const answer = new Promise<unknown>((resolve) => {
      answered = resolve
    })
    seen.set(key, { at: now(), answer })
    const ack = (given?: unknown): Promise<void> => {
      answered(given)
      return delivery.ack(given)
    }
    try {
      await handle({ ...delivery, ack })
    } finally {
      // Nobody waits for an answer that was never given.
      answered(undefined)
    }
  }
}

/** What is sent again is the same in everything; so the digest of it all is the key, and nothing of it is kept. */
function keyOf(body: unknown): string | null {
  if (!identified.safeParse(body).success) return null
  return createHash('sha256').update(JSON.stringify(body)).digest('base64')
}
