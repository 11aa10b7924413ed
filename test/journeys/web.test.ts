import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, FIRST_LOOK_MS, invited } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

const polls = ({ easyfreelance }: Stage) => easyfreelance.calls.filter(({ route }) => route === 'poll').length

async function ready(stage: Stage): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${stage.botUrl}/readyz`)
  return { status: answer.status, body: await answer.json() }
}

describe.each(TRANSPORTS)('the pages over %s', (transport) => {
  test('the return page is friendly and the same, whatever the query', async (context) => {
    const stage = await openStage(context, { transport })
    const plain = await fetch(`${stage.botUrl}/return`)
    const page = await plain.text()
    expect(plain.status).toBe(200)
    expect(page).toMatch(/Slack/)
    expect(page).not.toMatch(/<script/i)
    const queries = [
      'ef_status=approved&session=x',
      'a[]=1&a[]=2',
      '%',
      '%ff%00',
      '=&&=',
      `q=${'x'.repeat(3000)}`,
      '?',
      '%3Cscript%3E',
    ]
    for (const query of queries) {
      const answer = await fetch(`${stage.botUrl}/return?${query}`)
      expect([answer.status, await answer.text()]).toEqual([200, page])
    }
    expect((await fetch(`${stage.botUrl}/healthz`)).status).toBe(200)
    expect(await ready(stage)).toMatchObject({ status: 200, body: { ok: true } })
  })
})

test('coming back makes us ask at once, and proves nothing', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  await askFor(stage)
  const invitation = await invited(stage)
  await press(slack.person('U0OLA'), invitation, /^Continue/)
  await cardSays(stage, /^Link opened\./)
  await stage.jump(30 * 60_000)
  const before = polls(stage)

  await fetch(`${stage.botUrl}/return?ef_status=approved&status=approved`)
  await easyfreelance.until(() => polls(stage) > before)
  // Anybody can load the page: it says nothing about anybody.
  expect(cardOf(stage)?.text).toMatch(/^Link opened\./)

  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'declined')
  await stage.jump(10 * 60_000)
  await cardSays(stage, /^Declined\./)
})

test('coming back with the id of one session hurries that one only', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  for (const employee of ['U0OLA', 'U0KARI']) {
    await askFor(stage, { employee })
    await press(slack.person(employee), await invited(stage, employee), /^Continue/)
  }
  await stage.jump(30 * 60_000)
  const [ola] = easyfreelance.sessions()
  await fetch(`${stage.botUrl}/return?session=${ola?.id}`)
  const cameBack = () =>
    slack
      .person('U0PETTER')
      .inbox()
      .filter(({ text }) => text.startsWith('Waiting for EasyFreelance.'))
  await slack.until(() => cameBack().length > 0)
  await stage.quiet()
  expect(cameBack().map(({ text }) => /<@(\w+)> came back/.exec(text)?.[1])).toEqual(['U0OLA'])
})

test('a flood of returns spends no more than the budget', async (context) => {
  const stage = await openStage(context, { settings: { EASYFREELANCE_REQUESTS_PER_MINUTE: '30' } })
  await stage.jump(60_000)
  await askFor(stage)
  await press(stage.slack.person('U0OLA'), await invited(stage), /^Continue/)
  await stage.quiet()
  await Promise.all(Array.from({ length: 100 }, () => fetch(`${stage.botUrl}/return`)))
  await stage.quiet()
  const before = polls(stage)
  for (let second = 0; second < 60; second += 1) {
    await stage.jump(1000)
    await fetch(`${stage.botUrl}/return`)
  }
  expect(polls(stage) - before).toBeGreaterThan(2)
  expect(polls(stage) - before).toBeLessThanOrEqual(30)
})

test('readiness is red while EasyFreelance refuses our credentials, and green again after', async (context) => {
  const stage = await openStage(context)
  stage.easyfreelance.fault({ route: 'start', do: { status: 401 } })
  await askFor(stage)
  await cardSays(stage, /^EasyFreelance does not let this app in\./)
  expect(await ready(stage)).toEqual({
    status: 503,
    body: { ok: false, checks: { slack: true, worker: true, easyfreelance: false, database: true } },
  })
  expect((await fetch(`${stage.botUrl}/healthz`)).status).toBe(200)
  await stage.jump(5 * 60_000)
  await invited(stage)
  expect(await ready(stage)).toMatchObject({ status: 200, body: { ok: true } })
})

test('readiness is red while the socket is down, and nothing that happens meanwhile is lost', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  await askFor(stage)
  await invited(stage)
  slack.fault({ method: 'apps.connections.open', times: 2, do: 'loseBefore' })
  slack.drop()
  await slack.until(() => slack.connections() === 0)
  expect(await redSoon(stage)).toMatchObject({ status: 503, body: { checks: { slack: false, worker: true } } })
  stage.easyfreelance.decide(stage.easyfreelance.sessions()[0]?.id ?? '', 'approved')
  await slack.until(() => slack.connections() === 1, { withinMs: 10_000 })
  await stage.jump(FIRST_LOOK_MS)
  await cardSays(stage, /^Approved\./)
  await slack.until(() => stage.log.some((line) => line.includes('approved')))
  await askFor(stage, { employee: 'U0KARI' })
  await invited(stage, 'U0KARI')
})

/** The bot learns of the cut by itself; nothing is told to it. */
async function redSoon(stage: Stage): Promise<{ status: number; body: unknown }> {
  for (let look = 0; look < 200; look += 1) {
    const answer = await ready(stage)
    if (answer.status !== 200) return answer
  }
  return ready(stage)
}
