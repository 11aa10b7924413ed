import type { Delivery } from './services/repeated-deliveries.ts'
import { setTimer as realTimer, type SetTimer } from './services/timer.ts'

type Handle<D extends Delivery> = (delivery: D) => Promise<void>

/** Much less than the three seconds for which a trigger can open a form. */
const LONGEST_WAIT_MS = 500

/**
 * Slack waits for every ack, nobody waits for what comes after one. So when many act at once, what a listener does after its
 * ack is held back until everybody has theirs, or for half a second.
 */
export function makeAcksFirst<D extends Delivery>({ setTimer = realTimer }: { setTimer?: SetTimer } = {}) {
  let unacked = 0
  let heldBack: (() => void)[] = []

  function goOn(): void {
    if (unacked > 0) return
    const all = heldBack
    heldBack = []
    for (const go of all) go()
  }

  function everybodyHasTheirs(): Promise<void> {
    return new Promise((resolve) => {
      const callOff = setTimer(resolve, LONGEST_WAIT_MS)
      heldBack.push(() => {
        callOff()
        resolve()
      })
      // After the deliveries that have arrived already, but were not looked at yet.
      setImmediate(goOn)
    })
  }

  return (handle: Handle<D>): Handle<D> =>
    async (delivery) => {
      let isAcked = false
      const acked = () => {
        if (isAcked) return
        isAcked = true
        unacked -= 1
        setImmediate(goOn)
      }
      const ack = async (answer?: unknown): Promise<void> => {
        await delivery.ack(answer)
        acked()
        await everybodyHasTheirs()
      }
      unacked += 1
      try {
        await handle({ ...delivery, ack })
      } finally {
        // Not everything that arrives is acked.
        acked()
      }
    }
}
