import { expect, it } from 'vitest'
import { makeNudge } from '../../src/services/nudge.ts'

const HOUR_MS = 3_600_000
const never = () => new AbortController().signal

it('sleep ends at its time', async () => {
  const nudge = makeNudge({ now: () => 1000 })
  await nudge.sleep(1001, never())
  await nudge.sleep(0, never())
})

it('sleep ends at a nudge', async () => {
  const nudge = makeNudge({ now: () => 0 })
  const asleep = nudge.sleep(HOUR_MS, never())
  nudge.nudge()
  await asleep
})

it('a nudge while nobody sleeps is kept for the next sleep, once', async () => {
  const nudge = makeNudge({ now: () => 0 })
  nudge.nudge()
  nudge.nudge()
  await nudge.sleep(HOUR_MS, never())
  let isAwake = false
  const second = nudge.sleep(HOUR_MS, never()).then(() => {
    isAwake = true
  })
  await Promise.resolve()
  expect(isAwake).toBe(false)
  nudge.nudge()
  await second
})

it('sleep ends when the signal aborts, also when it did so before', async () => {
  const nudge = makeNudge({ now: () => 0 })
  const halt = new AbortController()
  const asleep = nudge.sleep(Number.POSITIVE_INFINITY, halt.signal)
  halt.abort()
  await asleep
  await nudge.sleep(HOUR_MS, halt.signal)
})

it('whoever was woken goes on when their turn comes; what happens until then is not slept over, and does not wake them twice', async () => {
  let comes = () => {}
  const turn = () =>
    new Promise<void>((resolve) => {
      comes = resolve
    })
  const nudge = makeNudge({ now: () => 0, turn })
  let wakings = 0
  const asleep = nudge.sleep(HOUR_MS, never()).then(() => {
    wakings += 1
  })
  nudge.nudge()
  await new Promise(setImmediate)
  expect(wakings).toBe(0)
  nudge.nudge()
  comes()
  await asleep
  const halt = new AbortController()
  const second = nudge.sleep(HOUR_MS, halt.signal).then(() => {
    wakings += 1
  })
  await new Promise(setImmediate)
  comes()
  await new Promise(setImmediate)
  expect(wakings).toBe(1)
  halt.abort()
  await new Promise(setImmediate)
  comes()
  await second
})
