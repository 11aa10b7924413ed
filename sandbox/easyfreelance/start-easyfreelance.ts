import { randomBytes, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { type Books, type Call, makeBooks, type NewEmployee, type Registration, type Session } from './books.ts'
import { makeBouncer } from './bouncer.ts'
import { DEFAULT_DIALECT, type Dialect } from './dialect.ts'
import { type Delivery, type Fault, makeFaults, misbehave, nameOf } from './faults.ts'
import { type Incoming, mask, type Reply, readIncoming, readJsonObject, send, sendHalf } from './messages.ts'
import { makePartnerApi } from './partner-api.ts'
import { makeRateLimit } from './rate-limit.ts'

export type EasyFreelanceOptions = {
  /** UTC ms. */
  now?: () => number
  port?: number
  employees?: readonly NewEmployee[]
  /** A day unless told. */
  sessionLifetimeMs?: number
  /** Per route and for the whole partner. None unless told: the documentation states no limit for these routes. */
  requestsPerMinute?: number | null
  approvedReturnUrls?: readonly string[]
}

/** EasyFreelance as far as this product knows it: the partner API, the page behind a link, and a hand on everything. */
export type EasyFreelanceStandIn = {
  readonly apiUrl: string
  readonly linkOrigin: string
  readonly token: string
  readonly apiKey: string
  stop(): Promise<void>

  /** Copies, as things stand now. */
  sessions(): Session[]
  readonly registrations: readonly Registration[]
  readonly calls: readonly Call[]
  /** What the client did that it must never do, in words. */
  readonly violations: readonly string[]
  readonly on: Books['events']['on']
  readonly until: Books['events']['until']

  /** Gives a session any status, also one the documentation doesn't know. */
  decide(sessionId: string, status: string): void
  addEmployee(employee: NewEmployee): void
  setMissingSteps(employeeId: number, steps: readonly string[]): void
  approveReturnUrl(url: string): void
  withdrawReturnUrl(url: string): void
  /** How long sessions started from now on may be used. */
  setSessionLifetime(ms: number): void
  /** Answers what the documentation leaves open differently from now on. */
  speak(dialect: Partial<Dialect>): void

  /** Sets a fault; returns the way to lift it. */
  fault(fault: Fault): () => void
  clearFaults(): void
  /** Refuses connections until `up()`. */
  down(): Promise<void>
  /** Listens again, on the same port. */
  up(): Promise<void>
}

const DAY_MS = 86_400_000

const EMPLOYEES: readonly NewEmployee[] = [
  { id: 4711, email: 'ola.nordmann@example.com', name: 'Ola Nordmann', missingSteps: ['bank'] },
  { id: 4712, email: 'kari.nordmann@example.com', name: 'Kari Nordmann' },
  { id: 4799, email: 'someone.else@example.com', name: 'Someone Else', partner: 'other' },
]

export async function startEasyFreelance(options: EasyFreelanceOptions = {}): Promise<EasyFreelanceStandIn> {
  const { now = Date.now, requestsPerMinute = null, employees = EMPLOYEES } = options
  let { sessionLifetimeMs = DAY_MS } = options
  const token = `17|${randomBytes(30).toString('base64url')}`
  const apiKey = randomUUID()
  const dialect: Dialect = { ...DEFAULT_DIALECT }
  let port = options.port ?? 0
  const origin = (): string => `http://127.0.0.1:${port}`

  const books = makeBooks({ now, origin, dialect, sessionLifetimeMs: () => sessionLifetimeMs })
  for (const employee of employees) books.addEmployee(employee)
  for (const url of options.approvedReturnUrls ?? []) books.approveReturnUrl(url)

  const faults = makeFaults()
  const bounce = makeBouncer(books, now)
  const allow = makeRateLimit(requestsPerMinute, now)
  const askPartnerApi = makePartnerApi({ books, dialect, now, origin, token, apiKey, allow })
  const stopping = new AbortController()

  async function handle(incoming: Incoming, response: ServerResponse): Promise<void> {
    const call = { method: incoming.method, path: incoming.path, at: now(), fault: null }
    const startedAt = performance.now()
    const record = (
      more: Pick<Call, 'route' | 'employeeId' | 'sessionId'> & Partial<Call>,
      reply: Reply | null,
    ): void =>
      books.recordCall({
        ...call,
        status: reply?.status ?? null,
        durationMs: performance.now() - startedAt,
        request: mask(readJsonObject(incoming.body) ?? incoming.body),
        answer: mask(reply?.body ?? null),
        ...more,
      })

    if (incoming.path.startsWith('/api/v1/')) {
      const { request, perform } = askPartnerApi(incoming, incoming.path.slice('/api/v1'.length))
      const how = faults.take(request)
      const delivery: Delivery =
        how === null ? { reply: perform(), ending: 'whole' } : misbehave(how, perform, origin())
      if (delivery.lateMs) await wait(delivery.lateMs, undefined, { signal: stopping.signal })
      const sessionId = request.sessionId ?? sessionIdIn(delivery.reply)
      const { route, employeeId } = request
      const fault = how === null ? null : nameOf(how)
      record({ route, employeeId, sessionId, fault }, delivery.ending === 'whole' ? delivery.reply : null)
      deliver(delivery, response)
      return
    }

    if (incoming.headers.authorization !== undefined || incoming.headers['api-key'] !== undefined) {
      books.violate(`credentials sent to ${incoming.path.replace(/[\w-]{20,}/g, '…')}`)
    }
    const { session, reply } = bounce(incoming)
    const path = session === undefined ? incoming.path : '/verify/…'
    record({ route: 'bouncer', path, employeeId: session?.employeeId ?? null, sessionId: session?.id ?? null }, reply)
    send(response, reply)
  }

  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    readIncoming(request)
      .then((incoming) => handle(incoming, response))
      .catch((error: unknown) => {
        // A client that hangs up, or our own end. Anything else is a mistake of the stand-in's and must be seen.
        if (!response.destroyed && !stopping.signal.aborted) books.violate(`the stand-in failed: ${String(error)}`)
        response.destroy()
      })
  })

  async function up(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject)
        resolve()
      })
    })
    port = (server.address() as AddressInfo).port
  }

  function down(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  }

  await up()

  return {
    apiUrl: `${origin()}/api/v1`,
    linkOrigin: origin(),
    token,
    apiKey,
    stop: () => {
      stopping.abort()
      books.events.stop()
      return down()
    },
    sessions: () => books.sessions().map((session) => ({ ...session })),
    registrations: books.registrations,
    calls: books.calls,
    violations: books.violations,
    on: books.events.on,
    until: books.events.until,
    decide: books.decide,
    addEmployee: books.addEmployee,
    setMissingSteps(employeeId, steps) {
      const employee = books.employees.get(employeeId)
      if (employee === undefined) throw new Error(`no employee ${employeeId}`)
      books.addEmployee({ ...employee, missingSteps: [...steps] })
    },
    approveReturnUrl: books.approveReturnUrl,
    withdrawReturnUrl: books.withdrawReturnUrl,
    setSessionLifetime(ms) {
      sessionLifetimeMs = ms
    },
    speak: (changes) => void Object.assign(dialect, changes),
    fault: faults.add,
    clearFaults: faults.clear,
    down,
    up,
  }
}

function deliver({ reply, ending }: Delivery, response: ServerResponse): void {
  if (reply !== null && ending === 'whole') send(response, reply)
  else if (reply !== null && ending.endsWith('_midway')) sendHalf(response, reply)
  if (ending === 'lose') response.socket?.resetAndDestroy()
  // What was written has to leave before the connection is cut.
  if (ending === 'lose_midway') setImmediate(() => response.destroy())
}

function sessionIdIn(reply: Reply | null): string | null {
  const body = typeof reply?.body === 'object' ? { ...reply.body } : {}
  return 'verification_id' in body && typeof body.verification_id === 'string' ? body.verification_id : null
}
