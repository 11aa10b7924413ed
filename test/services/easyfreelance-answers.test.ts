import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Dialect } from '../../sandbox/easyfreelance/dialect.ts'
import { DEFAULT_DIALECT } from '../../sandbox/easyfreelance/dialect.ts'
import { BANKID, openBench, VERIFF } from './easyfreelance-bench.ts'

type Body = { [name: string]: unknown; status?: unknown; verification_id?: unknown }

let bench: Awaited<ReturnType<typeof openBench>>
beforeAll(async () => {
  bench = await openBench()
})
afterAll(() => bench.close())
afterEach(() => {
  bench.upstream.clearFaults()
  bench.upstream.speak(DEFAULT_DIALECT)
  expect(bench.upstream.violations).toEqual([])
})

// Everything the documentation leaves open, in every combination that a start or a poll can meet.
const every = <K extends keyof Dialect>(name: K, values: Dialect[K][]): Partial<Dialect>[] =>
  values.map((value) => ({ [name]: value }))
const cross = (...lists: Partial<Dialect>[][]): Partial<Dialect>[] =>
  lists.reduce((sofar, list) => sofar.flatMap((one) => list.map((other) => ({ ...one, ...other }))), [{}])

const STARTS = cross(
  every('startStatus', [200, 201]),
  every('expiresAt', ['micros', 'millis', 'seconds', 'utc_offset', 'oslo_offset', 'no_zone', 'unparseable', 'missing']),
)
const POLLS = cross(
  every('ids', ['string', 'integer']),
  every('pollFields', ['all', 'certain']),
  every('onboarding', ['object', 'lagging', 'null']),
)

describe('what the documentation leaves open', () => {
  it.each(STARTS)('makes no difference to a start: %j', async (dialect) => {
    bench.upstream.speak(dialect)
    const answer = await bench.client.start(BANKID)
    const session = bench.upstream.sessions().at(-1)
    const isVague = ['no_zone', 'unparseable', 'missing'].includes(dialect.expiresAt ?? '')
    expect(answer).toEqual({
      is: 'done',
      session: { sessionId: session?.id, link: session?.link, expiresAt: isVague ? null : session?.expiresAt },
    })
  })

  it.each(POLLS)('makes no difference to a poll: %j', async (dialect) => {
    bench.upstream.speak(dialect)
    const id = await bench.startedId()
    expect(await bench.client.poll(id)).toMatchObject({ is: 'done', report: { status: 'pending' } })
    bench.upstream.decide(id, 'approved')
    const steps = { object: ['bank'], lagging: ['bank', 'id_verification'], null: [] }
    const missingSteps = steps[dialect.onboarding ?? 'object']
    expect(await bench.client.poll(id)).toEqual({ is: 'done', report: { status: 'approved', missingSteps } })
  })

  it('includes the shape of the missing steps, which may only be told by the steps', async () => {
    const id = await bench.startedId()
    const onboarding = { steps: { id_verification: true, bank: false, terms: false, pets: 'none' }, missing_steps: 2 }
    bench.upstream.fault({
      route: 'poll',
      do: { rewrite: () => ({ status: 200, body: { status: 'approved', onboarding } }) },
    })
    expect(await bench.client.poll(id)).toEqual({
      is: 'done',
      report: { status: 'approved', missingSteps: ['bank', 'terms'] },
    })
  })
})

describe('a status word', () => {
  const reported = async (status: unknown) => {
    bench.upstream.fault({ route: 'poll', do: { rewrite: () => ({ status: 200, body: { status } }) } })
    const answer = await bench.client.poll('abc')
    return answer.is === 'done' ? answer.report.status : answer.because
  }

  it('that is not documented is handed on, in lower case, tidied and short', async () => {
    expect(await reported('In\u202e Review\n')).toBe('in review')
    expect(await reported('x'.repeat(99))).toBe('x'.repeat(40))
  })

  it.each([
    'Approved',
    ' approved',
    'approved\n',
    'app\u200broved',
    'APPROVED',
    '\u202eapproved',
    '',
    ' ',
    null,
    1,
    ['approved'],
  ])('is not made into a documented one: %j', async (status) => {
    expect(await reported(status)).not.toBe('approved')
  })
})

describe('10,000 mutated answers', () => {
  const OTHER_ID = '9b2f8f0e-6f0a-4c3e-8d55-0f4f5d1f7a11'
  const word = fc.constantFrom(
    'pending',
    'approved',
    'declined',
    'Approved',
    'approved ',
    'review',
    'cancelled',
    'aproved',
  )
  const value = fc.oneof(word, fc.jsonValue({ maxDepth: 1 }), fc.constantFrom(OTHER_ID, null, true, ['approved']))
  const name = fc.constantFrom(
    'status',
    'verification_id',
    'onboarding',
    'provider',
    'Status',
    'next_action',
    '__proto__',
  )

  type Change = (text: string) => string
  const edit = (change: (body: Body) => unknown): Change => {
    return (text) => {
      const parsed: unknown = safeParse(text)
      return isObject(parsed) ? JSON.stringify(change({ ...parsed })) : text
    }
  }
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.tuple(name, value).map(([key, to]) => edit((body) => ({ ...body, [key]: to }))),
    name.map((key) => edit(({ [key]: _gone, ...body }) => body)),
    fc.tuple(name, name).map(([from, to]) => edit(({ [from]: moved, ...body }) => ({ ...body, [to]: moved }))),
    fc.constantFrom('data', 'session', 'status').map((key) => edit((body) => ({ [key]: body }))),
    fc.constant(edit((body) => [body])),
    fc.nat().map(
      (at): Change =>
        (text) =>
          text.slice(0, at % (text.length + 1)),
    ),
    fc.tuple(fc.nat(), fc.string({ maxLength: 3 })).map(
      ([at, more]): Change =>
        (text) => {
          const place = at % (text.length + 1)
          return text.slice(0, place) + more + text.slice(place)
        },
    ),
    word.map(
      (status): Change =>
        (text) =>
          text.replace(/}$/, `,"status":"${status}"}`),
    ),
    fc.constantFrom('\ufeff', '<pre>', ")]}',\n", '').map(
      (prefix): Change =>
        (text) =>
          prefix + text,
    ),
  )
  const code = fc.oneof(
    { weight: 4, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.integer({ min: 200, max: 599 }) },
  )

  it('give no false approval, miss no true one, and break nothing', async () => {
    const id = await bench.startedId()
    const client = bench.make({ dispatcher: bench.keeping })
    let honest = ''
    const tally = { approved: 0, otherwise: 0 }
    const told = new Map<string, { code: number; text: string }>()
    bench.upstream.fault({
      route: 'poll',
      times: Number.POSITIVE_INFINITY,
      do: {
        rewrite: (reply) => {
          const { code: status, text } = told.get('next') ?? { code: reply.status, text: JSON.stringify(reply.body) }
          honest = JSON.stringify(reply.body)
          return { status, headers: { 'content-type': 'application/json' }, body: text }
        },
      },
    })
    await client.poll(id)

    const run = async (first: string, changes: Change[], status: number): Promise<void> => {
      const text = changes.reduce((sofar, next) => next(sofar), honest.replace('"pending"', `"${first}"`))
      told.set('next', { code: status, text })
      const answer = await client.poll(id)
      const body = safeParse(text)
      const isTrue =
        status === 200 &&
        isObject(body) &&
        body.status === 'approved' &&
        (body.verification_id === undefined || body.verification_id === id)
      const isApproved = answer.is === 'done' && answer.report.status === 'approved'
      tally[isApproved ? 'approved' : 'otherwise'] += 1
      expect({ isApproved, text, status }).toEqual({ isApproved: isTrue, text, status })
    }
    const property = fc.asyncProperty(
      fc.constantFrom('approved', 'pending'),
      fc.array(change, { minLength: 1, maxLength: 3 }),
      code,
      run,
    )
    await fc.assert(property, { numRuns: 10_000 })
    expect(tally.approved).toBeGreaterThan(500)
    expect(tally.otherwise).toBeGreaterThan(5000)
  }, 60_000)

  it('of a start never throw, and never hand over a link from elsewhere', async () => {
    let next: Change = (text) => text
    const rewrite = (reply: { status: number; body: object | string }) => ({
      ...reply,
      body: next(JSON.stringify(reply.body)),
    })
    bench.upstream.fault({ route: 'start', times: Number.POSITIVE_INFINITY, do: { rewrite } })
    const evil = fc.constantFrom('https://evil.example/', 'javascript:alert(1)', '//evil.example', 'http://127.0.0.1/')
    const swap = evil.map(
      (to): Change =>
        (text) =>
          text.replace(/http:\/\/[^"]*/, to),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(change, swap), { minLength: 1, maxLength: 3 }), async (changes) => {
        next = (text) => changes.reduce((sofar, one) => one(sofar), text)
        const answer = await bench.client.start(VERIFF)
        const link = answer.is === 'done' ? answer.session.link : null
        return link === null || new URL(link).origin === bench.upstream.linkOrigin
      }),
      { numRuns: 1000 },
    )
  })
})

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function safeParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
