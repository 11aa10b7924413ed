import { expect, it } from 'vitest'
import { type Delivery, makeOnce } from '../../src/services/repeated-deliveries.ts'

function bench(handle: (delivery: Delivery) => Promise<void> = (delivery) => delivery.ack('first')) {
  let time = 0
  let handled = 0
  let repeated = 0
  const onRepeated = () => {
    repeated += 1
  }
  const once = makeOnce<Delivery>({ now: () => time, onRepeated })(async (delivery) => {
    handled += 1
    await handle(delivery)
  })
  return {
    wait(ms: number): void {
      time += ms
    },
    counts: () => ({ handled, repeated }),
    /** What it was answered, each time. */
    async send(body: unknown): Promise<unknown[]> {
      const answers: unknown[] = []
      await once({ body, ack: async (answer) => void answers.push(answer) })
      return answers
    },
  }
}

const PRESS = { type: 'block_actions', trigger_id: '1.2.a', user: { id: 'U1' } }
const COMMAND = { command: '/verify', trigger_id: '1.2.b', user_id: 'U1' }
const EVENT = { type: 'event_callback', event_id: 'Ev1' }

it.each([PRESS, COMMAND, EVENT])('is handled once, and answered alike each time: %j', async (body) => {
  const { send, counts } = bench()
  for (let time = 0; time < 5; time += 1) expect(await send(structuredClone(body))).toEqual(['first'])
  expect(counts()).toEqual({ handled: 1, repeated: 4 })
})

it('is remembered for as long as a signature is taken: five minutes, and one for a clock ahead of ours', async () => {
  const { send, wait, counts } = bench()
  await send(PRESS)
  wait(360_000)
  await send(PRESS)
  expect(counts().handled).toBe(1)
  wait(1)
  await send(PRESS)
  expect(counts().handled).toBe(2)
})

it('others are handled: another interaction, another person, another content, and what carries no id', async () => {
  const { send, counts } = bench()
  const others = [
    PRESS,
    { ...PRESS, trigger_id: '1.2.c' },
    { ...PRESS, user: { id: 'U2' } },
    { ...PRESS, view: {} },
    {},
    {},
    null,
  ]
  for (const body of others) await send(body)
  expect(counts()).toEqual({ handled: 7, repeated: 0 })
})

it('sent again while the first is under way, it waits for that answer', async () => {
  let go = (): void => {}
  const held = new Promise<void>((resolve) => {
    go = resolve
  })
  const { send, counts } = bench(async (delivery) => {
    await held
    await delivery.ack('late')
  })
  const both = Promise.all([send(PRESS), send(PRESS)])
  go()
  expect(await both).toEqual([['late'], ['late']])
  expect(counts().handled).toBe(1)
})

it('one that broke before it was answered is answered empty the second time, and not tried again', async () => {
  const { send, counts } = bench(() => Promise.reject(new Error('broken')))
  await expect(send(PRESS)).rejects.toThrow('broken')
  expect(await send(PRESS)).toEqual([undefined])
  expect(counts().handled).toBe(1)
})

it('remembers no more than twenty thousand', async () => {
  const { send, counts } = bench()
  for (let nth = 0; nth <= 20_001; nth += 1) await send({ ...PRESS, trigger_id: `t${nth}` })
  await send({ ...PRESS, trigger_id: 't20001' })
  expect(counts()).toEqual({ handled: 20_002, repeated: 1 })
  await send({ ...PRESS, trigger_id: 't0' })
  expect(counts()).toEqual({ handled: 20_003, repeated: 1 })
})
