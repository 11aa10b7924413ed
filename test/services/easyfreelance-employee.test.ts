import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PRIVATE_FIELDS } from '../../sandbox/easyfreelance/partner-answers.ts'
import { openBench } from './easyfreelance-bench.ts'

let bench: Awaited<ReturnType<typeof openBench>>
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
afterEach(() => {
  bench.upstream.clearFaults()
  expect(bench.upstream.violations).toEqual([])
})

const OLA = { employeeNumber: 4711, email: 'ola.nordmann@example.com', name: 'Ola Nordmann', isVerified: false }
const answering = (body: object) => ({ rewrite: () => ({ status: 200, body }) })
const person = { id: '4711', email: OLA.email, name: OLA.name }

describe('reading who has a number', () => {
  it('changes nothing, and hands over what we may know', async () => {
    expect(await bench.client.readEmployee(4711)).toEqual({ is: 'done', employee: OLA })
    expect(bench.upstream.calls.at(-1)).toMatchObject({ method: 'GET', path: '/api/v1/users/4711', request: '' })
  })

  it.each(['string', 'integer'] as const)('takes ids written as %s', async (ids) => {
    bench.upstream.speak({ ids })
    expect(await bench.client.readEmployee(4711)).toMatchObject({ is: 'done', employee: { employeeNumber: 4711 } })
    bench.upstream.speak({ ids: 'string' })
  })

  it('hands over no bank, tax or address field', async () => {
    const handed = JSON.stringify(await bench.client.readEmployee(4711))
    for (const word of Object.values(PRIVATE_FIELDS)) expect(handed).not.toContain(word)
  })

  it('takes nobody else for an answer', async () => {
    bench.upstream.fault({ route: 'user', do: answering({ ...person, id: '4712' }) })
    expect(await bench.client.readEmployee(4711)).toEqual({ is: 'unknown', because: 'unreadable' })
  })

  it.each([
    [99_999, 'not_found'],
    [4799, 'not_allowed'],
  ])('of %i is refused: %s', async (number, because) => {
    expect(await bench.client.readEmployee(number)).toMatchObject({ is: 'refused', because })
  })

  it('gives up soon, because somebody waits', async () => {
    bench.upstream.fault({ route: 'user', do: 'hang' })
    const client = bench.make({ lookupTimeoutMs: 20 })
    expect(await client.readEmployee(4711)).toEqual({ is: 'unknown', because: 'timeout' })
  })

  it('takes no number that is not one into a path', async () => {
    await expect(bench.client.readEmployee(Number.NaN)).rejects.toThrow(RangeError)
  })
})

describe('linking or creating by e-mail', () => {
  it('sends the address and nothing else', async () => {
    expect(await bench.client.linkOrCreate(OLA.email)).toEqual({ is: 'done', employee: OLA })
    expect(bench.upstream.calls.at(-1)).toMatchObject({
      method: 'POST',
      path: '/api/v1/users',
      request: { email: OLA.email },
    })
  })

  it('can be repeated: the same address gives the same account', async () => {
    const once = await bench.client.linkOrCreate('new@example.com')
    expect(once).toMatchObject({ is: 'done', employee: { email: 'new@example.com' } })
    expect(await bench.client.linkOrCreate('New@Example.com')).toEqual(once)
  })

  it.each([
    ['somebody else', { ...person, email: 'kari.nordmann@example.com' }],
    ['nobody', { email: OLA.email }],
  ])('takes %s for no answer', async (_who, body) => {
    bench.upstream.fault({ route: 'link', do: answering(body) })
    expect(await bench.client.linkOrCreate(OLA.email)).toEqual({ is: 'unknown', because: 'unreadable' })
  })

  it('takes an answer without an address', async () => {
    bench.upstream.fault({ route: 'link', do: answering({ id: 4711 }) })
    expect(await bench.client.linkOrCreate(OLA.email)).toMatchObject({ is: 'done', employee: { employeeNumber: 4711 } })
  })

  it('is refused for what is no address', async () => {
    expect(await bench.client.linkOrCreate('nonsense')).toMatchObject({ is: 'refused', because: 'invalid' })
  })

  it.each([
    [{ status: 500 }, { is: 'unknown', because: 'server_error' }],
    ['lose', { is: 'unknown', because: 'connection_lost' }],
    [{ status: 403 }, { is: 'refused', because: 'not_allowed', retryAfterMs: null }],
  ] as const)('after %j it is %j', async (how, answer) => {
    bench.upstream.fault({ route: 'link', do: how })
    expect(await bench.client.linkOrCreate(OLA.email)).toEqual(answer)
  })
})
