import type { FetchFunction } from '@slack/web-api'
import { type Dispatcher, request } from 'undici'
import type { SlackResult } from './metrics.ts'

/**
 * The part of WHATWG fetch that Slack's SDK uses, on undici's plain `request`: the same answers for a fraction of the work,
 * which matters while fifty people press Send at once. Redirects are not followed; the SDK asks for that.
 */
export function makeSlackFetch(
  dispatcher: Dispatcher,
  onCall: (method: string, result: SlackResult) => void = () => {},
): FetchFunction {
  return async (url, init = {}) => {
    const method = new URL(url).pathname.split('/').at(-1) ?? ''
    try {
      const answer = await call(url, init)
      onCall(method, resultOf(answer.status, await answer.text()))
      return answer
    } catch (error) {
      onCall(method, 'no_answer')
      throw error
    }
  }

  async function call(...[url, init = {}]: Parameters<FetchFunction>): Promise<FetchResponse> {
    const { body, headers = {}, signal } = init
    if (body !== undefined && typeof body !== 'string') throw new TypeError('files are not sent to Slack')
    const answer = await request(url, {
      method: init.method === 'GET' ? 'GET' : 'POST',
      headers,
      dispatcher,
      ...(body === undefined ? {} : { body }),
      ...(signal === undefined ? {} : { signal }),
    })
    // Read at once, so that an answer that breaks off is a failed call and nothing else.
    const bytes = await answer.body.arrayBuffer()
    return responseOf(String(url), answer, bytes)
  }
}

/** Slack says how it went in the body's first word; docs.slack.dev: Web API, "ok". */
function resultOf(status: number, body: string): SlackResult {
  if (status === 429) return 'rate_limited'
  if (status >= 500) return 'server_error'
  const [, ok] = /^\s*\{\s*"ok"\s*:\s*(true|false)\b/.exec(body) ?? /"ok"\s*:\s*(true|false)\b/.exec(body) ?? []
  if (ok === undefined) return status >= 200 && status < 300 && body === 'ok' ? 'done' : 'unreadable'
  return ok === 'true' ? 'done' : 'refused'
}

type FetchResponse = Awaited<ReturnType<FetchFunction>>

function responseOf(url: string, { statusCode, headers }: Dispatcher.ResponseData, bytes: ArrayBuffer): FetchResponse {
  const text = () => new TextDecoder().decode(bytes)
  const joined = Object.entries(headers).map(([name, value]): [string, string] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  const byName = new Map(joined)
  return {
    ok: statusCode >= 200 && statusCode < 300,
    status: statusCode,
    statusText: '',
    url,
    headers: { get: (name) => byName.get(name.toLowerCase()) ?? null, entries: () => byName.entries() },
    text: async () => text(),
    json: async () => JSON.parse(text()),
    arrayBuffer: async () => bytes,
  }
}
