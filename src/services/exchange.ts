import { type Dispatcher, getGlobalDispatcher } from 'undici'
import { type SetTimer, setTimer } from './timer.ts'

export type Request = {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Record<string, string>
  /** Sent as it stands. */
  readonly body?: string
  /** For everything: connecting, sending, waiting, and reading the answer to its end. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
  readonly dispatcher?: Dispatcher | undefined
  readonly setTimer?: SetTimer | undefined
}

export type Headers = Record<string, string | string[] | undefined>

/**
 * How a request ended. `never_sent`: not one byte of it left this machine, so it surely had no effect.
 * `lost`: it left, and what became of it is not known.
 */
export type Exchange =
  | {
      is: 'answered'
      status: number
      headers: Headers /** Undefined when it isn't JSON, or too long. */
      body: unknown
    }
  | { is: 'never_sent' }
  | { is: 'lost'; because: 'timeout' | 'connection_lost' }

const MAX_BODY_BYTES = 64 * 1024

/**
 * One HTTP exchange: no redirect is followed, nothing is repeated, nothing is thrown, at most 64 KiB are read.
 * It speaks to undici's dispatcher directly because only that tells whether a request was ever written to a connection.
 */
export function exchange(request: Request): Promise<Exchange> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    let status = 0
    let headers: Headers = {}
    let isSent = false
    let isOver = false
    let controller: Dispatcher.DispatchController | undefined

    const end = (result: Exchange): void => {
      if (isOver) return
      isOver = true
      callOff()
      request.signal?.removeEventListener('abort', onAbort)
      resolve(result)
      if (result.is !== 'answered' || size > MAX_BODY_BYTES) controller?.abort(new Error('no longer wanted'))
    }
    const onAbort = (): void => end({ is: 'lost', because: 'connection_lost' })
    const onTimeout = (): void => end(isSent ? { is: 'lost', because: 'timeout' } : { is: 'never_sent' })

    const callOff = (request.setTimer ?? setTimer)(onTimeout, request.timeoutMs)
    request.signal?.addEventListener('abort', onAbort)
    if (request.signal?.aborted) return onAbort()

    const dispatcher = request.dispatcher ?? getGlobalDispatcher()
    const { method, url, body = null } = request
    dispatcher.dispatch(
      // `reset`: no connection is used twice. A kept one that the other side is just closing would lose a request that
      // cannot be repeated, and at half a request a second there is nothing to gain.
      { origin: url.origin, path: `${url.pathname}${url.search}`, method, headers: request.headers, body, reset: true },
      {
        // Called on a ready connection, before the first byte: aborting here still sends nothing.
        onRequestStart(started) {
          controller = started
          if (isOver) return started.abort(new Error('no longer wanted'))
          isSent = true
        },
        onResponseStart(_controller, code, received) {
          status = code
          headers = received
        },
        onResponseData(_controller, chunk) {
          size += chunk.length
          if (size > MAX_BODY_BYTES) end({ is: 'answered', status, headers, body: undefined })
          else chunks.push(chunk)
        },
        onResponseEnd() {
          end({ is: 'answered', status, headers, body: readJson(Buffer.concat(chunks).toString()) })
        },
        onResponseError() {
          end(isSent ? { is: 'lost', because: 'connection_lost' } : { is: 'never_sent' })
        },
      },
    )
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
