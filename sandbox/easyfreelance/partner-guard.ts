import type { Books, Route } from './books.ts'
import { type Dialect, writeProblem } from './dialect.ts'
import type { Incoming, Reply } from './messages.ts'

export type PartnerGuardDeps = { books: Books; dialect: Dialect; origin: () => string; token: string; apiKey: string }

/** What every endpoint asks of a request: both credentials, JSON both ways, and nothing it doesn't know. */
export function makePartnerGuard({ books, dialect, origin, token, apiKey }: PartnerGuardDeps) {
  const refuse = (status: number, message: string): Reply => ({
    status,
    body: writeProblem({ status, message }, dialect.errorBody),
  })

  return (incoming: Incoming, route: Route, body: object | undefined, fields: readonly string[]): Reply | null => {
    const { headers, method } = incoming
    if (!(headers.accept ?? '').includes('application/json')) {
      books.violate(`${route}: did not accept application/json`)
      return { status: 302, headers: { location: `${origin()}/login` }, body: '<!doctype html><title>Log in</title>' }
    }
    if (headers.authorization !== `Bearer ${token}` || headers['api-key'] !== apiKey) {
      return refuse(401, 'Unauthenticated.')
    }
    if (incoming.query !== '') books.violate(`${route}: sent a query`)
    if (method === 'GET' && incoming.body !== '') books.violate(`${route}: sent a body with GET`)
    if (method === 'POST' && !(headers['content-type'] ?? '').startsWith('application/json')) {
      books.violate(`${route}: did not send application/json`)
      return refuse(422, 'The given data was invalid.')
    }
    for (const field of Object.keys(body ?? {})) {
      if (!fields.includes(field)) books.violate(`${route}: unknown field ${field}`)
    }
    return null
  }
}
