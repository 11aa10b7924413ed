import { Dispatcher } from 'undici'
import type { Clock } from './clock.ts'
import { OUTAGE_FAULTS, POLL_FAULTS, REFUSED, type RequestFault, START_FAULTS } from './easyfreelance-faults.ts'
import { LINK_ORIGIN, makeRemoteSessions, type RemoteSession } from './easyfreelance-sessions.ts'
import type { Happenings } from './happenings.ts'
import type { Life } from './life.ts'
import { type Outage, outageAt } from './outages.ts'
import type { Trace } from './trace.ts'

export type StartCall = { readonly at: number; readonly employeeNumber: number; readonly fault: RequestFault | null }

export type EasyFreelanceSide = ReturnType<typeof makeEasyFreelanceSide>

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: unknown }

/** EasyFreelance behind an unreliable network, at the border where undici would open a connection. */
export function makeEasyFreelanceSide(deps: {
  clock: Clock
  happenings: Happenings
  outages: readonly Outage[]
  trace: Trace
  /** The bot asks about this session now; its answer can be there in so many ms. */
  onPoll?: (sessionId: string, key: string, answerMs: number) => void
}) {
  const { clock, happenings, outages, trace, onPoll } = deps
  const { chance } = happenings
  const now = clock.now
  const sessions = makeRemoteSessions({ chance, now })
  const callTimes: number[] = []
  const starts: StartCall[] = []
  /** What was answered about which session, whether it arrived or not. */
  const said = new Set<string>()

  function faultOf(key: string, isStart: boolean): RequestFault | null {
    const outage = outageAt(outages, 'easyfreelance', now())
    if (outage !== undefined && !happenings.isCalm()) return OUTAGE_FAULTS[outage.mode]
    const fault = chance.weighed(`fault of ${key}`, isStart ? START_FAULTS : POLL_FAULTS)
    return happenings.happens(key, FAULT_RATE, fault) ? fault : null
  }

  function answerStart(employeeNumber: number, fault: RequestFault | null): Answer {
    const session = sessions.start(employeeNumber)
    trace.note(`easyfreelance starts ${session.id} for ${employeeNumber}`)
    const knowsDeadline = chance.of(`deadline of ${session.id}`) > 0.05
    return {
      status: 201,
      body: {
        verification_id: session.id,
        provider: 'bankid',
        status: 'pending',
        verification_url: fault === 'bad_link' ? `https://elsewhere.test/${session.id}` : session.link,
        ...(knowsDeadline ? { expires_at: new Date(session.expiresAt).toISOString() } : {}),
      },
    }
  }

  function answerPoll(sessionId: string, fault: RequestFault | null): Answer {
    const session = sessions.all.get(sessionId)
    if (session === undefined) return { status: 404, body: { error: 'no such session' } }
    const status = sessions.statusOf(session)
    if (fault === 'other_session') return { status: 200, body: { verification_id: 's0-other', status: 'approved' } }
    if (fault === 'dressed_up') return { status: 200, body: { verification_id: sessionId, status: ' Approved\u200b' } }
    said.add(`${sessionId} ${status}`)
    trace.note(`easyfreelance says that ${sessionId} is ${status}`)
    const missing = chance.of(`steps of ${sessionId}`) < 0.2 ? ['terms'] : []
    return {
      status: 200,
      body: { verification_id: sessionId, status, onboarding: { missing_steps: missing }, next_action: 'retry' },
    }
  }

  function refusal(key: string, fault: RequestFault): Answer | null {
    switch (fault) {
      case 'broken':
      case 'broken_after':
        return { status: 503, body: { message: 'Service Unavailable' } }
      case 'garbage':
        return { status: 200, body: '<html>' }
      case 'rate_limited':
        return {
          status: 429,
          headers: { 'retry-after': String(chance.between(`retry after ${key}`, 1, 60)) },
          body: { message: 'Too Many Attempts.' },
        }
      case 'shut_out':
        return { status: 401, body: { message: 'Unauthenticated.' } }
      case 'unknown_employee':
      case 'missing':
        return { status: 404, body: { error: 'not found' } }
      case 'bad_return_url':
        return { status: 422, body: { message: 'partner_return_url is not approved' } }
      case 'bad_request':
        return { status: 400, body: { message: 'bad request' } }
      case 'denied':
        return { status: 403, body: { error: 'forbidden' } }
      default:
        return null
    }
  }

  const wayMs = (key: string) => chance.between(`way to ${key}`, 10, 400)
  const answerMs = (key: string) => wayMs(key) + chance.between(`way back of ${key}`, 10, 1200)

  /** The connections of one life of the bot. */
  function connectionsOf(life: Life): Dispatcher {
    return new Connections((options, handler) => {
      const isStart = options.method === 'POST'
      const key = happenings.next(isStart ? 'easyfreelance start' : 'easyfreelance poll')
      const fault = faultOf(key, isStart)
      const target = options.path.match(/users\/(\d+)\/|status\/([\w-]+)$/) ?? []
      callTimes.push(now())
      if (isStart) starts.push({ at: now(), employeeNumber: Number(target[1]), fault })
      trace.note(`${key} ${target[1] ?? target[2]}${fault === null ? '' : ` (${fault})`}`)
      const carryOut = () => (isStart ? answerStart(Number(target[1]), fault) : answerPoll(String(target[2]), fault))
      exchangeOne({ life, key, fault, handler, carryOut })
      if (!isStart) onPoll?.(String(target[2]), key, answerMs(key))
    })
  }

  function exchangeOne({ life, key, fault, handler, carryOut }: Exchange): void {
    let isOver = false
    const controller = {
      abort: () => {
        isOver = true
      },
    } as unknown as Dispatcher.DispatchController
    const tell = (ms: number, say: () => void) => clock.after(() => life.isAlive() && !isOver && say(), ms)
    const there = wayMs(key)
    const back = answerMs(key)
    const lose = (ms: number) => tell(ms, () => handler.onResponseError?.(controller, new Error('socket hang up')))
    const answer = (ms: number, { status, headers = {}, body }: Answer) =>
      tell(ms, () => {
        handler.onResponseStart?.(controller, status, headers, '')
        handler.onResponseData?.(controller, Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)))
        handler.onResponseEnd?.(controller, {})
      })

    if (fault === 'unreachable') return void lose(there)
    handler.onRequestStart?.(controller, {})
    if (fault === 'late') return void clock.after(carryOut, chance.between(`lateness of ${key}`, 8_100, 120_000))
    const isCarriedOut = fault === null || !(REFUSED.has(fault) || ['lost', 'silent', 'broken'].includes(fault))
    clock.after(() => {
      const answered = isCarriedOut ? carryOut() : null
      if (fault === 'silent' || fault === 'silent_after') return
      const instead = fault === null ? null : refusal(key, fault)
      const reply = instead ?? (fault === 'lost' || fault === 'lost_after' ? null : answered)
      if (reply === null) lose(back - there)
      else answer(back - there, reply)
    }, there)
  }

  return {
    connectionsOf,
    sessions,
    callTimes: callTimes as readonly number[],
    starts: starts as readonly StartCall[],
    hasSaid: (sessionId: string, status: string) => said.has(`${sessionId} ${status}`),
    finalOutcome: (session: RemoteSession) => sessions.statusOf(session),
  }
}

export { LINK_ORIGIN }

export const FAULT_RATE = 0.25

type Exchange = {
  readonly life: Life
  readonly key: string
  readonly fault: RequestFault | null
  readonly handler: Dispatcher.DispatchHandler
  readonly carryOut: () => Answer
}

type Dispatch = (options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) => void

class Connections extends Dispatcher {
  readonly #dispatch: Dispatch

  constructor(dispatch: Dispatch) {
    super()
    this.#dispatch = dispatch
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#dispatch(options, handler)
    return true
  }
}
