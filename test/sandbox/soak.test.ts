import { describe, expect, it } from 'vitest'
import { judge, type Sample } from '../../sandbox/soak/judge.ts'

const MB = 1024 * 1024

/** An hour, looked at every five seconds: garbage comes and goes, and what `grows` says is added. */
function hour(grows: (share: number) => Partial<Sample>): Sample[] {
  return Array.from({ length: 720 }, (_, nth): Sample => {
    const saw = (nth % 7) * 4 * MB
    const sample = {
      second: nth * 5,
      // Loading, at first.
      residentBytes: Math.min(nth, 40) * MB + 60 * MB + saw,
      heapBytes: 30 * MB + saw,
      openFiles: 28 + (nth % 3),
      handles: 7 + (nth % 2),
      walBytes: (nth % 4) * MB,
      lagSeconds: nth % 2,
    }
    const more = grows(nth / 720)
    return Object.fromEntries(
      Object.entries(sample).map(([name, value]) => [name, value + (more[name as keyof Sample] ?? 0)]),
    ) as Sample
  })
}

describe('a soak', () => {
  it('is flat when memory comes and goes', () => {
    expect(judge(hour(() => ({})))).toEqual([])
  })

  it.each([
    ['heapBytes', (share: number) => ({ heapBytes: share * 60 * MB })],
    ['residentBytes', (share: number) => ({ residentBytes: share * 200 * MB })],
    ['openFiles', (share: number) => ({ openFiles: Math.floor(share * 30) })],
    ['handles', (share: number) => ({ handles: Math.floor(share * 40) })],
  ] as const)('is not flat when %s grow', (name, grows) => {
    expect(judge(hour(grows))).toEqual([expect.stringContaining(`${name} grew from`)])
  })

  it('is not in order when the write-ahead log grew large once, or something waited once', () => {
    const [first, ...more] = hour(() => ({}))
    if (first === undefined) throw new Error('no sample')
    expect(judge([{ ...first, walBytes: 16 * MB }, ...more])).toEqual([expect.stringContaining('write-ahead log')])
    expect(judge([...more, { ...first, lagSeconds: 61 }])).toEqual([expect.stringContaining('waited for 61 s')])
  })

  it('is not in order when a figure is missing', () => {
    expect(judge(hour(() => ({ handles: Number.NaN })))).toEqual([expect.stringContaining('missing')])
  })

  it('can not be judged by a few looks', () => {
    expect(judge(hour(() => ({})).slice(0, 4))).toEqual([expect.stringContaining('too few')])
  })
})
