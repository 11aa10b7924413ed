/**
 * When many people ask for something in the same moment, whoever has no ack yet comes first: their deliveries are handled one
 * in each turn of the event loop, so that the loop never stands still for all of them, and what follows an ack waits until
 * no delivery does. So that a stream without an end can't hold that up for ever, one turn of thirty-two is kept for it; the
 * worker and what follows the acks take those in turns, so that the worker never stands behind everybody who was acked.
 */
import type { Delivery, Handle } from './repeated-deliveries.ts'

export type AcksFirst = {
  /** Wraps what handles a delivery: it is begun when its turn comes, and goes on after its ack when nobody waits for theirs. */
  inTurn<D extends Delivery>(handle: Handle<D>): Handle<D>
  /** Resolves when something that nobody is waiting for may go on; at once, while nothing else goes on. */
  later(): Promise<void>
  /** Whether a delivery waits to be handled. */
  isWaitedFor(): boolean
}

/** Of so many turns, one goes to what follows an ack, whoever waits for theirs. */
export const LATER_EVERY = 32

/** `soon` says when the next turn is: `setImmediate` is after whatever else this turn of the event loop brings in. */
export function makeAcksFirst({ soon = setImmediate }: { soon?: (turn: () => void) => unknown } = {}): AcksFirst {
  const deliveries: (() => void)[] = []
  const rest: (() => void)[] = []
  const worker: (() => void)[] = []
  let isTaken = false
  let turns = 0

  function turn(): void {
    turns += 1
    const afterwards = turns % (2 * LATER_EVERY) === 0 ? [rest, worker] : [worker, rest]
    const lines = turns % LATER_EVERY === 0 ? [...afterwards, deliveries] : [deliveries, ...afterwards]
    const go = lines.find((line) => line.length > 0)?.shift()
    isTaken = go !== undefined
    if (go === undefined) return
    soon(turn)
    go()
  }

  function wait(line: (() => void)[]): Promise<void> {
    return new Promise((resolve) => {
      if (isTaken) {
        line.push(resolve)
        return
      }
      isTaken = true
      soon(turn)
      resolve()
    })
  }

  return {
    inTurn: (handle) => async (delivery) => {
      await wait(deliveries)
      const ack = async (answer?: unknown): Promise<void> => {
        await delivery.ack(answer)
        await wait(rest)
      }
      return handle({ ...delivery, ack })
    },
    later: () => wait(worker),
    isWaitedFor: () => deliveries.length > 0,
  }
}
