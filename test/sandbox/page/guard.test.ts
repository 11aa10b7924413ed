import { type OutgoingHttpHeaders, request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeStage } from '../../../sandbox/page/server/stage.ts'
import { type Page, startPage } from '../../../sandbox/page/server/start-page.ts'

const JSON_TYPE = { 'content-type': 'application/json' }
const KILL = JSON.stringify({ do: 'kill' })

describe('the page answers nobody but itself', () => {
  let page: Page
  beforeAll(async () => {
    page = await startPage({ stage: makeStage(), port: 0 })
  })
  afterAll(() => page.stop())

  function ask(path: string, headers: OutgoingHttpHeaders, body?: string) {
    return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>((resolve, reject) => {
      const asking = request(
        new URL(path, page.url),
        { method: body === undefined ? 'GET' : 'POST', headers },
        (got) => {
          const chunks: Buffer[] = []
          got.on('data', (chunk: Buffer) => chunks.push(chunk))
          got.on('end', () =>
            resolve({ status: got.statusCode ?? 0, headers: got.headers, text: Buffer.concat(chunks).toString() }),
          )
        },
      )
      asking.on('error', reject)
      asking.end(body)
    })
  }

  it.each<[string, OutgoingHttpHeaders]>([
    ['a script of another website', { ...JSON_TYPE, origin: 'https://evil.example' }],
    ['another program of this machine in the browser', { ...JSON_TYPE, origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { ...JSON_TYPE, origin: 'null' }],
    ['a browser that says so', { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' }],
    ['the same site on another port', { ...JSON_TYPE, 'sec-fetch-site': 'same-site' }],
    ['a form', { 'content-type': 'text/plain' }],
    ['a name that leads here', { ...JSON_TYPE, host: 'evil.example' }],
  ])('refuses a POST of %s', async (_, headers) => {
    for (const path of ['/api/control', '/api/act']) {
      const { status, text } = await ask(path, headers, KILL)
      expect(status).toBe(403)
      expect(JSON.parse(text)).toEqual({ ok: false, problem: expect.any(String) })
    }
  })

  it('shows nothing under a name that leads here', async () => {
    expect((await ask('/api/state', { host: 'evil.example' })).status).toBe(403)
    expect((await ask('/api/state', { host: 'localhost' })).status).toBe(503)
  })

  it('takes a POST of its own page', async () => {
    const origin = new URL(page.url).origin
    const { status, text } = await ask('/api/control', { ...JSON_TYPE, origin, 'sec-fetch-site': 'same-origin' }, KILL)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({ ok: false, problem: 'No scene is open yet.' })
  })

  it.each([
    ['no JSON', 'kill'],
    ['nothing to do', '{}'],
    ['an unknown knob', '{"do":"explode"}'],
    ['an unknown field', '{"do":"kill","twice":true}'],
    ['a status that would be markup', '{"do":"decide","sessionId":"1","status":"<b>"}'],
    ['too much', JSON.stringify({ do: 'kill', padding: 'x'.repeat(70_000) })],
  ])('answers 400 to %s', async (_, body) => {
    const { status, text } = await ask('/api/control', JSON_TYPE, body)
    expect(status).toBe(400)
    expect(JSON.parse(text)).toEqual({ ok: false, problem: expect.any(String) })
  })

  it('serves a page that may load from here only, and no other file', async () => {
    const { status, headers, text } = await ask('/', {})
    expect(status).toBe(200)
    expect(text).toContain('<div id="app">')
    expect(text).not.toMatch(/https?:\/\//)
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
    for (const path of ['/assets/../main.js', '/assets/%2e%2e%2fmain.js', '/assets/.env', '/etc/passwd']) {
      expect((await ask(path, {})).status).toBe(404)
    }
  })
})
