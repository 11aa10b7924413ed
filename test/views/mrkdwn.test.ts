import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, code, dateTime, lengthForPeople, mention, outside, quote, readMention } from '../../src/views/mrkdwn.ts'

const RUNS = { numRuns: 10_000 }
const id = fc.stringMatching(/^[UW][A-Z0-9]{2,12}$/)
const text = fc.string({ unit: 'binary', maxLength: 60 })

describe('reading a mention', () => {
  it('finds the person in every escaped mention, with and without a name', () => {
    const name = fc.string({ maxLength: 20 }).map((letters) => letters.replace(/[<>]/g, ''))
    fc.assert(
      fc.property(id, fc.option(name), fc.constantFrom('', ' ', '  '), (userId, label, space) => {
        const escaped = label === null ? `<@${userId}>` : `<@${userId}|${label}>`
        expect(readMention(space + escaped + space)).toBe(userId)
      }),
      RUNS,
    )
  })

  it('finds nobody in anything else', () => {
    const almost = fc.oneof(
      text,
      id,
      id.map((userId) => `<@${userId.toLowerCase()}>`),
      id.map((userId) => `<@${userId}`),
      id.map((userId) => `@${userId}`),
      id.map((userId) => `<#${userId}>`),
      id.map((userId) => `<@${userId}> <@${userId}>`),
      id.map((userId) => `<@C${userId}>`),
      text.map((letters) => `<@${letters}>`).filter((typed) => !/^<@[UW][A-Z0-9]{2,30}(\|[^<>]*)?>$/.test(typed)),
    )
    fc.assert(
      fc.property(almost, (typed) => {
        expect(readMention(typed)).toBeNull()
      }),
      RUNS,
    )
  })
})

describe("somebody else's words", () => {
  const hostile = fc.array(
    fc.oneof(
      text,
      fc.constantFrom('<!channel>', '<@U0EVE>', '<http://evil|ok>', '\u202e', '&lt;', '`', '\n', '👩‍👩‍👧', '&', '😀'),
    ),
    { maxLength: 30 },
  )

  it('stay words: no markup, nothing invisible, no longer than allowed', () => {
    fc.assert(
      fc.property(hostile, fc.integer({ min: 3, max: 200 }), (parts, limit) => {
        const words = parts.join('')
        for (const written of [
          outside(words, limit),
          code(words, limit),
          quote(words, limit).slice(2).replaceAll('\n> ', ''),
        ]) {
          expect(written.length).toBeLessThanOrEqual(limit)
          expect(written).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)|[\u202a-\u202e\u2066-\u2069]|\p{Cc}/u)
        }
        expect(quote(words, limit).length).toBeLessThanOrEqual(limit)
        expect(code(words, limit).slice(1, -1)).not.toContain('`')
      }),
      RUNS,
    )
  })

  it('are the same after a second cleaning', () => {
    fc.assert(
      fc.property(text, (words) => {
        expect(clean(clean(words))).toBe(clean(words))
      }),
      RUNS,
    )
  })

  it('keep every letter that people use', () => {
    expect(outside('Åse & Bjørn 👩‍👩‍👧 – 李', 80)).toBe('Åse &amp; Bjørn 👩‍👩‍👧 – 李')
    expect(quote('one\r\ntwo', 80)).toBe('> one\n> two')
    expect(lengthForPeople('👩‍👩‍👧é')).toBe(2)
  })
})

it('a mention is made of a real id or not at all', () => {
  expect(mention('U0MARIA')).toBe('<@U0MARIA>')
  expect(['!channel', 'U1|x', 'u0maria', ''].map(mention)).toEqual(Array(4).fill('somebody'))
})

it('a time is shown in the zone of the reader, and says when it is unknown', () => {
  expect(dateTime(Date.UTC(2026, 0, 2, 3, 4))).toBe(
    '<!date^1767323040^{date_short_pretty} at {time}|2 Jan 2026 at 03:04 UTC>',
  )
  expect([Number.NaN, -1, Infinity].map(dateTime)).toEqual(Array(3).fill('an unknown time'))
})
