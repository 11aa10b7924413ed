import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signed } from '../../sandbox/slack/http-delivery.ts'
import { checkSlackSignature, isCertificateCheck } from '../../src/services/slack-signature.ts'

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5'
const NOW = 1_790_000_000_000
const BODY = 'payload=%7B%22type%22%3A%22block_actions%22%7D'

function verdict(headers: Record<string, string>, body = BODY, now = NOW) {
  return checkSlackSignature({ signingSecret: SECRET, headers, body: Buffer.from(body), now })
}

it('knows the example that Slack gives', () => {
  // docs.slack.dev: verifying requests from Slack, "step by step".
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  const headers = {
    'x-slack-request-timestamp': '1531420618',
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  }
  expect(verdict(headers, body, 1_531_420_618_000)).toBe('genuine')
})

describe('the time of a request that is truly signed', () => {
  it.each([
    [0, 'genuine'],
    [-300_000, 'genuine'],
    [-301_000, 'stale'],
    [-86_400_000, 'stale'],
    [60_000, 'genuine'],
    [61_000, 'from_the_future'],
    [300_000, 'from_the_future'],
    [86_400_000, 'from_the_future'],
    [1e12, 'from_the_future'],
  ])('%d ms from now: %s', (awayMs, expected) => {
    expect(verdict(signed(SECRET, BODY, NOW + awayMs))).toBe(expected)
  })

  it('is written as Slack writes it, and in no other way that makes the same number', () => {
    const seconds = String(NOW / 1000)
    const others = [
      ` ${seconds}`,
      `+${seconds}`,
      `0${seconds}`,
      `${seconds}.0`,
      `${seconds}e0`,
      '0x6ab13b80',
      '',
      'NaN',
    ]
    for (const timestamp of others) {
      const mac = createHmac('sha256', SECRET).update(`v0:${timestamp}:${BODY}`).digest('hex')
      const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${mac}` }
      expect(verdict(headers), timestamp).toBe('forged')
    }
  })
})

it('a request without a signature or a time is unsigned', () => {
  const headers = signed(SECRET, BODY, NOW)
  for (const name of Object.keys(headers)) expect(verdict({ ...headers, [name]: undefined } as never)).toBe('unsigned')
})

it('a signature of anything else, by anybody else, or written otherwise is forged', () => {
  const { 'x-slack-signature': signature = '', ...rest } = signed(SECRET, BODY, NOW)
  const forgeries = [
    signed('another secret', BODY, NOW)['x-slack-signature'],
    signed(SECRET, `${BODY} `, NOW)['x-slack-signature'],
    signature.toUpperCase(),
    signature.replace('v0=', 'v1='),
    signature.slice(0, -1),
    `${signature}=x`,
    `${signature}, ${signature}`,
    'v0=',
    '',
  ]
  for (const forged of forgeries) expect(verdict({ ...rest, 'x-slack-signature': forged ?? '' })).toBe('forged')
})

it('every bit of the body counts, also where it is no text', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(bytes, fc.nat(), fc.integer({ min: 0, max: 7 }), (content, place, bit) => {
      const body = Buffer.from(content)
      const mac = createHmac('sha256', SECRET)
        .update(`v0:${NOW / 1000}:`)
        .update(body)
        .digest('hex')
      const headers = { 'x-slack-request-timestamp': String(NOW / 1000), 'x-slack-signature': `v0=${mac}` }
      const check = () => checkSlackSignature({ signingSecret: SECRET, headers, body, now: NOW })
      expect(check()).toBe('genuine')
      const at = place % body.length
      body[at] = (body[at] ?? 0) ^ (1 << bit)
      expect(check()).toBe('forged')
    }),
    { numRuns: 2000 },
  )
})

it('only a small form that says so is a check of the certificate', () => {
  expect(isCertificateCheck(Buffer.from('ssl_check=1&token=x'))).toBe(true)
  for (const body of ['', 'ssl_check=0', 'payload=ssl_check%3D1', `ssl_check=1&a=${'x'.repeat(500)}`]) {
    expect(isCertificateCheck(Buffer.from(body))).toBe(false)
  }
})
