import { execFile } from 'node:child_process'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type EasyFreelanceStandIn, startEasyFreelance } from '../../sandbox/easyfreelance/start-easyfreelance.ts'

// The built command, as `npm run return-url` runs it.

let upstream: EasyFreelanceStandIn
beforeAll(async () => {
  upstream = await startEasyFreelance()
})
afterAll(() => upstream.stop())
afterEach(() => {
  upstream.clearFaults()
  expect(upstream.violations).toEqual([])
})

const URL_TO_REGISTER = 'https://verify.example.com/return'

type Ended = { code: number; stdout: string; stderr: string }

function returnUrl(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const settings = {
    EASYFREELANCE_API_URL: upstream.apiUrl,
    EASYFREELANCE_TOKEN: upstream.token,
    EASYFREELANCE_API_KEY: upstream.apiKey,
  }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['dist/return-url.js', ...args],
      { env: { ...settings, ...env } },
      (error, stdout, stderr) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr })
      },
    )
  })
}

describe('npm run return-url', () => {
  it('records a return URL and says what to do next', async () => {
    const { code, stdout, stderr } = await returnUrl(['register', URL_TO_REGISTER])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Recorded is not approved')
    expect(stdout).toContain(`Set PARTNER_RETURN_URL to exactly ${URL_TO_REGISTER}`)
    expect(upstream.registrations.map(({ requestedUrl }) => requestedUrl)).toContain(URL_TO_REGISTER)
  })

  it('says so when it is approved already', async () => {
    upstream.approveReturnUrl('https://verify.example.com/approved')
    const { code, stdout } = await returnUrl(['register', 'https://verify.example.com/approved'])
    expect(code).toBe(0)
    expect(stdout).toContain('It is approved.')
  })

  it.each([[[]], [['register']], [['remove', URL_TO_REGISTER]], [['register', URL_TO_REGISTER, 'more']]])(
    'shows its usage for %j',
    async (args) => {
      const { code, stderr } = await returnUrl(args)
      expect(code).toBe(64)
      expect(stderr).toContain('Usage: npm run return-url -- register URL')
    },
  )

  it.each(['verify', 'http://verify.example.com/return', `https://verify.example.com/${'x'.repeat(2048)}`])(
    'asks nobody about a URL that cannot be right: %.40s',
    async (url) => {
      const before = upstream.calls.length
      const { code, stderr } = await returnUrl(['register', url])
      expect(code).toBe(64)
      expect(stderr).toMatch(/^The URL is .+\. Write it in full/)
      expect(upstream.calls.length).toBe(before)
    },
  )

  it('names every bad setting at once, and no value', async () => {
    const wrong = { EASYFREELANCE_API_URL: 'nowhere', EASYFREELANCE_TOKEN: '', EASYFREELANCE_API_KEY: 'can ary' }
    const { code, stderr } = await returnUrl(['register', URL_TO_REGISTER], wrong)
    expect(code).toBe(78)
    for (const name of Object.keys(wrong)) expect(stderr).toContain(name)
    expect(stderr).not.toMatch(/nowhere|can ary/)
  })

  it.each([
    [{ status: 400 }, "doesn't understand the request"],
    [{ status: 401 }, "doesn't accept the credentials"],
    [{ status: 403 }, "doesn't allow these credentials"],
    [{ status: 404 }, 'has no such call at this address'],
    [{ status: 422 }, "doesn't take this URL"],
    [
      { status: 429, retryAfter: '20' },
      'asks for fewer requests. Nothing was recorded. Run this again later. It asks to wait for 20 s.',
    ],
    [{ status: 503 }, 'has trouble of its own. The URL may have been recorded or not'],
    [{ garbage: 'html' }, 'makes no sense here'],
    ['lose', 'broke before it answered. The URL may have been recorded or not'],
  ] as const)('has a sentence of its own for %j', async (how, sentence) => {
    upstream.fault({ route: 'return-url', do: how })
    const { code, stdout, stderr } = await returnUrl(['register', URL_TO_REGISTER])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(sentence)
    expect(stderr).not.toContain(upstream.token)
    expect(stderr).not.toContain(upstream.apiKey)
  })

  it('says so when EasyFreelance cannot be reached', async () => {
    const { code, stderr } = await returnUrl(['register', URL_TO_REGISTER], {
      EASYFREELANCE_API_URL: 'http://127.0.0.1:9',
    })
    expect(code).toBe(1)
    expect(stderr).toContain("can't be reached")
  })
})
