import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BANKID, openBench, RETURN_URL, VERIFF } from './easyfreelance-bench.ts'

let bench: Awaited<ReturnType<typeof openBench>>
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
afterEach(() => {
  bench.upstream.clearFaults()
  expect(bench.upstream.violations).toEqual([])
})

// What each status code of EasyFreelance's means, for a start and for a poll. 3xx, 409 and other 4xx are no definite no.
const MEANING: [status: number, is: string, because: string][] = [
  [400, 'refused', 'bad_request'],
  [401, 'refused', 'unauthorised'],
  [403, 'refused', 'not_allowed'],
  [404, 'refused', 'not_found'],
  [422, 'refused', 'invalid'],
  [429, 'refused', 'rate_limited'],
  [302, 'unknown', 'unreadable'],
  [300, 'unknown', 'unreadable'],
  [408, 'unknown', 'unreadable'],
  [409, 'unknown', 'unreadable'],
  [418, 'unknown', 'unreadable'],
  [500, 'unknown', 'server_error'],
  [502, 'unknown', 'server_error'],
  [503, 'unknown', 'server_error'],
  [504, 'unknown', 'server_error'],
]
const BODIES = ['usual', 'error', 'message', 'html'] as const

describe('starting', () => {
  it('sends what the documentation asks for, and hands over the session', async () => {
    const answer = await bench.client.start(VERIFF)
    const session = bench.upstream.sessions().at(-1)
    expect(answer).toEqual({
      is: 'done',
      session: { sessionId: session?.id, link: session?.link, expiresAt: session?.expiresAt },
    })
    expect(bench.upstream.calls.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/v1/users/4711/verification/flows',
      request: { provider: 'veriff', id_type: 'local', partner_return_url: RETURN_URL },
    })
  })

  it('says no ID type for BankID, even if one is given', async () => {
    const answer = await bench.client.start({ ...BANKID, idType: 'local' })
    expect(answer.is).toBe('done')
    expect(bench.upstream.calls.at(-1)?.request).toEqual({ provider: 'bankid', partner_return_url: RETURN_URL })
  })

  it.each(MEANING)('takes %i as %s: %s, whatever the body', async (status, is, because) => {
    for (const body of BODIES) {
      bench.upstream.fault({ route: 'start', do: { status, body } })
      const answer = await bench.client.start(VERIFF)
      expect(answer).toEqual(is === 'refused' ? { is, because, retryAfterMs: null } : { is, because })
    }
  })

  it.each([
    ['an unknown employee', { ...VERIFF, employeeNumber: 99_999 }, 'not_found'],
    ["another partner's employee", { ...VERIFF, employeeNumber: 4799 }, 'not_allowed'],
    ['Veriff without an ID type', { ...VERIFF, idType: null }, 'invalid'],
  ])('is refused for %s', async (_case, order, because) => {
    expect(await bench.client.start(order)).toMatchObject({ is: 'refused', because })
  })

  it.each(['usual', 'error', 'message'] as const)('knows an unapproved return URL (body: %s)', async (errorBody) => {
    bench.upstream.speak({ errorBody })
    const answer = await bench.make({ returnUrl: 'https://verify.example.com/new' }).start(VERIFF)
    bench.upstream.speak({ errorBody: 'usual' })
    expect(answer).toMatchObject({ is: 'refused', because: 'return_url_not_approved' })
  })

  it('takes a 422 in HTML as invalid, even about the return URL', async () => {
    bench.upstream.speak({ errorBody: 'html' })
    const answer = await bench.make({ returnUrl: 'https://verify.example.com/new' }).start(VERIFF)
    bench.upstream.speak({ errorBody: 'usual' })
    expect(answer).toMatchObject({ is: 'refused', because: 'invalid' })
  })

  it.each([
    [{ message: 'Ugyldig.', errors: { partner_return_url: ['Ikke godkjent.'] } }, 'return_url_not_approved'],
    [{ error: 'No approved registration covers this return-URL.' }, 'return_url_not_approved'],
    [{ message: 'The address to return to: this URL is not approved.', errors: [] }, 'return_url_not_approved'],
    [{ message: 'Invalid.', errors: { id_type: ['The id type field is required.'] } }, 'invalid'],
    [{ message: 7, errors: 'partner_return_url' }, 'invalid'],
    [{}, 'invalid'],
  ])('tells what a 422 is about: %j', async (body, because) => {
    bench.upstream.fault({ route: 'start', do: { rewrite: () => ({ status: 422, body }) } })
    expect(await bench.client.start(VERIFF)).toMatchObject({ is: 'refused', because })
  })

  it.each([{ token: 'wrong' }, { apiKey: 'wrong' }])('is refused with wrong credentials: %j', async (wrong) => {
    expect(await bench.make(wrong).start(VERIFF)).toMatchObject({ is: 'refused', because: 'unauthorised' })
  })

  it('takes no number that is not an employee number into a path', async () => {
    await expect(bench.client.start({ ...VERIFF, employeeNumber: Number.NaN })).rejects.toThrow(RangeError)
  })
})

describe('polling', () => {
  it.each(['pending', 'approved', 'declined', 'cancelled', 'expired', 'error'])('reports %s', async (status) => {
    const id = await bench.startedId()
    bench.upstream.decide(id, status)
    expect(await bench.client.poll(id)).toMatchObject({ is: 'done', report: { status } })
  })

  it('names the steps still missing', async () => {
    const id = await bench.startedId()
    bench.upstream.setMissingSteps(4711, ['bank', 'terms'])
    bench.upstream.decide(id, 'approved')
    const answer = await bench.client.poll(id)
    expect(answer).toEqual({ is: 'done', report: { status: 'approved', missingSteps: ['bank', 'terms'] } })
  })

  it.each(MEANING)('takes %i as %s: %s, whatever the body', async (status, is, because) => {
    const id = await bench.startedId()
    bench.upstream.decide(id, 'approved')
    for (const body of BODIES) {
      bench.upstream.fault({ route: 'poll', do: { status, body } })
      const answer = await bench.client.poll(id)
      expect(answer).toEqual(is === 'refused' ? { is, because, retryAfterMs: null } : { is, because })
    }
  })

  it.each([201, 202, 206, 404, 500])('believes no outcome that comes with %i', async (status) => {
    const id = await bench.startedId()
    bench.upstream.decide(id, 'approved')
    bench.upstream.fault({ route: 'poll', do: { rewrite: (reply) => ({ ...reply, status }) } })
    expect((await bench.client.poll(id)).is).not.toBe('done')
  })

  it('is refused for a session nobody knows', async () => {
    const answer = await bench.client.poll('9b2f8f0e-6f0a-4c3e-8d55-0f4f5d1f7a11')
    expect(answer).toMatchObject({ is: 'refused', because: 'not_found' })
  })

  it('takes no text that is not a session id into a path', async () => {
    for (const id of ['', '../users/1', 'a/b', 'a?b', 'a%2fb', 'a b']) {
      await expect(bench.client.poll(id)).rejects.toThrow(RangeError)
    }
  })
})

describe('registering a return URL', () => {
  it('says how it is kept and that it waits for approval', async () => {
    const answer = await bench.client.registerReturnUrl('https://Verify.Example.com/other')
    const registration = { status: 'pending', requestedUrl: 'https://verify.example.com/other' }
    expect(answer).toEqual({ is: 'done', registration })
  })

  it.each(MEANING)('takes %i as %s: %s', async (status, is, because) => {
    bench.upstream.fault({ route: 'return-url', do: { status } })
    expect(await bench.client.registerReturnUrl(RETURN_URL)).toMatchObject({ is, because })
  })

  it.each([
    [201, { is: 'done' }],
    [409, { is: 'unknown', because: 'unreadable' }],
    [422, { is: 'refused', because: 'invalid' }],
  ] as const)('copes with %i for one that is registered already', async (repeatedRegistration, expected) => {
    bench.upstream.speak({ repeatedRegistration })
    expect(await bench.client.registerReturnUrl(RETURN_URL)).toMatchObject(expected)
  })
})

describe('hints about the rate', () => {
  it('are handed on, with the time to wait in the refusal', async () => {
    bench.hints.length = 0
    bench.upstream.fault({ route: 'poll', do: { status: 429, retryAfter: '17' } })
    const answer = await bench.client.poll('9b2f8f0e-6f0a-4c3e-8d55-0f4f5d1f7a11')
    expect(answer).toEqual({ is: 'refused', because: 'rate_limited', retryAfterMs: 17_000 })
    expect(bench.hints).toEqual([{ remaining: 0, retryAfterMs: 17_000 }])
  })

  it('are handed on with a success too', async () => {
    bench.hints.length = 0
    const headers = { 'x-ratelimit-limit': '30', 'x-ratelimit-remaining': '29' }
    bench.upstream.fault({ route: 'start', do: { rewrite: (reply) => ({ ...reply, headers }) } })
    expect((await bench.client.start(VERIFF)).is).toBe('done')
    expect(bench.hints).toEqual([{ limit: 30, remaining: 29 }])
  })
})
