import type { Books, Employee, Route } from './books.ts'
import { type Dialect, type Problem, writeProblem } from './dialect.ts'
import { type Incoming, type Reply, readJsonObject } from './messages.ts'
import { writeEmployee, writePoll, writeRegistration, writeStart } from './partner-answers.ts'
import { makePartnerGuard } from './partner-guard.ts'
import type { Allowance } from './rate-limit.ts'

export type PartnerApiDeps = {
  books: Books
  dialect: Dialect
  now: () => number
  origin: () => string
  token: string
  apiKey: string
  allow: (route: string) => Allowance | null
}

export type PartnerRequest = {
  incoming: Incoming
  route: Route
  employeeId: number | null
  sessionId: string | null
  body: Body | undefined
}

/** Every field that some endpoint takes; what is in them is anyone's guess. */
export type Body = Partial<
  Record<'provider' | 'partner_return_url' | 'id_type' | 'email' | 'internal_id' | 'first_name' | 'last_name', unknown>
>

type Endpoint = {
  method: string
  path: RegExp
  route: Route
  fields: readonly (keyof Body)[]
  answer(request: PartnerRequest): Reply
}

const MAX_URL_LENGTH = 2048

/** EasyFreelance's partner API as documented at apidoc.easyfreelance.no, stricter wherever that catches a mistake of the client. */
export function makePartnerApi(deps: PartnerApiDeps) {
  const { books, dialect } = deps
  const guard = makePartnerGuard(deps)

  const refuse = (problem: Problem): Reply => ({
    status: problem.status,
    body: writeProblem(problem, dialect.errorBody),
  })
  const invalid = (field: string, message: string): Reply =>
    refuse({ status: 422, message, errors: { [field]: [message] } })

  function findEmployee(id: number | null): Employee | Reply {
    const employee = id === null ? undefined : books.employees.get(id)
    if (employee === undefined) return refuse({ status: 404, message: 'User not found.' })
    return employee.partner === 'ours' ? employee : refuse({ status: 403, message: 'This action is unauthorized.' })
  }

  function start({ incoming, employeeId, body = {} }: PartnerRequest): Reply {
    if (incoming.headers['idempotency-key'] !== undefined) books.violate('start: sent an Idempotency-key')
    const employee = findEmployee(employeeId)
    if ('status' in employee) return employee
    const { provider, id_type: idType, partner_return_url: returnUrl } = body
    if (provider !== 'veriff' && provider !== 'bankid') return invalid('provider', 'The selected provider is invalid.')
    if (provider === 'bankid' && 'id_type' in body) books.violate('start: sent an id_type for bankid')
    if (provider === 'veriff' && idType !== 'local' && idType !== 'international') {
      return invalid('id_type', 'The id type field is required when provider is veriff.')
    }
    if (typeof returnUrl !== 'string' || returnUrl.length > MAX_URL_LENGTH) {
      return invalid('partner_return_url', 'The partner return url field must be a string of at most 2048 characters.')
    }
    if (books.findRegistration(returnUrl)?.status !== 'approved') {
      return invalid('partner_return_url', 'The partner return url is not approved.')
    }
    const documents = idType === 'local' ? 'local' : 'international'
    const session = books.startSession({
      employeeId: employee.id,
      provider,
      idType: provider === 'veriff' ? documents : null,
      returnUrl,
    })
    return { status: dialect.startStatus, body: writeStart(session, dialect, deps.origin()) }
  }

  function poll({ sessionId }: PartnerRequest): Reply {
    const session = books.findSession(({ id }) => id === sessionId)
    if (session === undefined) return refuse({ status: 404, message: 'Verification session not found.' })
    const employee = books.employees.get(session.employeeId)
    if (employee !== undefined && employee.partner !== 'ours') {
      return refuse({ status: 403, message: 'Verification session belongs to another partner.' })
    }
    return { status: 200, body: writePoll(session, employee, dialect, deps.now()) }
  }

  function register({ body = {} }: PartnerRequest): Reply {
    const url = body.partner_return_url
    if (typeof url !== 'string' || url.length > MAX_URL_LENGTH || !URL.canParse(url.trim())) {
      return invalid('partner_return_url', 'The partner return url field must be a valid URL.')
    }
    const { protocol, hostname } = new URL(url.trim())
    const isTest = protocol === 'http:' && ['127.0.0.1', 'localhost'].includes(hostname)
    if (protocol !== 'https:' && !isTest) return invalid('partner_return_url', 'The partner return url must use https.')
    const known = books.findRegistration(url)
    if (known !== undefined && dialect.repeatedRegistration !== 201) {
      const message = 'The partner return url is already registered.'
      return refuse({ status: dialect.repeatedRegistration, message })
    }
    return { status: 201, body: writeRegistration(known ?? books.register(url)) }
  }

  function readUser({ employeeId }: PartnerRequest): Reply {
    const employee = findEmployee(employeeId)
    return 'status' in employee ? employee : { status: 200, body: writeEmployee(employee, dialect, deps.now()) }
  }

  /** Links the user who has this e-mail, or creates one; whom we have already is returned as they are. */
  function linkOrCreate({ body = {} }: PartnerRequest): Reply {
    const { email, first_name: first, last_name: last } = body
    if (typeof email !== 'string' || !/^[^@\s]+@[^@\s]+$/.test(email) || email.length > 254) {
      return invalid('email', 'The email field must be a valid email address.')
    }
    const isTheirs = (employee: Employee) => employee.email.toLowerCase() === email.toLowerCase()
    const known = [...books.employees.values()].find(isTheirs)
    const name = [first, last].filter((part) => typeof part === 'string').join(' ')
    const employee = books.addEmployee(
      known === undefined
        ? { id: Math.max(0, ...books.employees.keys()) + 1, email, name }
        : { ...known, partner: 'ours' },
    )
    return { status: known === undefined ? 201 : 200, body: writeEmployee(employee, dialect, deps.now()) }
  }

  const endpoints: Endpoint[] = [
    {
      method: 'POST',
      path: /^\/users\/(?<employeeId>\d{1,15})\/verification\/flows$/,
      route: 'start',
      fields: ['provider', 'partner_return_url', 'id_type'],
      answer: start,
    },
    { method: 'GET', path: /^\/verification\/status\/(?<sessionId>[^/]+)$/, route: 'poll', fields: [], answer: poll },
    {
      method: 'POST',
      path: /^\/verification-return-urls$/,
      route: 'return-url',
      fields: ['partner_return_url'],
      answer: register,
    },
    { method: 'GET', path: /^\/users\/(?<employeeId>\d{1,15})$/, route: 'user', fields: [], answer: readUser },
    {
      method: 'POST',
      path: /^\/users$/,
      route: 'link',
      fields: ['email', 'internal_id', 'first_name', 'last_name'],
      answer: linkOrCreate,
    },
  ]

  function findEndpoint(
    method: string,
    path: string,
  ): { endpoint: Endpoint; ids: { employeeId?: string; sessionId?: string } } | undefined {
    for (const endpoint of endpoints) {
      const match = endpoint.method === method ? endpoint.path.exec(path) : null
      if (match !== null) return { endpoint, ids: { ...match.groups } }
    }
    return undefined
  }

  /** What a request is about, and the function that does it and answers. `path` is relative to the API's root. */
  return (incoming: Incoming, path: string): { request: PartnerRequest; perform: () => Reply } => {
    const found = findEndpoint(incoming.method, path)
    const request: PartnerRequest = {
      incoming,
      route: found?.endpoint.route ?? 'other',
      employeeId: found?.ids.employeeId === undefined ? null : Number(found.ids.employeeId),
      sessionId: found?.ids.sessionId ?? null,
      body: incoming.body === '' ? undefined : readJsonObject(incoming.body),
    }
    const perform = (): Reply => {
      if (found === undefined) {
        books.violate(`no such endpoint: ${incoming.method} ${path}`)
        return refuse({ status: 404, message: 'Not found.' })
      }
      const { endpoint } = found
      const objection = guard(incoming, endpoint.route, request.body, endpoint.fields)
      if (objection !== null) return objection
      const allowance = deps.allow(`${endpoint.method} ${endpoint.path.source}`)
      const headers = allowance && {
        'x-ratelimit-limit': String(allowance.limit),
        'x-ratelimit-remaining': String(allowance.remaining),
      }
      if (allowance !== null && allowance.retryAfterS !== null) {
        const reply = refuse({ status: 429, message: 'Too Many Attempts.' })
        return { ...reply, headers: { ...headers, 'retry-after': String(allowance.retryAfterS) } }
      }
      const reply = endpoint.answer(request)
      return headers === null ? reply : { ...reply, headers: { ...headers, ...reply.headers } }
    }
    return { request, perform }
  }
}
