import type { IncomingMessage, ServerResponse } from 'node:http'
import { BUGS, type Call } from './call-log.ts'
import type { FaultAction } from './faults.ts'
import { isObject, textIn } from './json.ts'
import { type ApiAnswer, rateLimited } from './web-api.ts'
import type { Workspace } from './workspace.ts'

/** One call on its way to an answer. `perform` does what was asked. */
export type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  call: Omit<Call, 'outcome' | 'durationMs'>
  started: number
  perform: () => ApiAnswer
}

const outcomeOf = ({ status, body }: ApiAnswer): string =>
  body.ok === true ? 'ok' : textIn(body.error) || `http ${status}`

/** Answers calls, or lets a fault befall them; writes down every one. */
export function makeExchanges({ workspace, calls }: { workspace: Workspace; calls: Call[] }) {
  const { events, violation } = workspace
  const timers = new Set<NodeJS.Timeout>()

  function record({ call, started }: Exchange, outcome: string, answer?: Call['answer']): void {
    const whole: Call = { ...call, durationMs: Date.now() - started, outcome, ...(answer && { answer }) }
    calls.push(whole)
    events.emit({ type: 'call', call: whole })
  }

  /** Performs the call, and notes the refusals that are the app's own doing. */
  function perform({ perform: run, call }: Exchange): ApiAnswer {
    const answer = run()
    const error = textIn(answer.body.error)
    const why = isObject(answer.body.response_metadata) ? JSON.stringify(answer.body.response_metadata.messages) : ''
    if (BUGS.has(error)) violation(error, `${call.method}: ${error} ${why}`.trim())
    if (error === 'ratelimited') violation('ratelimited', `${call.method} was called too often`)
    return answer
  }

  // What happened is written down before the caller hears of it: whoever awaits the answer finds it in the log.
  function send(exchange: Exchange, answer: ApiAnswer): void {
    record(exchange, outcomeOf(answer), { status: answer.status, body: answer.body })
    const headers = { 'content-type': 'application/json; charset=utf-8', ...answer.headers }
    exchange.response.writeHead(answer.status, headers).end(JSON.stringify(answer.body))
  }

  function sendText(exchange: Exchange, status: number, type: string, text: string): void {
    record(exchange, `http ${status}`, { status, body: text })
    exchange.response.writeHead(status, { 'content-type': type }).end(text)
  }

  function cut(exchange: Exchange, outcome: string): void {
    record(exchange, outcome)
    exchange.request.socket.resetAndDestroy()
  }

  function answerLater(exchange: Exchange, when: number | 'callerGone'): void {
    const go = () => send(exchange, perform(exchange))
    if (when === 'callerGone') {
      exchange.response.once('close', go)
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      go()
    }, when)
    timers.add(timer)
  }

  function misbehave(exchange: Exchange, fault: Exclude<FaultAction, string>): void {
    if ('late' in fault) answerLater(exchange, fault.late)
    else if ('ratelimit' in fault) send(exchange, rateLimited(fault.ratelimit))
    else if ('rewrite' in fault) {
      const answer = perform(exchange)
      send(exchange, { ...answer, body: fault.rewrite(answer.body) })
    } else {
      if (fault.alsoDo === true) perform(exchange)
      if ('error' in fault) {
        send(exchange, { status: 200, headers: {}, body: { ...fault.more, ok: false, error: fault.error } })
      } else sendText(exchange, fault.status, 'text/plain', fault.body ?? 'upstream trouble')
    }
  }

  const named: Record<Extract<FaultAction, string>, (exchange: Exchange) => void> = {
    down: (exchange) => cut(exchange, 'cut before'),
    loseBefore: (exchange) => cut(exchange, 'cut before'),
    lose(exchange) {
      perform(exchange)
      cut(exchange, 'done, answer lost')
    },
    garbage(exchange) {
      perform(exchange)
      sendText(exchange, 200, 'text/html', '<html><body>Something is not right.</body></html>')
    },
    hang: (exchange) => record(exchange, 'hung'),
    doAndHang(exchange) {
      perform(exchange)
      record(exchange, 'done, hung')
    },
  }

  return {
    run(exchange: Exchange, fault: FaultAction | undefined): void {
      if (fault === undefined) send(exchange, perform(exchange))
      else if (typeof fault === 'string') named[fault](exchange)
      else misbehave(exchange, fault)
    },
    stop(): void {
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
