import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Mood } from '../../sandbox/page/contract.ts'
import type { Side } from '../../sandbox/page/server/moods.ts'
import { askFor, linkOf, openPage, type PageBench } from '../sandbox/page/page-bench.ts'

const DONE = { ok: true, problem: null }
const HOUR_MS = 3_600_000

describe('somebody turns the knobs of the sandbox', () => {
  let page: PageBench
  beforeAll(async () => {
    page = await openPage()
  })
  afterAll(() => page.stop())

  const sandbox = () => {
    const scene = page.stage.scene()
    if (scene === null) throw new Error('no scene is open')
    return scene.sandbox
  }

  it('has no deadline to go to while nobody is asked', async () => {
    expect(await page.control({ do: 'forward', to: 'deadline' })).toMatchObject({ ok: false })
  })

  it('goes past a deadline, and the card says that it has expired', async () => {
    await askFor(page, 'ola', 'U0OLA', '4711')
    await linkOf(page, 'U0OLA')
    expect(await page.control({ do: 'forward', to: 'hour' })).toEqual(DONE)
    const later = (await page.state()).control
    expect(later.aheadMs).toBe(HOUR_MS)
    expect(later.sessions[0]?.status).toBe('pending')

    expect(await page.control({ do: 'forward', to: 'deadline' })).toEqual(DONE)
    const just = (await page.state()).control
    expect((just.sessions[0]?.expiresAt ?? 0) - just.now).toBeLessThanOrEqual(3000)
    expect(await page.control({ do: 'forward', to: 'past_deadline' })).toEqual(DONE)
    await page.card('U0OLA', /^Expired/)
    expect((await page.state()).control.sessions).toMatchObject([{ status: 'expired' }])
  })

  it('kills the bot and starts it again, and its clock stays where it was', async () => {
    expect(await page.control({ do: 'kill' })).toEqual(DONE)
    expect((await page.state()).control.botRunning).toBe(false)
    expect(await page.control({ do: 'kill' })).toMatchObject({ ok: false })
    expect(await page.control({ do: 'restart' })).toEqual(DONE)
    expect((await page.state()).control.botRunning).toBe(true)
    const said = JSON.parse(sandbox().bot.log.findLast((line) => line.includes('"ready"')) ?? '{}') as {
      msg: string
      time: string
    }
    expect(said.msg).toBe('ready')
    expect(Math.abs(Date.parse(said.time) - sandbox().clock.now())).toBeLessThan(10_000)
    expect((await page.state()).control.aheadMs).toBeGreaterThan(20 * HOUR_MS)
  })

  it('withdraws the approval of the return URL, and gives it back', async () => {
    expect(await page.control({ do: 'return_url', approved: false })).toEqual(DONE)
    expect((await page.state()).control.returnUrlApproved).toBe(false)
    await askFor(page, 'kari', 'U0KARI', '4712')
    await page.card('U0KARI', /^Not started.*return address/)
    expect(await page.control({ do: 'return_url', approved: true })).toEqual(DONE)
    expect((await page.state()).control.returnUrlApproved).toBe(true)
  })

  it('puts EasyFreelance out of reach, and back', async () => {
    expect(await page.control({ do: 'mood', side: 'easyfreelance', mood: 'down' })).toEqual(DONE)
    expect((await page.state()).control.moods).toEqual({ slack: 'well', easyfreelance: 'down' })
    await askFor(page, 'lars', 'U0LARS', '4714')
    await page.card('U0LARS', /^EasyFreelance cannot be reached/)
    expect(await page.control({ do: 'mood', side: 'easyfreelance', mood: 'well' })).toEqual(DONE)
    await page.control({ do: 'forward', to: 'hour' })
    await page.card('U0LARS', /^Waiting/)
  })

  it('decides a session, which the bot hears of when it looks', async () => {
    await linkOf(page, 'U0LARS')
    const { id = '' } = (await page.state()).control.sessions.find(({ userId }) => userId === 'U0LARS') ?? {}
    expect(await page.control({ do: 'decide', sessionId: 'no such', status: 'approved' })).toMatchObject({ ok: false })
    expect(await page.control({ do: 'decide', sessionId: id, status: 'declined' })).toEqual(DONE)
    await page.control({ do: 'forward', to: 'hour' })
    await page.card('U0LARS', /^Declined/)
  })

  /** A harmless call to one of the sides, as the bot would make it. */
  const ask = (side: Side, withinMs = 20_000): Promise<Response> => {
    const { easyfreelance, slack } = sandbox()
    const signal = AbortSignal.timeout(withinMs)
    if (side === 'slack') {
      const headers = { authorization: `Bearer ${slack.botToken}` }
      return fetch(`${slack.apiUrl}auth.test`, { method: 'POST', headers, signal })
    }
    const headers = {
      accept: 'application/json',
      authorization: `Bearer ${easyfreelance.token}`,
      'api-key': easyfreelance.apiKey,
    }
    return fetch(`${easyfreelance.apiUrl}/users/4711`, { headers, signal })
  }
  const CALLED = { easyfreelance: 'GET user', slack: 'auth.test' } as const

  it.each<[Side, Mood, RegExp]>([
    ['easyfreelance', 'slow', /^200 \(lateMs\)/],
    ['easyfreelance', 'rate_limited', /^429/],
    ['easyfreelance', 'failing', /^503/],
    ['easyfreelance', 'hanging', /^no answer \(hang\)/],
    ['easyfreelance', 'losing_answers', /^no answer \(lose\)/],
    ['slack', 'slow', /^ok$/],
    ['slack', 'rate_limited', /^ratelimited$/],
    ['slack', 'failing', /^http 503$/],
    ['slack', 'hanging', /^hung$/],
    ['slack', 'losing_answers', /^done, answer lost$/],
  ])('makes %s %s for every call until told otherwise', async (side, mood, outcome) => {
    await page.control({ do: 'mood', side, mood })
    const withinMs = mood === 'hanging' ? 1500 : 20_000
    await Promise.all([1, 2].map(() => ask(side, withinMs).catch(() => undefined)))
    const { calls } = (await page.state()).control
    const outcomes = calls.filter(({ name }) => name === CALLED[side]).map((call) => call.outcome)
    expect(outcomes.slice(-2)).toEqual([expect.stringMatching(outcome), expect.stringMatching(outcome)])
    await page.control({ do: 'mood', side, mood: 'well' })
    expect((await ask(side)).status).toBe(200)
  })

  it('takes Slack down, and the bot comes back by itself', async () => {
    await page.control({ do: 'mood', side: 'slack', mood: 'down' })
    await page.until('the connection to be gone', () => sandbox().slack.connections() === 0)
    await page.control({ do: 'mood', side: 'slack', mood: 'well' })
    await page.until('a new connection', () => sandbox().slack.connections() > 0)
  })
})
