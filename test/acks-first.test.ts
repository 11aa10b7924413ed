import { describe, expect, it } from 'vitest'
import { makeAcksFirst } from '../src/acks-first.ts'
import type { Delivery } from '../src/services/repeated-deliveries.ts'

/** Deliveries to a listener that acks when it is told to; what happened, in order. */
function makeBench() {
  const happened: string[] = []
  const timers: (() => void)[] = []
  const acksFirst = makeAcksFirst<Delivery & { name: string; mayAck: Promise<void> }>({
    setTimer: (ring) => {
      timers.push(ring)
      return () => {}
    },
  })
  const handle = acksFirst(async ({ name, mayAck, ack }) => {
    await mayAck
    if (name.startsWith('broken')) throw new Error(name)
    if (name.startsWith('unacked')) return
    await ack()
    happened.push(`${name} goes on`)
  })

  function deliver(name: string) {
    let mayAck = () => {}
    const waits = new Promise<void>((resolve) => {
      mayAck = resolve
    })
    const ended = handle({ name, body: {}, mayAck: waits, ack: async () => void happened.push(`${name} acked`) })
    return { mayAck, ended }
  }
  return { happened, deliver, ring: () => timers.forEach((ring) => void ring()) }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

describe('what comes after an ack', () => {
  it('comes after everybody’s ack', async () => {
    const bench = makeBench()
    const one = bench.deliver('one')
    const two = bench.deliver('two')
    one.mayAck()
    await nextTurn()
    await nextTurn()
    expect(bench.happened).toEqual(['one acked'])
    two.mayAck()
    await Promise.all([one.ended, two.ended])
    expect(bench.happened).toEqual(['one acked', 'two acked', 'one goes on', 'two goes on'])
  })

  it('goes on by itself when one ack takes too long', async () => {
    const bench = makeBench()
    const quick = bench.deliver('quick')
    const slow = bench.deliver('slow')
    quick.mayAck()
    await nextTurn()
    bench.ring()
    await quick.ended
    expect(bench.happened).toEqual(['quick acked', 'quick goes on'])
    slow.mayAck()
    await slow.ended
  })

  it.each(['broken', 'unacked'])('does not wait for a delivery that is %s', async (kind) => {
    const bench = makeBench()
    const one = bench.deliver('one')
    const other = bench.deliver(kind)
    one.mayAck()
    other.mayAck()
    await Promise.allSettled([one.ended, other.ended])
    expect(bench.happened).toEqual(['one acked', 'one goes on'])
  })
})
