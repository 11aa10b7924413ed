import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  type WebClient,
} from '@slack/web-api'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { FaultAction } from '../../sandbox/slack/faults.ts'
import { askSlack, meaningOf } from '../../src/services/slack-answers.ts'
import { makeSlackClient } from '../../src/services/slack-client.ts'
import { slackLogger } from '../../src/services/slack-logger.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { MANAGER, openSlackBench, type SlackBench } from '../helpers/slack-bench.ts'

const answerTo = (error: unknown) => askSlack(() => Promise.reject(error))

const platform = (error: unknown) => new WebAPIPlatformError({ ok: false, error: error as string })
const request = (cause: unknown) => new WebAPIRequestError(new TypeError('fetch failed', { cause }))
const coded = (code: string) => Object.assign(new Error(code), { code })

describe('an error of the SDK', () => {
  it.each<[string, unknown, object]>([
    ['no from Slack', platform('not_in_channel'), { is: 'refused', error: 'not_in_channel', retryAfterMs: null }],
    ['fatal_error', platform('fatal_error'), { is: 'unknown', error: 'fatal_error' }],
    ['internal_error', platform('internal_error'), { is: 'unknown', error: 'internal_error' }],
    ['request_timeout', platform('request_timeout'), { is: 'unknown', error: 'request_timeout' }],
    ['service_unavailable', platform('service_unavailable'), { is: 'unknown', error: 'service_unavailable' }],
    ['page of HTML', platform('<html>Bad gateway</html>'), { is: 'unknown', error: 'unreadable' }],
    ['nothing at all', platform(''), { is: 'unknown', error: 'unreadable' }],
    ['no error word', platform(undefined), { is: 'unknown', error: 'unreadable' }],
    ['429', new WebAPIRateLimitedError(30), { is: 'refused', error: 'ratelimited', retryAfterMs: 30_000 }],
    ['404', new WebAPIHTTPError(404, '', {}), { is: 'refused', error: 'http_404', retryAfterMs: null }],
    ['500', new WebAPIHTTPError(500, '', {}), { is: 'unknown', error: 'http_500' }],
    ['503', new WebAPIHTTPError(503, '', {}), { is: 'unknown', error: 'http_503' }],
    ['connection reset', request(coded('ECONNRESET')), { is: 'unknown', error: 'no_answer' }],
    ['closed socket', request(coded('UND_ERR_SOCKET')), { is: 'unknown', error: 'no_answer' }],
    [
      'time-out',
      new WebAPIRequestError(new DOMException('late', 'TimeoutError')),
      { is: 'unknown', error: 'no_answer' },
    ],
    ['mistake of ours', new TypeError('x is not a function'), { is: 'unknown', error: 'no_answer' }],
    ['thrown text', 'what', { is: 'unknown', error: 'no_answer' }],
  ])('%s', async (_what, error, answer) => {
    expect(await answerTo(error)).toEqual(answer)
  })

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'])(
    'of a connection that was never made is a refusal: %s',
    async (code) => {
      expect(await answerTo(request(coded(code)))).toEqual({ is: 'refused', error: 'unreachable', retryAfterMs: null })
    },
  )

  it('of what was done is done', async () => {
    expect(await askSlack(async () => 7)).toEqual({ is: 'done', value: 7 })
  })
})

describe('what a refusal means', () => {
  it.each([
    ['message_not_found', 'gone'],
    ['cant_update_message', 'gone'],
    ['edit_window_closed', 'gone'],
    ['not_in_channel', 'closed'],
    ['user_disabled', 'closed'],
    ['messages_tab_disabled', 'closed'],
    ['invalid_auth', 'ours'],
    ['missing_scope', 'ours'],
    ['invalid_blocks', 'rejected'],
    ['ratelimited', 'passing'],
    ['unreachable', 'passing'],
    ['a_word_of_tomorrow', 'passing'],
    ['toString', 'passing'],
    ['constructor', 'passing'],
    ['__proto__', 'passing'],
  ])('%s: %s', (error, meaning) => {
    expect(meaningOf(error)).toBe(meaning)
  })
})

describe('the real client', () => {
  let bench: SlackBench

  beforeEach(async () => {
    bench = await openSlackBench()
  })
  afterEach(() => bench.close())

  const ask = (client: WebClient) => askSlack(() => client.conversations.open({ users: MANAGER }))

  it.each<[string, FaultAction, object]>([
    ['a word', { error: 'user_disabled' }, { is: 'refused', error: 'user_disabled' }],
    ['an unclear word', { error: 'internal_error' }, { is: 'unknown' }],
    ['429', { ratelimit: 7 }, { is: 'refused', error: 'ratelimited', retryAfterMs: 7000 }],
    ['500', { status: 500 }, { is: 'unknown', error: 'http_500' }],
    ['a page of HTML', 'garbage', { is: 'unknown' }],
    ['nothing, having done it', 'lose', { is: 'unknown' }],
    ['nothing, not having done it', 'loseBefore', { is: 'unknown' }],
  ])('answers at once, with one call, to %s', async (_what, action, answer) => {
    bench.slack.fault({ method: 'conversations.open', do: action })
    expect(await ask(bench.client)).toMatchObject(answer)
    expect(bench.calls('conversations.open')).toBe(1)
  })

  it('gives up in time when Slack hangs', async () => {
    const agent = new Agent()
    const { log } = makeRecordingLog()
    const { apiUrl, botToken: token } = bench.slack
    const client = makeSlackClient({ token, apiUrl, timeoutMs: 50, dispatcher: agent, logger: slackLogger(log) })
    bench.slack.fault({ method: 'conversations.open', do: 'hang' })
    expect(await ask(client)).toEqual({ is: 'unknown', error: 'no_answer' })
    await agent.destroy()
  })

  it('knows that nobody was there', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => {
      server.close(resolve)
    })
    const agent = new Agent()
    const { log } = makeRecordingLog()
    const apiUrl = `http://127.0.0.1:${port}/api/`
    const client = makeSlackClient({ token: 't', apiUrl, timeoutMs: 5000, dispatcher: agent, logger: slackLogger(log) })
    expect(await ask(client)).toEqual({ is: 'refused', error: 'unreachable', retryAfterMs: null })
    await agent.destroy()
  })
})
