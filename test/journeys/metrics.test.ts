import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { makeLedgerReader } from '../../src/services/store/ledger-store.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cardSays, invited } from './helpers/steps.ts'

async function metricsOf(stage: Stage): Promise<Map<string, number>> {
  const answer = await fetch(`${stage.botUrl}/metrics`)
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}

test('the metrics tell how things stand, and nothing about anybody', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  await askFor(stage)
  await press(slack.person('U0OLA'), await invited(stage), /^Continue/)
  await cardSays(stage, /^Link opened\./)
  await stage.jump(600_000)
  const waiting = await metricsOf(stage)
  expect(waiting.get('verify_verifications{status="waiting"}')).toBe(1)
  expect(waiting.get('verify_oldest_unsettled_seconds')).toBeGreaterThanOrEqual(600)
  expect(waiting.get('verify_worker_lag_seconds')).toBeLessThan(5)
  expect(waiting.get('verify_ready{check="slack"}')).toBe(1)

  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
  await stage.jump(600_000)
  await cardSays(stage, /^Approved\./)
  await stage.quiet()
  const over = await metricsOf(stage)
  expect(over.get('verify_verifications{status="settled"}')).toBe(1)
  expect(over.get('verify_verifications{status="parked"}')).toBe(0)
  expect(over.get('verify_oldest_unsettled_seconds')).toBe(0)
  expect(over.get('verify_messages{state="sent"}')).toBe(3)
  expect(over.get('verify_easyfreelance_calls_allowed')).toBe(6000)
  const counted = (route: string) => over.get(`verify_calls_total{side="easyfreelance",route="${route}",result="done"}`)
  expect(counted('start')).toBe(1)
  expect(counted('poll')).toBe(easyfreelance.calls.filter(({ route }) => route === 'poll').length)
  const posts = slack.calls.filter(({ method }) => method === 'chat.postMessage').length
  expect(over.get('verify_calls_total{side="slack",route="chat.postMessage",result="done"}')).toBe(posts)
  expect(over.get('process_resident_memory_bytes')).toBeGreaterThan(0)

  const text = [...over.keys()].join('\n')
  const session = easyfreelance.sessions()[0]
  const secrets = [
    slack.botToken,
    slack.appToken,
    easyfreelance.token,
    easyfreelance.apiKey,
    session?.id,
    session?.token,
  ]
  for (const secret of [...secrets, 'U0OLA', 'U0PETTER', 'id-1']) expect(text).not.toContain(secret)
  expect(text).not.toContain('other')
})

test('the metrics and the checks are not there for those whom a proxy passes on', async (context) => {
  const stage = await openStage(context)
  for (const path of ['metrics', 'readyz']) {
    const answer = await fetch(`${stage.botUrl}/${path}`, { headers: { 'x-forwarded-for': '127.0.0.1' } })
    expect([answer.status, await answer.text()]).toEqual([404, 'There is nothing here.'])
  }
  expect((await fetch(`${stage.botUrl}/metrics`, { method: 'POST' })).status).toBe(405)
})

test('the ledger of a whole journey explains every post of the real bot', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  slack.fault({ method: 'chat.postMessage', times: 1, do: 'loseBefore' })
  stage.tolerate(/./)
  await askFor(stage)
  await stage.later(() => easyfreelance.sessions()[0])
  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'declined')
  await stage.jump(600_000)
  await cardSays(stage, /^Declined\./)
  await stage.quiet()
  const db = new Database(stage.settings.DATABASE_PATH, { readonly: true })
  const reader = makeLedgerReader(db)
  const posts = new Map<string, number>()
  for (const { method, args } of slack.calls) {
    if (method !== 'chat.postMessage') continue
    const id = /"id":"([^"]+)"/.exec(JSON.stringify(args).replaceAll('\\', ''))?.[1] ?? 'none'
    posts.set(id, (posts.get(id) ?? 0) + 1)
  }
  expect(posts.size).toBeGreaterThanOrEqual(2)
  expect(posts).toEqual(reader.intents())
  db.close()
})
