import { request } from 'undici'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Session } from '../../../sandbox/easyfreelance/books.ts'
import { type EasyFreelanceStandIn, startEasyFreelance } from '../../../sandbox/easyfreelance/start-easyfreelance.ts'

const RETURN_URL = 'https://verify.example.com/return?from=ef'
let now = Date.UTC(2026, 0, 31, 12, 0, 0)
let upstream: EasyFreelanceStandIn
beforeAll(async () => {
  upstream = await startEasyFreelance({ now: () => now, sessionLifetimeMs: 60_000, approvedReturnUrls: [RETURN_URL] })
})
afterAll(() => upstream.stop())

async function newSession(provider = 'veriff'): Promise<Session> {
  await request(`${upstream.apiUrl}/users/4711/verification/flows`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: `Bearer ${upstream.token}`,
      'api-key': upstream.apiKey,
    },
    body: JSON.stringify({
      provider,
      partner_return_url: RETURN_URL,
      ...(provider === 'veriff' ? { id_type: 'international' } : {}),
    }),
  }).then(({ body }) => body.dump())
  const session = upstream.sessions().at(-1)
  if (session === undefined) throw new Error('no session')
  return session
}

const again = (session: Session) => upstream.sessions().find(({ id }) => id === session.id)

async function look(session: Session, method: 'GET' | 'HEAD' = 'GET', agent = 'Mozilla/5.0') {
  const { statusCode, headers, body } = await request(session.link, { method, headers: { 'user-agent': agent } })
  return { status: statusCode, headers, html: await body.text() }
}

async function press(session: Session, decision: string) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await request(session.link, { method: 'POST', headers, body: `decision=${decision}` })
  return { status: answer.statusCode, location: answer.headers.location, html: await answer.body.text() }
}

describe('the page behind a link', () => {
  it('shows provider, ID type and what it is, and needs nothing from elsewhere', async () => {
    const { status, headers, html } = await look(await newSession())
    expect(status).toBe(200)
    for (const text of [
      'Veriff',
      'Foreign documents',
      "sandbox's stand-in for EasyFreelance",
      '2026-01-31 12:01 UTC',
    ]) {
      expect(html).toContain(text)
    }
    for (const word of ['Approve', 'Decline', 'Cancel', 'Error', 'Walk away'])
      expect(html).toContain(`>${word}</button>`)
    expect(html).not.toMatch(/<script|<link|<img|https?:/)
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(headers['content-security-policy']).toContain("form-action 'self' https://verify.example.com;")
  })

  it('says nothing of an ID type for BankID', async () => {
    const { html } = await look(await newSession('bankid'))
    expect(html).toContain('BankID')
    expect(html).not.toContain('ID type')
  })

  it('is not used up by looking, and knows a robot from a person', async () => {
    const session = await newSession()
    expect((await look(session, 'HEAD')).html).toBe('')
    await look(session, 'GET', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)')
    expect(again(session)).toMatchObject({ opened: false, status: 'pending' })
    await look(session)
    await look(session)
    expect(again(session)).toMatchObject({ opened: true, status: 'pending' })
  })

  it.each(['approved', 'declined', 'cancelled', 'error'])(
    'ends as %s and goes back to the partner',
    async (decision) => {
      const session = await newSession()
      const { status, location } = await press(session, decision)
      expect(status).toBe(303)
      expect(location).toBe(`${RETURN_URL}&ef_status=${decision}&session=${session.id}`)
      expect(again(session)?.status).toBe(decision)
      expect(await look(session)).toMatchObject({ status: 410, html: expect.stringContaining('is over') })
      expect((await press(session, 'approved')).status).toBe(410)
      expect(again(session)?.status).toBe(decision)
    },
  )

  it('lets a person walk away and come back', async () => {
    const session = await newSession()
    const { status, html } = await press(session, 'leave')
    expect({ status, html }).toMatchObject({ status: 200, html: expect.stringContaining('close this tab') })
    expect(again(session)?.status).toBe('pending')
    expect((await look(session)).status).toBe(200)
  })

  it('decides nothing once its time is over', async () => {
    const session = await newSession()
    now += 60_001
    expect((await press(session, 'approved')).status).toBe(410)
    expect((await look(session)).html).toContain('has expired')
    expect(again(session)?.status).toBe('expired')
  })

  it('takes no other decision, and knows no other link', async () => {
    const session = await newSession()
    expect((await press(session, 'expired')).status).toBe(422)
    expect((await press({ ...session, link: `${session.link}x` }, 'approved')).status).toBe(404)
    expect(again(session)?.status).toBe('pending')
  })
})
