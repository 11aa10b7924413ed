import { describe, expect, it } from 'vitest'
import { makeEvents } from '../../../sandbox/easyfreelance/events.ts'

describe('until', () => {
  it('gives what is there already', async () => {
    expect(await makeEvents().until(() => 7)).toBe(7)
  })

  it('looks again after each event, and then no more', async () => {
    const events = makeEvents<number>()
    let looks = 0
    let seen = 0
    events.on((event) => {
      seen = event
    })
    const found = events.until(() => {
      looks += 1
      return seen > 1 && seen
    })
    events.emit(1)
    events.emit(2)
    events.emit(3)
    expect(await found).toBe(2)
    expect(looks).toBe(3)
  })

  it('names what never came', async () => {
    const never = makeEvents().until(() => undefined, { withinMs: 5, what: 'the card' })
    await expect(never).rejects.toThrow('the card: not within 5 ms')
  })

  it('fails with the error of looking', async () => {
    const wrong = makeEvents().until(() => {
      throw new Error('broken look')
    })
    await expect(wrong).rejects.toThrow('broken look')
  })
})
