import { randomBytes, randomUUID } from 'node:crypto'
import type { Dialect } from './dialect.ts'
import { type Events, makeEvents } from './events.ts'

export type Employee = {
  id: number
  email: string
  name: string
  /** Whose employee this is; 'nobody' until a partner links them. */
  partner: 'ours' | 'other' | 'nobody'
  verified: boolean
  /** Onboarding steps still to do, the ID step aside. */
  missingSteps: string[]
}

export type NewEmployee = Pick<Employee, 'id' | 'email' | 'name'> & Partial<Employee>

export type Session = {
  /** EasyFreelance's `verification_id`. */
  id: string
  /** What the link ends in; not the id. */
  token: string
  link: string
  employeeId: number
  provider: 'veriff' | 'bankid'
  idType: 'local' | 'international' | null
  status: string
  returnUrl: string
  /** Times are UTC ms. */
  startedAt: number
  expiresAt: number
  completedAt: number | null
  /** Whether a person's browser has loaded the link. */
  opened: boolean
}

export type Registration = { id: string; status: 'pending' | 'approved'; requestedUrl: string; requestedAt: number }

export type Call = {
  number: number
  method: string
  route: Route
  path: string
  /** Null when no answer was given. */
  status: number | null
  /** By the stand-in's clock. */
  at: number
  durationMs: number
  employeeId: number | null
  sessionId: string | null
  /** Links masked. */
  request: unknown
  answer: unknown
  /** What was made to go wrong. */
  fault: string | null
}

export type Route = 'start' | 'poll' | 'return-url' | 'user' | 'link' | 'bouncer' | 'other'

export type StandInEvent =
  | { type: 'call'; call: Call }
  | { type: 'session'; session: Session }
  | { type: 'registration'; registration: Registration }
  | { type: 'employee'; employee: Employee }
  | { type: 'violation'; violation: string }

/** Everything the stand-in knows. Whatever changes is told to `events`. */
export type Books = ReturnType<typeof makeBooks>

export function makeBooks(deps: {
  now: () => number
  origin: () => string
  dialect: Dialect
  sessionLifetimeMs: () => number
}) {
  const events: Events<StandInEvent> = makeEvents()
  const employees = new Map<number, Employee>()
  const sessions = new Map<string, Session>()
  const registrations: Registration[] = []
  const calls: Call[] = []
  const violations: string[] = []

  function settle(session: Session, status: string, at: number): void {
    session.status = status
    session.completedAt = status === 'pending' ? null : at
    const employee = employees.get(session.employeeId)
    if (status === 'approved' && employee !== undefined) employee.verified = true
    events.emit({ type: 'session', session: { ...session } })
  }

  /** A session is only found to be over when someone looks. */
  function look(session: Session): Session {
    const isOver = session.status === 'pending' && deps.now() > session.expiresAt
    if (isOver && (session.opened || deps.dialect.unopened === 'expired')) settle(session, 'expired', session.expiresAt)
    return session
  }

  function register(url: string): Registration {
    const registration: Registration = {
      id: String(registrations.length + 1),
      status: 'pending',
      requestedUrl: new URL(url.trim()).href,
      requestedAt: deps.now(),
    }
    registrations.push(registration)
    events.emit({ type: 'registration', registration: { ...registration } })
    return registration
  }

  function findRegistration(url: string): Registration | undefined {
    if (!URL.canParse(url.trim())) return undefined
    const canonical = new URL(url.trim()).href
    return registrations.find((registration) => registration.requestedUrl === canonical)
  }

  return {
    events,
    employees,
    calls,
    violations,
    registrations,
    register,
    findRegistration,

    sessions: (): Session[] => [...sessions.values()].map(look),
    findSession: (match: (session: Session) => boolean): Session | undefined => {
      const session = [...sessions.values()].find(match)
      return session && look(session)
    },

    addEmployee(employee: NewEmployee): Employee {
      const added: Employee = { partner: 'ours', verified: false, missingSteps: [], ...employee }
      employees.set(added.id, added)
      events.emit({ type: 'employee', employee: { ...added } })
      return added
    },

    startSession(order: Pick<Session, 'employeeId' | 'provider' | 'idType' | 'returnUrl'>): Session {
      const token = randomBytes(32).toString('base64url')
      const startedAt = deps.now()
      const session: Session = {
        ...order,
        id: randomUUID(),
        token,
        link: `${deps.origin()}/verify/${token}`,
        status: 'pending',
        startedAt,
        expiresAt: Math.floor((startedAt + deps.sessionLifetimeMs()) / 1000) * 1000,
        completedAt: null,
        opened: false,
      }
      sessions.set(session.id, session)
      events.emit({ type: 'session', session: { ...session } })
      return session
    },

    open(session: Session): void {
      if (session.opened) return
      session.opened = true
      events.emit({ type: 'session', session: { ...session } })
    },

    decide(sessionId: string, status: string): void {
      const session = sessions.get(sessionId)
      if (session === undefined) throw new Error(`no session ${sessionId}`)
      settle(session, status, deps.now())
    },

    approveReturnUrl(url: string): void {
      const registration = findRegistration(url) ?? register(url)
      registration.status = 'approved'
      events.emit({ type: 'registration', registration: { ...registration } })
    },

    /** Back to waiting for approval, if it was ever registered. */
    withdrawReturnUrl(url: string): void {
      const registration = findRegistration(url)
      if (registration === undefined) return
      registration.status = 'pending'
      events.emit({ type: 'registration', registration: { ...registration } })
    },

    recordCall(call: Omit<Call, 'number'>): void {
      const numbered = { number: calls.length + 1, ...call }
      calls.push(numbered)
      events.emit({ type: 'call', call: numbered })
    },

    violate(violation: string): void {
      violations.push(violation)
      events.emit({ type: 'violation', violation })
    },
  }
}
