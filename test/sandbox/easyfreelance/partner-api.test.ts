import { request } from 'undici'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EasyFreelanceStandIn, startEasyFreelance } from '../../../sandbox/easyfreelance/start-easyfreelance.ts'

// The stand-in has to refuse what the real one refuses, and to notice what a client must never do.

const RETURN_URL = 'https://verify.example.com/return'
let now = Date.UTC(2026, 0, 31, 12, 0, 0)
let upstream: EasyFreelanceStandIn
let seen = 0
beforeAll(async () => {
  upstream = await startEasyFreelance({
    now: () => now,
    sessionLifetimeMs: 3_600_000,
    approvedReturnUrls: [RETURN_URL],
  })
})
afterAll(() => upstream.stop())
afterEach(() => {
  seen = upstream.violations.length
})
const violations = () => upstream.violations.slice(seen)

type Changes = { method?: string; headers?: Record<string, string | null>; body?: unknown }

async function call(path: string, { method = 'POST', headers = {}, body }: Changes = {}) {
  const all = {
    accept: 'application/json',
    authorization: `Bearer ${upstream.token}`,
    'api-key': upstream.apiKey,
    'content-type': 'application/json',
    ...headers,
  }
  const answer = await request(new URL(`${upstream.apiUrl}${path}`), {
    method: method === 'POST' ? 'POST' : 'GET',
    headers: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)) as Record<string, string>,
    ...(method === 'POST' ? { body: typeof body === 'string' ? body : JSON.stringify(body) } : {}),
  })
  const text = await answer.body.text()
  const json: unknown = text.startsWith('{') ? JSON.parse(text) : text
  return { status: answer.statusCode, headers: answer.headers, json }
}

const START = '/users/4711/verification/flows'
const VERIFF = { provider: 'veriff', id_type: 'local', partner_return_url: RETURN_URL }

describe('the partner API', () => {
  it('starts a session as documented, flat and with Laravel’s times', async () => {
    const { status, json } = await call(START, { body: VERIFF })
    const session = upstream.sessions().at(-1)
    expect(status).toBe(201)
    expect(json).toEqual({
      verification_id: session?.id,
      provider: 'veriff',
      status: 'pending',
      id_type: 'local',
      verification_url: session?.link,
      status_check_url: expect.stringContaining('/status-check/'),
      expires_at: '2026-01-31T13:00:00.000000Z',
    })
    expect(session?.link).not.toContain(session?.id ?? '?')
    expect(violations()).toEqual([])
  })

  it('answers a poll as documented', async () => {
    await call(START, { body: { provider: 'bankid', partner_return_url: RETURN_URL } })
    const id = upstream.sessions().at(-1)?.id ?? ''
    upstream.decide(id, 'declined')
    const { status, json } = await call(`/verification/status/${id}`, { method: 'GET' })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      verification_id: id,
      user_id: '4711',
      provider: 'bankid',
      id_type: null,
      status: 'declined',
      completed_at: '2026-01-31T12:00:00.000Z',
      next_action: 'retry',
      onboarding: {
        missing_steps: ['bank', 'id_verification'],
        is_onboarded: false,
        steps: { terms: true, bank: false },
      },
    })
    expect(violations()).toEqual([])
  })

  it.each([
    ['no token', START, { headers: { authorization: null } }, 401],
    ['a wrong token', START, { headers: { authorization: 'Bearer x' } }, 401],
    ['no key', START, { headers: { 'api-key': null } }, 401],
    ['no provider', START, { body: { ...VERIFF, provider: undefined } }, 422],
    ['an unknown provider', START, { body: { ...VERIFF, provider: 'mitid' } }, 422],
    ['Veriff without an ID type', START, { body: { ...VERIFF, id_type: undefined } }, 422],
    ['an unknown ID type', START, { body: { ...VERIFF, id_type: 'swedish' } }, 422],
    ['no return URL', START, { body: { ...VERIFF, partner_return_url: undefined } }, 422],
    ['a return URL nobody approved', START, { body: { ...VERIFF, partner_return_url: `${RETURN_URL}/` } }, 422],
    ['a long return URL', START, { body: { ...VERIFF, partner_return_url: `${RETURN_URL}${'x'.repeat(2048)}` } }, 422],
    ['a body that is no JSON', START, { body: '{' }, 422],
    ['an unknown employee', '/users/1/verification/flows', {}, 404],
    ["another partner's employee", '/users/4799/verification/flows', {}, 403],
    ['an unknown session', '/verification/status/9b2f8f0e', { method: 'GET' }, 404],
    [
      'a return URL without TLS',
      '/verification-return-urls',
      { body: { partner_return_url: 'http://a.example' } },
      422,
    ],
    ['a return URL that is none', '/verification-return-urls', { body: { partner_return_url: 'return' } }, 422],
    ['an e-mail that is none', '/users', { body: { email: 'ola' } }, 422],
  ] as [string, string, Changes, number][])('refuses %s', async (_case, path, changes, status) => {
    const count = upstream.sessions().length
    expect((await call(path, { body: VERIFF, ...changes })).status).toBe(status)
    expect(upstream.sessions().length).toBe(count)
  })

  it.each([
    ['an Idempotency-key', START, { headers: { 'Idempotency-key': 'x' } }, 201, 'start: sent an Idempotency-key'],
    [
      'an ID type for BankID',
      START,
      { body: { ...VERIFF, provider: 'bankid' } },
      201,
      'start: sent an id_type for bankid',
    ],
    ['an unknown field', START, { body: { ...VERIFF, name: 'Ola' } }, 201, 'start: unknown field name'],
    ['a query', `${START}?x=1`, {}, 201, 'start: sent a query'],
    ['no Accept', START, { headers: { accept: null } }, 302, 'start: did not accept application/json'],
    ['no JSON type', START, { headers: { 'content-type': 'text/plain' } }, 422, 'start: did not send application/json'],
    [
      'a name for an id',
      '/users/ola/verification/flows',
      {},
      404,
      'no such endpoint: POST /users/ola/verification/flows',
    ],
  ] as [string, string, Changes, number, string][])('notices %s', async (_case, path, changes, status, violation) => {
    expect((await call(path, { body: VERIFF, ...changes })).status).toBe(status)
    expect(violations()).toEqual([violation])
  })

  it('notices credentials that follow a URL of an answer', async () => {
    const { json } = await call(START, { body: VERIFF })
    const { status_check_url: trap } = json as { status_check_url: string }
    await request(trap, { headers: { 'api-key': upstream.apiKey } }).then(({ body }) => body.dump())
    expect(violations()).toEqual(['credentials sent to /status-check/…'])
  })

  it('reports a mistake of its own, and no client that hangs up', async () => {
    const broken = (): never => {
      throw new Error('no such answer')
    }
    upstream.fault({ route: 'start', do: { rewrite: broken } })
    await expect(call(START, { body: VERIFF })).rejects.toThrow()
    expect(violations()).toEqual(['the stand-in failed: Error: no such answer'])
    upstream.fault({ route: 'start', do: 'lose' })
    await expect(call(START, { body: VERIFF })).rejects.toThrow()
    expect(violations()).toHaveLength(1)
  })

  it('links a known e-mail and creates an unknown one', async () => {
    const known = await call('/users', { body: { email: 'someone.else@example.com' } })
    expect(known).toMatchObject({ status: 200, json: { id: '4799' } })
    const unknown = await call('/users', { body: { email: 'new@example.com', first_name: 'Ny', last_name: 'Person' } })
    expect(unknown).toMatchObject({ status: 201, json: { id: '4800', name: 'Ny Person' } })
    expect((await call('/users/4800', { method: 'GET' })).json).toMatchObject({ email: 'new@example.com' })
    upstream.addEmployee({ id: 4799, email: 'someone.else@example.com', name: 'Someone Else', partner: 'other' })
  })

  it('refuses what is no e-mail, and minds fields that are not documented', async () => {
    for (const email of ['nonsense', '', 7, undefined, `${'a'.repeat(250)}@b.no`]) {
      expect(await call('/users', { body: { email } })).toMatchObject({ status: 422 })
    }
    await call('/users', { body: { email: 'ola.nordmann@example.com', nickname: 'O' } })
    expect(violations()).toEqual(['link: unknown field nickname'])
  })

  it('keeps no link in its log of calls', async () => {
    await call(START, { body: VERIFF })
    const link = upstream.sessions().at(-1)?.link ?? ''
    await request(link).then(({ body }) => body.dump())
    const log = JSON.stringify(upstream.calls)
    expect(log).not.toContain(link.split('/').at(-1))
    expect(log).not.toContain(upstream.token)
    expect(upstream.calls.at(-2)).toMatchObject({ route: 'start', status: 201, employeeId: 4711 })
    expect(upstream.calls.at(-1)).toMatchObject({ route: 'bouncer', sessionId: upstream.sessions().at(-1)?.id })
  })

  it.each(['expired', 'pending'] as const)('finds an unopened session %s once its time is over', async (unopened) => {
    upstream.speak({ unopened })
    await call(START, { body: VERIFF })
    now += 3_600_001
    const id = upstream.sessions().at(-1)?.id ?? ''
    expect((await call(`/verification/status/${id}`, { method: 'GET' })).json).toMatchObject({ status: unopened })
    upstream.speak({ unopened: 'expired' })
  })

  it('allows so many requests a minute and route, for the whole partner', async () => {
    const strict = await startEasyFreelance({ now: () => now, requestsPerMinute: 2 })
    const headers = { authorization: `Bearer ${strict.token}`, 'api-key': strict.apiKey, accept: 'application/json' }
    const poll = async (id: string) => {
      const answer = await request(`${strict.apiUrl}/verification/status/${id}`, { headers })
      await answer.body.dump()
      return [answer.statusCode, answer.headers['x-ratelimit-remaining'], answer.headers['retry-after']]
    }
    expect(await poll('a')).toEqual([404, '1', undefined])
    expect(await poll('b')).toEqual([404, '0', undefined])
    now += 20_000
    expect(await poll('c')).toEqual([429, '0', '40'])
    now += 40_000
    expect(await poll('d')).toEqual([404, '1', undefined])
    await strict.stop()
  })
})
