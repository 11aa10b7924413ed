import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { loadConfig, SETTING_NAMES } from '../src/config.ts'
import { ConfigError } from '../src/read-settings.ts'

const example = readFileSync('.env.example', 'utf8')

describe('.env.example', () => {
  test('every setting stands in it, once, in the order of the settings', () => {
    const names = [...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name)
    expect(names).toEqual(SETTING_NAMES)
  })

  test('every setting has one line of comment above it, and nothing else is there', () => {
    expect(example).toMatch(/^(?:# [^\n]+\n[A-Z_]+=[^\n]*\n)+$/)
  })

  test('as it stands it is refused, naming exactly what only the operator can know', () => {
    const load = () => loadConfig({ ...parseEnv(example) })
    expect(load).toThrow(ConfigError)
    try {
      load()
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      expect(error.problems.map(({ setting }) => setting)).toEqual([
        'SLACK_BOT_TOKEN',
        'SLACK_APP_TOKEN',
        'EASYFREELANCE_TOKEN',
        'EASYFREELANCE_API_KEY',
        'PARTNER_RETURN_URL',
      ])
      for (const { problem } of error.problems) expect(problem).toContain('example value')
    }
  })

  test('with those filled in, it says what the defaults are', () => {
    const filledIn = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      EASYFREELANCE_TOKEN: 'token',
      EASYFREELANCE_API_KEY: 'key',
      PARTNER_RETURN_URL: 'https://example.no/return',
    }
    expect(loadConfig({ ...parseEnv(example), ...filledIn })).toEqual(loadConfig(filledIn))
  })
})

describe('env-file, as `npm start` loads it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'verify-env-'))
  afterEach(() => rmSync(join(folder, '.env'), { force: true }))
  afterAll(() => rmSync(folder, { recursive: true }))

  function portSeen(env: Record<string, string>): string {
    const print = "process.stdout.write(String(process.env['PORT']))"
    const entry = resolve('dist/env-file.js')
    return execFileSync(process.execPath, ['--import', entry, '-e', print], { cwd: folder, env, encoding: 'utf8' })
  }

  test('a setting comes from .env where there is one', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4711\n')
    expect(portSeen({})).toBe('4711')
  })

  test('what is already set wins over .env', () => {
    writeFileSync(join(folder, '.env'), 'PORT=4711\n')
    expect(portSeen({ PORT: '1' })).toBe('1')
  })

  test('no .env is no error', () => expect(portSeen({})).toBe('undefined'))
})
