import { ErrorCode, LogLevel } from '@slack/web-api'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { harmlessPart } from '../../src/services/harmless-part.ts'
import { type Level, type Log, makeLog } from '../../src/services/log.ts'
import { describeError } from '../../src/services/log-error.ts'
import { allowedFields, type LogFields } from '../../src/services/log-fields.ts'
import { slackLogger } from '../../src/services/slack-logger.ts'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const satisfies readonly Level[]

/** One of each kind of thing that must never be written, at any level. */
const CANARIES = [
  'xoxb-1111-CANARY',
  'xapp-1-A1-CANARY',
  'Bearer CANARY',
  'with bearer canary',
  'https://app.easyfreelance.no/verify/CANARY',
  'wss://wss-primary.slack.com/link/?ticket=CANARY',
  'canary@example.no',
  'Kari CANARY Nordmann',
  '{"user":{"name":"CANARY"}}',
]

function listen(level: Level): { log: Log; lines: string[]; last: () => Record<string, unknown> } {
  const lines: string[] = []
  const log = makeLog({ level, write: (line) => lines.push(line) })
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? '{}') }
}

/** Goes around the types, as a mistake would. */
function anything(fields: unknown): LogFields {
  return fields as LogFields
}

describe('a line', () => {
  test('is one JSON object with its time, level, sentence and facts', () => {
    const { log, lines, last } = listen('info')
    log.info('verification started', { verificationId: 'v-1', status: 'waiting', durationMs: 12, reason: undefined })
    expect(lines[0]?.endsWith('}\n')).toBe(true)
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      msg: 'verification started',
      verificationId: 'v-1',
      status: 'waiting',
      durationMs: 12,
    })
  })

  test('is written from the chosen level up', () => {
    for (const [index, level] of LEVELS.entries()) {
      const { log, lines } = listen(level)
      for (const each of LEVELS) log[each]('something happened')
      expect(lines).toHaveLength(LEVELS.length - index)
    }
  })

  test('is not even put together below that level', () => {
    const { log, lines } = listen('info')
    let looks = 0
    const fields = {
      get said() {
        looks += 1
        return 'something'
      },
    }
    log.debug('slack library said something', fields)
    expect([looks, lines.length]).toEqual([0, 0])
    log.info('slack library said something', fields)
    expect([looks, lines.length]).toEqual([1, 1])
  })

  test('has a sentence written in the source, never one put together while running', () => {
    const { log, last } = listen('info')
    const name: string = 'Kari'
    // @ts-expect-error: a text only known while running
    log.info(name)
    // @ts-expect-error: a text with something put into it
    log.info(`started for ${name}`)
    // @ts-expect-error: a capital
    log.info('Started')
    const token: string = 'https://example.no/CANARY'
    log.info(token as 'a lie')
    expect(last().msg).toBe('[withheld]')
  })
})

describe('nothing secret', () => {
  test.each(LEVELS)('stands in any field at level %s', (level) => {
    const { log, lines } = listen('trace')
    const names = [
      ...Object.keys(allowedFields(ALL_FIELDS)),
      'token',
      'link',
      'sessionId',
      'email',
      'name',
      'err',
      'msg',
    ]
    for (const canary of CANARIES) {
      for (const name of names) {
        log[level]('something happened', anything({ [name]: canary }))
        log[level]('something happened', anything({ [name]: { deep: canary, toJSON: () => canary } }))
      }
      log[level](canary as 'a lie')
    }
    expect(lines.length).toBe(CANARIES.length * (names.length * 2 + 1))
    expect(lines.join('').toLowerCase()).not.toContain('canary')
  })

  test('stands in an error, its cause, its code or its stack', () => {
    const { log, lines } = listen('trace')
    for (const canary of CANARIES) {
      const error = Object.assign(new Error(`${canary}\n    at ${canary} (/home/x/y/z/CANARY.ts:1:1)\n${canary}`), {
        code: canary,
        data: { error: canary, user: canary },
        url: canary,
        cause: new TypeError(canary),
      })
      log.error('a request failed', { error })
      error.name = canary
      error.message = 'changed since'
      log.error('a request failed', { error })
      log.error('a request failed', { error: canary })
      log.error('a request failed', { error: { message: canary, stack: canary } })
    }
    expect(lines).toHaveLength(CANARIES.length * 4)
    expect(lines.join('').toLowerCase()).not.toContain('canary')
  })

  test('stands in a field that is not on the list, whatever it is called', () => {
    const known = new Set(Object.keys(ALL_FIELDS))
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), (fields) => {
        for (const name of Object.keys(allowedFields(anything(fields)))) expect(known).toContain(name)
      }),
      { numRuns: 2000 },
    )
  })
})

const ALL_FIELDS = {
  verificationId: 'v-1',
  messageId: 'm-1',
  reference: 'r-1',
  kind: 'card',
  status: 'waiting',
  reason: 'unclear',
  outcome: 'approved',
  result: 'inserted',
  action: 'close',
  method: 'chat.postMessage',
  mode: 'socket',
  signal: 'SIGTERM',
  durationMs: 1,
  attempts: 3,
  count: 4,
  port: 3000,
  exitCode: 75,
  keyFile: '/srv/verify/data/verify.db.key',
  backupFile: '/srv/verify/data/verify.db.schema-4-20261123T093000000Z.bak',
  library: 'slack',
  said: 'Failed to retrieve a new',
  error: new Error('x'),
} as const satisfies Required<LogFields>

describe('what may be known', () => {
  test('every field on the list is written as it is', () => {
    const { error: _, ...plain } = ALL_FIELDS
    expect(allowedFields(ALL_FIELDS)).toEqual({ ...plain, error: expect.objectContaining({ name: 'Error' }) })
  })

  test('an error keeps its name, code, answer of Slack, cause and the places it came from', () => {
    const cause = Object.assign(new RangeError('secret'), { code: 'ECONNRESET' })
    const error = Object.assign(new Error('An API error: missing_scope', { cause }), {
      code: ErrorCode.PlatformError,
      data: { ok: false, error: 'missing_scope' },
    })
    expect(describeError(error)).toEqual({
      name: 'Error',
      code: 'slack_webapi_platform_error',
      answer: 'missing_scope',
      frames: expect.arrayContaining([expect.stringMatching(/test\/services\/log\.test\.ts:\d+:\d+/)]),
      cause: { name: 'RangeError', code: 'ECONNRESET', frames: expect.anything() },
    })
  })

  test('no frame shows where the program is installed', () => {
    for (const frame of describeError(new Error('x')).frames ?? []) expect(frame).not.toContain('(/')
  })

  test('a place is kept wherever the program is installed', () => {
    const error = new Error('x')
    error.stack = `Error: x
    at makeStore (file:///app/dist/main.js:1:2)
    at async Promise.all (index 0)
    at /srv/bots/verify/dist/services/store/migrate.js:30:4
    at new Worker (/main.js:5:6)`
    expect(describeError(error).frames).toEqual([
      'makeStore (app/dist/main.js:1:2)',
      'dist/services/store/migrate.js:30:4',
      'new Worker (main.js:5:6)',
    ])
  })

  test('what is thrown may be anything', () => {
    expect([null, 'text', 7, {}].map((thrown) => describeError(thrown).name)).toEqual([
      'null',
      'string',
      'number',
      'object',
    ])
  })

  test('errors that cause each other come to an end', () => {
    const error = new Error('a')
    error.cause = new Error('b', { cause: error })
    expect(JSON.stringify(describeError(error)).length).toBeLessThan(20_000)
  })
})

describe('what Slack’s libraries say', () => {
  test.each([
    ['Going to retrieve a new WSS URL ...', 'Going to retrieve a new WSS URL'],
    ['Received a message on the WebSocket: {"user":"Kari"}', 'Received a message on the WebSocket'],
    ["apiCall('chat.postMessage') start", undefined],
    ['Failed to start: invalid_auth', 'Failed to start: invalid_auth'],
    ['missing_text_in_message', 'missing_text_in_message'],
    ['Kari Nordmann', undefined],
    ['Could not reach Kari Nordmann today', 'Could not reach'],
    ['http request url: https://slack.com/api/', 'http request url'],
    ['{"token":"xoxb-1"}', undefined],
    // What Slack's answers carry in `response_metadata.messages`, which the library repeats as it stands.
    ['must be less than 3001 characters [json-pointer:/blocks/0]', 'must be less than'],
    ['ola nordmann is not in the channel', undefined],
    ['no such user ola.nordmann', 'no such user'],
    ['could not reach ola nordmann today', 'could not reach'],
    ['something went wrong: ola_nordmann', 'something'],
    ['ola_nordmann', undefined],
    ["o'brien", undefined],
    ['', undefined],
  ])('%j is passed on as %j', (message, kept) => expect(harmlessPart(message)).toBe(kept))

  test('stands in the log with its level, its library and the error it came with', () => {
    const { log, lines, last } = listen('trace')
    const logger = slackLogger(log)
    logger.setName('web-api:WebClient:0')
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      logger[level]('http request failed', new TypeError('xoxb-1'))
      expect(last()).toMatchObject({
        level,
        msg: 'slack library said something',
        library: 'web-api.WebClient.0',
        said: 'http request failed',
        error: { name: 'TypeError' },
      })
    }
    expect(lines.join('')).not.toContain('xoxb')
  })

  test('holds nothing secret, wherever it stands and at whatever level', () => {
    const { log, lines } = listen('trace')
    const logger = slackLogger(log)
    // Slack's own names are in small letters.
    const canaries = [...CANARIES, 'canary', 'canary nordmann', 'canary.nordmann', 'canary_nordmann']
    for (const canary of canaries) {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) {
        logger[level](canary)
        logger[level](`Received a message on the WebSocket: ${canary}`, canary, { canary })
        logger[level](`apiCall(${canary}) start`)
        logger[level](`Sending to ${canary}`)
        logger[level](new Error(canary))
        logger[level]({ canary }, [canary])
      }
    }
    expect(lines).toHaveLength(canaries.length * 4 * 6)
    expect(lines.join('').toLowerCase()).not.toContain('canary')
  })

  test('is asked for only as loudly as the log listens', () => {
    const levels = LEVELS.map((level) => slackLogger(listen(level).log).getLevel())
    const { DEBUG, INFO, WARN, ERROR } = LogLevel
    expect(levels).toEqual([DEBUG, DEBUG, INFO, WARN, ERROR, ERROR])
  })
})
