import { WebClient } from '@slack/web-api'
import { describe, expect, test } from 'vitest'
import type { FaultAction } from '../../../sandbox/slack/faults.ts'
import type { SlackStandIn } from '../../../sandbox/slack/slack-options.ts'
import { silent, slackForTest } from './small-app.ts'

function clientOf(slack: SlackStandIn, timeout = 0): WebClient {
  const options = { retryConfig: { retries: 0 }, rejectRateLimitedCalls: true, logger: silent }
  return new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl, timeout, ...options })
}

const hello = { channel: 'U0ANNA', text: 'Hello' }

/** The fault, how the real client reports it, whether the message was posted, and what the log says. */
const FAULTS: [FaultAction, code: string, posted: number, outcome: string][] = [
  [{ error: 'fatal_error' }, 'slack_webapi_platform_error', 0, 'fatal_error'],
  [{ error: 'fatal_error', alsoDo: true }, 'slack_webapi_platform_error', 1, 'fatal_error'],
  [{ status: 503 }, 'slack_webapi_http_error', 0, 'http 503'],
  [{ status: 500, alsoDo: true }, 'slack_webapi_http_error', 1, 'http 500'],
  [{ ratelimit: 30 }, 'slack_webapi_rate_limited_error', 0, 'ratelimited'],
  ['lose', 'slack_webapi_request_error', 1, 'done, answer lost'],
  ['loseBefore', 'slack_webapi_request_error', 0, 'cut before'],
  ['garbage', 'slack_webapi_platform_error', 1, 'http 200'],
]

describe('a fault', () => {
  test('may say more than the error, and may change an honest answer', async () => {
    const slack = await slackForTest()
    const client = clientOf(slack)
    slack.fault({ method: 'chat.postMessage', do: { error: 'missing_scope', more: { needed: 'chat:write' } } })
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({
      data: { ok: false, error: 'missing_scope', needed: 'chat:write' },
    })
    slack.fault({ method: 'chat.postMessage', do: { rewrite: (body) => ({ ...body, warning: 'so_so' }) } })
    expect(await client.chat.postMessage(hello)).toMatchObject({ ok: true, warning: 'so_so' })
    expect(slack.messages()).toHaveLength(1)
  })

  test.each(FAULTS)('%j befalls one call', async (action, code, posted, outcome) => {
    const slack = await slackForTest()
    const client = clientOf(slack)
    slack.fault({ method: 'chat.postMessage', do: action })
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({ code })
    expect(slack.messages()).toHaveLength(posted)
    expect(slack.calls.at(-1)).toMatchObject({ method: 'chat.postMessage', outcome, args: hello })
    expect(await client.chat.postMessage(hello)).toMatchObject({ ok: true })
  })

  test.each<[FaultAction, number]>([
    ['hang', 0],
    ['doAndHang', 1],
    [{ late: 60_000 }, 0],
  ])('%j outlasts the patience of the caller', async (action, posted) => {
    const slack = await slackForTest()
    slack.fault({ do: action })
    await expect(clientOf(slack, 50).chat.postMessage(hello)).rejects.toMatchObject({
      code: 'slack_webapi_request_error',
    })
    expect(slack.messages()).toHaveLength(posted)
  })

  test('a late call takes effect after the caller has given up', async () => {
    const slack = await slackForTest()
    slack.fault({ method: 'chat.postMessage', do: { late: 'callerGone' } })
    await expect(clientOf(slack, 50).chat.postMessage(hello)).rejects.toThrow()
    expect(await slack.until(() => slack.messages()[0])).toMatchObject({ text: 'Hello' })
  })

  test('a late answer arrives in the end', async () => {
    const slack = await slackForTest()
    slack.fault({ do: { late: 20 } })
    expect(await clientOf(slack).chat.postMessage(hello)).toMatchObject({ ok: true })
    expect(slack.calls[0]?.durationMs).toBeGreaterThanOrEqual(19)
  })

  test('befalls only the calls it names, as often as it says', async () => {
    const slack = await slackForTest()
    const client = clientOf(slack)
    const when = ({ text }: Record<string, unknown>) => text === 'Bad'
    slack.fault({ method: 'chat.postMessage', when, times: 2, do: { error: 'fatal_error' } })
    await client.auth.test()
    await client.chat.postMessage(hello)
    const bad = () => client.chat.postMessage({ ...hello, text: 'Bad' })
    await expect(bad()).rejects.toThrow('fatal_error')
    await expect(bad()).rejects.toThrow('fatal_error')
    expect(await bad()).toMatchObject({ ok: true })
  })

  test('a Slack that is down resets everything until it is lifted', async () => {
    const slack = await slackForTest()
    const client = clientOf(slack)
    await client.auth.test()
    const lift = slack.fault({ do: 'down' })
    await expect(client.auth.test()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    await expect(client.chat.postMessage(hello)).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    lift()
    expect(await client.auth.test()).toMatchObject({ ok: true })
  })

  test('can be cleared before it strikes', async () => {
    const slack = await slackForTest()
    slack.fault({ do: 'hang', times: 9 })
    slack.clearFaults()
    expect(await clientOf(slack).auth.test()).toMatchObject({ ok: true })
  })
})

describe('until', () => {
  test('hears of it at once, and says what it waited for when nothing comes', async () => {
    const slack = await slackForTest()
    const seen = slack.until(() => slack.messages().find(({ text }) => text === 'Hello'))
    await clientOf(slack).chat.postMessage(hello)
    expect(await seen).toMatchObject({ text: 'Hello' })
    const never = slack.until(() => false, { withinMs: 10, what: 'pigs to fly' })
    await expect(never).rejects.toThrow(/pigs to fly[\s\S]*message_posted DU0ANNA "Hello"/)
  })

  test('passes on what the look throws, and ends when Slack stops', async () => {
    const slack = await slackForTest()
    const broken = () => {
      throw new Error('broken look')
    }
    await expect(slack.until(broken)).rejects.toThrow('broken look')
    const waiting = expect(slack.until(() => false)).rejects.toThrow('Stopped')
    await slack.stop()
    await waiting
  })
})
