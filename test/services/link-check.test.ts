import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isSafeLink } from '../../src/services/link-check.ts'

const ORIGIN = 'https://app.easyfreelance.no'
const LOOPBACK = 'http://127.0.0.1:8080'

const HOSTILE = [
  '',
  'app.easyfreelance.no/verify/abc',
  '//app.easyfreelance.no/verify/abc',
  'https:app.easyfreelance.no/verify/abc',
  'https:/app.easyfreelance.no/verify/abc',
  'https:\\\\app.easyfreelance.no\\verify\\abc',
  'http://app.easyfreelance.no/verify/abc',
  'ftp://app.easyfreelance.no/verify/abc',
  'javascript:alert(1)//https://app.easyfreelance.no/',
  'data:text/html,https://app.easyfreelance.no/',
  'blob:https://app.easyfreelance.no/0b4c',
  'https://app.easyfreelance.no:444/verify/abc',
  'https://app.easyfreelance.no:443/verify/abc',
  'https://app.easyfreelance.no@evil.example/verify/abc',
  'https://someone@app.easyfreelance.no/verify/abc',
  'https://:secret@app.easyfreelance.no/verify/abc',
  'https://@app.easyfreelance.no/verify/abc',
  'https://app.easyfreelance.no.evil.example/verify/abc',
  'https://evil.example/app.easyfreelance.no',
  'https://app.easyfreelance.no./verify/abc',
  'https://APP.easyfreelance.no/verify/abc',
  'https://app.easyfreelance.no%2eevil.example/verify/abc',
  'https://аpp.easyfreelance.no/verify/abc',
  'https://app.easyfreelance.no/verify/../../evil',
  'https://app.easyfreelance.no/verify/%2e%2e/evil',
  'https://app.easyfreelance.no/verify/abc#https://evil.example',
  'https://app.easyfreelance.no/verify/abc#',
  'https://app.easyfreelance.no',
  ' https://app.easyfreelance.no/verify/abc',
  'https://app.easyfreelance.no/verify/abc ',
  'https://app.easyfreelance.no/verify/a\nbc',
  'https://app.easyfreelance.no/verify/a\u0000bc',
  'https://app.easyfreelance.no/verify/a\u202ebc',
  'https://app.easyfreelance.no/verify/å',
  `https://app.easyfreelance.no/${'a'.repeat(2048)}`,
]

const path = fc.stringMatching(/^[A-Za-z0-9_~-]{1,80}$/)
const query = fc.option(fc.stringMatching(/^[a-z]{1,8}=[A-Za-z0-9_%2F-]{0,20}$/), { nil: undefined })
const good = fc.tuple(path, path, query).map(([one, two, rest]) => `${ORIGIN}/${one}/${two}${rest ? `?${rest}` : ''}`)

/** Every way in is hostile whatever the rest of the link is. */
const invisible = fc.constantFrom(...'\u0000\t\n\r \u007f\u00a0\u00ad\u200b\u200e\u202e\u2066\u2028\ufeff')
const insert = (link: string, at: number, what: string): string => {
  const place = at % (link.length + 1)
  return link.slice(0, place) + what + link.slice(place)
}
const hostile = fc.oneof(
  fc.tuple(good, fc.nat(), invisible).map(([link, at, what]) => insert(link, at, what)),
  fc.tuple(good, fc.domain()).map(([link, host]) => link.replace('app.easyfreelance.no', host)),
  fc.tuple(good, fc.domain()).map(([link, host]) => link.replace('.no/', `.no.${host}/`)),
  fc.tuple(good, path).map(([link, user]) => link.replace('//', `//${user}@`)),
  fc.tuple(good, path, path).map(([link, user, word]) => link.replace('//', `//${user}:${word}@`)),
  fc.tuple(good, fc.integer({ min: 0, max: 65535 })).map(([link, port]) => link.replace('.no/', `.no:${port}/`)),
  fc.tuple(good, fc.stringMatching(/^[a-z]{2,10}$/)).map(([link, scheme]) => link.replace('https', `${scheme}x`)),
  fc.tuple(good, path).map(([link, rest]) => `${link}#${rest}`),
  fc
    .tuple(good, fc.constantFrom('/../', '/./', '/%2e%2e/', '\\'))
    .map(([link, dots]) => link.replace('.no/', `.no${dots}`)),
  good.map((link) => link.replace('https:', 'http:')),
  good.map((link) => link.replace('app', 'App')),
  good.map((link) => link.padEnd(2049, 'x')),
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.string(),
)

describe('a link', () => {
  it.each(HOSTILE)('is not safe: %j', (link) => {
    expect(isSafeLink(link, ORIGIN)).toBe(false)
  })

  it('is not safe in any of 10,000 hostile forms', () => {
    fc.assert(
      fc.property(hostile, (link) => isSafeLink(link, ORIGIN) === false),
      { numRuns: 10_000 },
    )
  })

  it('is safe with 2048 characters, and not with one more', () => {
    const longest = `${ORIGIN}/`.padEnd(2048, 'a')
    expect([isSafeLink(longest, ORIGIN), isSafeLink(`${longest}a`, ORIGIN)]).toEqual([true, false])
  })

  it('may have the port that is configured, and no other', () => {
    const origin = 'https://app.easyfreelance.no:8443'
    for (const port of ['', ':443', ':8444', ':08443', ':8443:8443', ':84430']) {
      expect([port, isSafeLink(`https://app.easyfreelance.no${port}/verify/abc`, origin)]).toEqual([port, false])
    }
    expect(isSafeLink(`${origin}/verify/abc`, origin)).toBe(true)
  })

  it('is safe in each of 1,000 good forms', () => {
    fc.assert(
      fc.property(good, (link) => isSafeLink(link, ORIGIN)),
      { numRuns: 1000 },
    )
  })

  it('may be plain http only where the origin is this very machine', () => {
    expect(isSafeLink(`${LOOPBACK}/verify/abc`, LOOPBACK)).toBe(true)
    expect(isSafeLink('http://127.0.0.1:8081/verify/abc', LOOPBACK)).toBe(false)
    expect(isSafeLink('http://2130706433:8080/verify/abc', LOOPBACK)).toBe(false)
    expect(isSafeLink('http://intranet.example/verify/abc', 'http://intranet.example')).toBe(false)
  })
})
