import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LATER_EVERY, makeAcksFirst } from '../../src/services/acks-first.ts'
import type { Delivery } from '../../src/services/repeated-deliveries.ts'

/** Deliveries whose handler acks at once and then goes on, with turns of the event loop that are made up. */
function bench() {
  const happened: string[] = []
  let due: (() => void)[] = []
  const acks = makeAcksFirst({ soon: (turn) => due.push(turn) })
  const handle = acks.inTurn(async ({ body, ack }: Delivery) => {
    await ack(`ack of ${body}`)
    happened.push(`after ${body}`)
  })
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

  return {
    acks,
    happened,
    deliver: (body: unknown) => handle({ body, ack: async (answer) => void happened.push(String(answer)) }),
    /** Whatever may go on does, in so many turns; says what happened in each. */
    turns: async (count: number): Promise<string[][]> => {
      const each: string[][] = []
      for (let nth = 0; nth < count; nth += 1) {
        await settled()
        each.push(happened.splice(0))
        const turn = due
        due = []
        for (const go of turn) go()
      }
      return each
    },
    isIdle: () => due.length === 0,
  }
}

describe('a delivery', () => {
  it('is handled at once when it comes alone, and leaves nothing behind', async () => {
    const { deliver, turns, isIdle } = bench()
    const handled = deliver(1)
    expect(await turns(3)).toEqual([['ack of 1'], ['after 1'], []])
    expect(isIdle()).toBe(true)
    await handled
  })

  it('is handled in a turn of its own, in the order of arrival, and everybody has their ack before anything else goes on', async () => {
    const { deliver, turns } = bench()
    const handled = [1, 2, 3].map(deliver)
    expect(await turns(6)).toEqual([['ack of 1'], ['ack of 2'], ['ack of 3'], ['after 1'], ['after 2'], ['after 3']])
    await Promise.all(handled)
  })

  it('goes before what has been waiting since earlier', async () => {
    const { deliver, turns } = bench()
    const handled = [deliver(1), deliver(2)]
    await turns(1)
    handled.push(deliver(3))
    expect(await turns(5)).toEqual([['ack of 2'], ['ack of 3'], ['after 1'], ['after 2'], ['after 3']])
    await Promise.all(handled)
  })

  it('is known to be waiting until its turn has come', async () => {
    const { acks, deliver, turns } = bench()
    expect(acks.isWaitedFor()).toBe(false)
    const handled = [deliver(1), deliver(2)]
    expect(acks.isWaitedFor()).toBe(true)
    await turns(1)
    expect(acks.isWaitedFor()).toBe(false)
    await turns(4)
    await Promise.all(handled)
  })
})

describe('what nobody waits for', () => {
  it('goes on at once while nothing else does', async () => {
    const { acks } = bench()
    await acks.later()
  })

  it('has its turns under a stream of deliveries that never ends, however many were acked before', async () => {
    const { acks, deliver, turns, happened } = bench()
    const handled: Promise<void>[] = []
    // One more in each turn than there is a turn for.
    const stream = async (count: number) => {
      const seen: string[] = []
      for (let nth = 0; nth < count; nth += 1) {
        handled.push(deliver(`${handled.length}`))
        seen.push(...(await turns(1)).flat())
      }
      return seen
    }
    await stream(300)
    const later = acks.later().then(() => happened.push('later'))
    const seen = await stream(4 * LATER_EVERY)
    expect(seen.slice(0, 2 * LATER_EVERY + 1)).toContain('later')
    expect(seen.filter((thing) => thing.startsWith('after')).length).toBeGreaterThan(0)
    await turns(2 * handled.length)
    await Promise.all([...handled, later])
  })

  it('comes to its end with everything else, one thing a turn, whatever comes in whatever order', async () => {
    const arrivals = fc.array(fc.array(fc.constantFrom('delivery', 'later'), { maxLength: 6 }), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(arrivals, async (perTurn) => {
        const { acks, deliver, turns, happened, isIdle } = bench()
        let count = 0
        const acked: string[] = []
        const all: Promise<unknown>[] = []
        const look = (each: string[][]) => {
          for (const things of each) expect(things.length).toBeLessThanOrEqual(1)
          acked.push(...each.flat().filter((thing) => thing.startsWith('ack')))
        }
        for (const kinds of perTurn) {
          for (const kind of kinds) {
            count += 1
            const name = `${count}`.padStart(4, '0')
            all.push(kind === 'delivery' ? deliver(name) : acks.later().then(() => happened.push(`later ${name}`)))
          }
          look(await turns(1))
        }
        look(await turns(2 * count + 2))
        await Promise.all(all)
        expect(acked).toEqual([...acked].sort())
        expect(isIdle()).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})
