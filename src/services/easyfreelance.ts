import type { Dispatcher } from 'undici'
import {
  isAboutReturnUrl,
  readRefusal,
  readRegistration,
  readReport,
  readStartedSession,
} from './easyfreelance-answers.ts'
import { isSameEmail, type PartnerEmployee, readPartnerEmployee } from './easyfreelance-employee.ts'
import { type Exchange, exchange } from './exchange.ts'
import { type RateHints, readRateHints } from './rate-hints.ts'
import type { SetTimer } from './timer.ts'
import type { IdType, Provider } from './verification.ts'

export type RefusedBecause =
  | 'unreachable'
  | 'unauthorised'
  | 'not_allowed'
  | 'not_found'
  | 'return_url_not_approved'
  | 'invalid'
  | 'bad_request'
  | 'rate_limited'
export type UnknownBecause = 'timeout' | 'connection_lost' | 'server_error' | 'unreadable'

/** Surely without effect. */
export type Refused = { is: 'refused'; because: RefusedBecause; retryAfterMs: number | null }
/** It may have happened or not. */
export type Unknown = { is: 'unknown'; because: UnknownBecause }

export type StartedSession = {
  sessionId: string
  /** Null: it failed the check of its origin and must never be shown. */
  link: string | null
  /** UTC ms; null when missing or unparseable. */
  expiresAt: number | null
}

export type SessionReport = {
  /** As EasyFreelance says it, in lower case and at most 40 characters; five words are outcomes. */
  status: string
  /** What the employee still has to do at EasyFreelance, in its words; empty when it didn't say. */
  missingSteps: string[]
}

export type Order = { employeeNumber: number; provider: Provider; idType: IdType | null }
export type Registration = { status: string; requestedUrl: string }

/** The partner API. Nothing here throws for anything that the network or EasyFreelance does, and nothing is repeated. */
export type EasyFreelance = {
  /** Starts a session. Not safe to repeat: each may open another one. */
  start(order: Order, signal?: AbortSignal): Promise<{ is: 'done'; session: StartedSession } | Refused | Unknown>
  /** What EasyFreelance says about this session now. Safe to repeat. */
  poll(sessionId: string, signal?: AbortSignal): Promise<{ is: 'done'; report: SessionReport } | Refused | Unknown>
  /** Who has this number. Changes nothing, safe to repeat. */
  readEmployee(
    employeeNumber: number,
    signal?: AbortSignal,
  ): Promise<{ is: 'done'; employee: PartnerEmployee } | Refused | Unknown>
  /**
   * Links the user who has this e-mail address to us, or creates one. Safe to repeat: an address that is known by then is
   * linked and returned. apidoc.easyfreelance.no, "Create or link an employee by e-mail".
   */
  linkOrCreate(
    email: string,
    signal?: AbortSignal,
  ): Promise<{ is: 'done'; employee: PartnerEmployee } | Refused | Unknown>
  /** Asks for approval of a return URL. Done means recorded: a person at EasyFreelance approves it later. */
  registerReturnUrl(
    url: string,
    signal?: AbortSignal,
  ): Promise<{ is: 'done'; registration: Registration } | Refused | Unknown>
}

export type EasyFreelanceDeps = {
  /** Such as `https://app.easyfreelance.no/api/v1`. */
  readonly apiUrl: string
  readonly token: string
  readonly apiKey: string
  /** The only origin a link may have. */
  readonly linkOrigin: string
  /** Sent exactly as it was approved. */
  readonly returnUrl: string
  readonly dispatcher?: Dispatcher
  readonly now: () => number
  readonly setTimer?: SetTimer
  readonly startTimeoutMs?: number
  readonly pollTimeoutMs?: number
  /** Somebody waits at a form for this one. */
  readonly lookupTimeoutMs?: number
  readonly onLimits?: (hints: RateHints) => void
}

export function makeEasyFreelance(deps: EasyFreelanceDeps): EasyFreelance {
  const { startTimeoutMs = 8000, pollTimeoutMs = 8000, lookupTimeoutMs = 3000 } = deps
  const base = deps.apiUrl.replace(/\/+$/, '')
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${deps.token}`,
    'api-key': deps.apiKey,
  }

  async function ask(
    path: string,
    timeoutMs: number,
    signal: AbortSignal | undefined,
    payload?: Record<string, string>,
  ): Promise<Exchange> {
    const answer = await exchange({
      url: new URL(`${base}${path}`),
      timeoutMs,
      signal,
      dispatcher: deps.dispatcher,
      setTimer: deps.setTimer,
      ...(payload === undefined
        ? { method: 'GET', headers }
        : {
            method: 'POST',
            headers: { ...headers, 'content-type': 'application/json' },
            body: JSON.stringify(payload),
          }),
    })
    const hints = answer.is === 'answered' ? readRateHints(answer.status, answer.headers, deps.now()) : {}
    if (Object.keys(hints).length > 0) deps.onLimits?.(hints)
    return answer
  }

  /** Everything but a success that can be read. */
  function judge(answer: Exchange): Refused | Unknown {
    if (answer.is === 'never_sent') return { is: 'refused', because: 'unreachable', retryAfterMs: null }
    if (answer.is === 'lost') return { is: 'unknown', because: answer.because }
    const because = readRefusal(answer.status)
    if (because === null) return { is: 'unknown', because: answer.status >= 500 ? 'server_error' : 'unreadable' }
    return {
      is: 'refused',
      because,
      retryAfterMs: readRateHints(answer.status, answer.headers, deps.now()).retryAfterMs ?? null,
    }
  }

  return {
    async start(order, signal) {
      if (!Number.isSafeInteger(order.employeeNumber)) throw new RangeError('not an employee number')
      const answer = await ask(`/users/${order.employeeNumber}/verification/flows`, startTimeoutMs, signal, {
        provider: order.provider,
        partner_return_url: deps.returnUrl,
        ...(order.provider === 'veriff' && order.idType !== null ? { id_type: order.idType } : {}),
      })
      // The code of a success is not documented: any 2xx that names a session is one.
      const session = isSuccess(answer) ? readStartedSession(answer.body, deps.linkOrigin) : null
      if (session !== null) return { is: 'done', session }
      const no = judge(answer)
      return no.is === 'refused' &&
        no.because === 'invalid' &&
        answer.is === 'answered' &&
        isAboutReturnUrl(answer.body)
        ? { ...no, because: 'return_url_not_approved' }
        : no
    },

    async poll(sessionId, signal) {
      if (!/^[\w-]+$/.test(sessionId)) throw new RangeError('not a session id')
      const answer = await ask(`/verification/status/${sessionId}`, pollTimeoutMs, signal)
      const isStatus = answer.is === 'answered' && answer.status === 200
      const report = isStatus ? readReport(answer.body, sessionId) : null
      return report === null ? judge(answer) : { is: 'done', report }
    },

    async readEmployee(employeeNumber, signal) {
      if (!Number.isSafeInteger(employeeNumber)) throw new RangeError('not an employee number')
      const answer = await ask(`/users/${employeeNumber}`, lookupTimeoutMs, signal)
      const employee = answer.is === 'answered' && answer.status === 200 ? readPartnerEmployee(answer.body) : null
      // About somebody else: nothing of it may be shown.
      return employee?.employeeNumber === employeeNumber ? { is: 'done', employee } : judge(answer)
    },

    async linkOrCreate(email, signal) {
      const answer = await ask('/users', startTimeoutMs, signal, { email })
      const employee = isSuccess(answer) ? readPartnerEmployee(answer.body) : null
      // With another address it is about somebody else.
      const isTheirs = employee !== null && (employee.email === null || isSameEmail(employee.email, email))
      return isTheirs ? { is: 'done', employee } : judge(answer)
    },

    async registerReturnUrl(url, signal) {
      const answer = await ask('/verification-return-urls', startTimeoutMs, signal, { partner_return_url: url })
      const registration = isSuccess(answer) ? readRegistration(answer.body) : null
      return registration === null ? judge(answer) : { is: 'done', registration }
    },
  }
}

function isSuccess(answer: Exchange): answer is Extract<Exchange, { is: 'answered' }> {
  return answer.is === 'answered' && answer.status >= 200 && answer.status < 300
}
