import { inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadConfig, loadPartnerConfig, SETTING_NAMES } from '../src/config.ts'
import { ConfigError } from '../src/read-settings.ts'

const GOOD = {
  SLACK_BOT_TOKEN: 'xoxb-1-a',
  SLACK_APP_TOKEN: 'xapp-1-a',
  EASYFREELANCE_TOKEN: 'token',
  EASYFREELANCE_API_KEY: '7f9c24e8-3b12-4f1c-9d57-0e4f5a6b7c8d',
  PARTNER_RETURN_URL: 'https://example.no/return',
}

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ setting }) => setting)
    throw error
  }
  return []
}

describe('good settings', () => {
  test('what is left out or empty gets its default', () => {
    const empty = Object.fromEntries(SETTING_NAMES.map((name) => [name, '']))
    expect(loadConfig({ ...empty, ...GOOD })).toEqual({
      slackBotToken: 'xoxb-1-a',
      slackTransport: { mode: 'socket', appToken: 'xapp-1-a' },
      slackApiUrl: 'https://slack.com/api/',
      easyfreelanceApiUrl: 'https://app.easyfreelance.no/api/v1',
      easyfreelanceToken: 'token',
      easyfreelanceApiKey: '7f9c24e8-3b12-4f1c-9d57-0e4f5a6b7c8d',
      easyfreelanceLinkOrigin: 'https://app.easyfreelance.no',
      easyfreelanceRequestsPerMinute: 30,
      partnerReturnUrl: 'https://example.no/return',
      managers: { admins: true, userIds: [], groupIds: [] },
      employeeLookup: 'table',
      limits: { perEmployeeDay: 3, perManagerHour: 10, perHour: 60 },
      databasePath: 'data/verify.db',
      encryptionKeys: [],
      retentionDays: 90,
      host: '127.0.0.1',
      port: 3000,
      logLevel: 'info',
    })
  })

  test('an app token means Socket Mode, also beside a signing secret; a signing secret alone means HTTP', () => {
    expect(loadConfig({ ...GOOD, SLACK_SIGNING_SECRET: 'shh' }).slackTransport).toEqual({
      mode: 'socket',
      appToken: 'xapp-1-a',
    })
    expect(loadConfig({ ...GOOD, SLACK_APP_TOKEN: '', SLACK_SIGNING_SECRET: 'shh' }).slackTransport).toEqual({
      mode: 'http',
      signingSecret: 'shh',
    })
  })

  test('the return URL is kept byte for byte', () => {
    for (const url of ['https://Example.no:443', 'http://localhost:3000/return', 'https://blåbær.no/r/{id}?a=%20#f']) {
      expect(loadConfig({ ...GOOD, PARTNER_RETURN_URL: url }).partnerReturnUrl).toBe(url)
    }
    const longest = `https://example.no/${'a'.repeat(2048 - 19)}`
    expect(loadConfig({ ...GOOD, PARTNER_RETURN_URL: longest }).partnerReturnUrl).toBe(longest)
    expect(problemsOf({ ...GOOD, PARTNER_RETURN_URL: `${longest}a` })).toEqual(['PARTNER_RETURN_URL'])
  })

  test('the address of Slack ends with one slash, the address of EasyFreelance with none', () => {
    for (const url of ['http://127.0.0.1:9/api', 'http://127.0.0.1:9/api/', 'http://127.0.0.1:9/api//']) {
      const config = loadConfig({ ...GOOD, SLACK_API_URL: url, EASYFREELANCE_API_URL: url })
      expect(config.slackApiUrl).toBe('http://127.0.0.1:9/api/')
      expect(config.easyfreelanceApiUrl).toBe('http://127.0.0.1:9/api')
      expect(config.easyfreelanceLinkOrigin).toBe('http://127.0.0.1:9')
    }
  })

  test('managers are user ids, user groups, admins, or all of them', () => {
    const managersOf = (value: string) => loadConfig({ ...GOOD, VERIFY_MANAGERS: value }).managers
    expect(managersOf(' U1 , W2,U1, ')).toEqual({ admins: false, userIds: ['U1', 'W2'], groupIds: [] })
    expect(managersOf('U1,admins')).toEqual({ admins: true, userIds: ['U1'], groupIds: [] })
    expect(managersOf('S0HR,S0HR,S0IT')).toEqual({ admins: false, userIds: [], groupIds: ['S0HR', 'S0IT'] })
    expect(managersOf('admins, S0HR, W2')).toEqual({ admins: true, userIds: ['W2'], groupIds: ['S0HR'] })
  })

  test('looking people up by e-mail has to be asked for', () => {
    expect(loadConfig({ ...GOOD, EMPLOYEE_LOOKUP: 'email' }).employeeLookup).toBe('email')
    expect(problemsOf({ ...GOOD, EMPLOYEE_LOOKUP: 'Email' })).toEqual(['EMPLOYEE_LOOKUP'])
    expect(problemsOf({ ...GOOD, EMPLOYEE_LOOKUP: 'lookup' })).toEqual(['EMPLOYEE_LOOKUP'])
  })

  test('nobody can change them later', () => {
    const config = loadConfig(GOOD)
    for (const part of [
      config,
      config.slackTransport,
      config.managers,
      config.managers.userIds,
      config.managers.groupIds,
    ]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
  })

  test('several encryption keys may be given, and printing the settings prints none of them', () => {
    const config = loadConfig({ ...GOOD, ENCRYPTION_KEY: `${KEY}, ${KEY}` })
    expect(config.encryptionKeys).toHaveLength(2)
    for (const printed of [JSON.stringify(config), inspect(config, { depth: null })]) {
      expect(printed).not.toMatch(/AAECAw|00 01 02 03|0,1,2,3/)
    }
  })

  test('any free port may be asked for', () => expect(loadConfig({ ...GOOD, PORT: '0' }).port).toBe(0))
})

describe('bad settings', () => {
  test.each([
    ['SLACK_BOT_TOKEN', ['', 'xoxp-1', 'xoxb-', 'xoxb-1 2', 'xoxb-1\r\nEvil: 1', 'xoxb-é', 'xoxb-replace-me']],
    ['SLACK_APP_TOKEN', ['xoxb-1', 'xapp-', 'xapp-\n']],
    ['SLACK_SIGNING_SECRET', ['a b', 'a\t']],
    ['SLACK_API_URL', ['slack.com', 'http://slack.com/api/', 'https://slack.com.evil.no/', 'https://slack.com:8443/']],
    [
      'EASYFREELANCE_API_URL',
      ['nonsense', 'ftp://a.no', 'http://a.no', 'https://u:p@a.no', 'https://a.no/?x', 'https://a.no/#'],
    ],
    ['EASYFREELANCE_TOKEN', ['', 'a b', 'a\r\nb', 'tøken', 'replace-me']],
    ['EASYFREELANCE_API_KEY', ['', ' ', 'a\nb', '\u200b']],
    [
      'EASYFREELANCE_LINK_ORIGIN',
      ['https://a.no/', 'https://a.no:443', 'https://A.no', 'http://a.no', 'https://a.no/x'],
    ],
    ['EASYFREELANCE_REQUESTS_PER_MINUTE', ['0', '6001', '-1', '1.5', '1e3', ' 30', 'many']],
    [
      'PARTNER_RETURN_URL',
      ['', 'example.no', 'http://example.no', ' https://example.no', 'https://a.no/a b', 'javascript:1'],
    ],
    [
      'VERIFY_MANAGERS',
      [',', 's0123', 'S', 'U1,@hr', 'U1,everyone', 'everyone', '@ola', 'u1', 'U1;U2', '<@U1>', '<!subteam^S1>'],
    ],
    ['DATABASE_PATH', [':memory:', 'a\0b']],
    ['ENCRYPTION_KEY', [',', 'secret', 'A'.repeat(44), 'c2hvcnQ=', `${KEY},short`, `${KEY}\n${KEY}`]],
    ['RETENTION_DAYS', ['-1', '1.5', '36501', 'forever']],
    ['HOST', ['local host', 'http://localhost', 'a/b']],
    ['PORT', ['65536', '-1', '80a', '0x50', '3000.0']],
    ['LOG_LEVEL', ['loud', 'INFO', 'silent']],
  ])('%s is refused by its name', (name, values) => {
    for (const value of values) expect(problemsOf({ ...GOOD, [name]: value }), JSON.stringify(value)).toEqual([name])
  })

  test('everything is named at once, in the order of the settings', () => {
    expect(problemsOf({ PORT: 'x', LOG_LEVEL: 'y' })).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'EASYFREELANCE_TOKEN',
      'EASYFREELANCE_API_KEY',
      'PARTNER_RETURN_URL',
      'PORT',
      'LOG_LEVEL',
    ])
  })

  test('with no way to hear from Slack, both ways are explained', () => {
    expect(() => loadConfig({ ...GOOD, SLACK_APP_TOKEN: '' })).toThrow(/SLACK_APP_TOKEN or SLACK_SIGNING_SECRET/)
  })

  test('no message ever holds a value', () => {
    const canary = fc.stringMatching(/^CANARY[0-9a-f]{8}$/)
    const around = fc.constantFrom(
      (word: string) => word,
      (word: string) => ` ${word}`,
      (word: string) => `${word}\r\n`,
      (word: string) => `xoxp-${word}`,
      (word: string) => `ftp://${word}.no/`,
      (word: string) => `http://${word}.no/`,
      (word: string) => `https://user:${word}@a.no/?x#y`,
      (word: string) => `S${word},${word}`,
      (word: string) => `${word};${'é'.repeat(3000)}`,
    )
    const values = fc.tuple(canary, around).map(([word, dress]) => dress(word))
    const environments = fc.record(Object.fromEntries(SETTING_NAMES.map((name) => [name, values])), {
      requiredKeys: [],
    })
    fc.assert(
      fc.property(environments, (env) => {
        for (const load of [loadConfig, loadPartnerConfig]) {
          try {
            load(env)
          } catch (error) {
            const said = `${String(error)} ${JSON.stringify(error)} ${error instanceof Error ? error.stack : ''}`
            expect(error).toBeInstanceOf(ConfigError)
            expect(said.toLowerCase()).not.toContain('canary')
          }
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('the settings of a call to EasyFreelance alone', () => {
  test('nothing of Slack is needed', () => {
    expect(loadPartnerConfig({ EASYFREELANCE_TOKEN: 'token', EASYFREELANCE_API_KEY: 'key' })).toEqual({
      easyfreelanceApiUrl: 'https://app.easyfreelance.no/api/v1',
      easyfreelanceToken: 'token',
      easyfreelanceApiKey: 'key',
    })
  })

  test('what is missing is named', () => {
    expect(() => loadPartnerConfig({ PORT: 'x' })).toThrow(/EASYFREELANCE_TOKEN[\s\S]*EASYFREELANCE_API_KEY/)
  })
})
