import type { FetchFunction } from '@slack/web-api'
import { type Dispatcher, request } from 'undici'

/**
 * The part of WHATWG fetch that Slack's SDK uses, on undici's plain `request`: the same answers for a fraction of the work,
 * which matters while fifty people press Send at once. Redirects are not followed; the SDK asks for that.
 */
export function makeSlackFetch(dispatcher: Dispatcher): FetchFunction {
  return async (url, init = {}) => {
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
