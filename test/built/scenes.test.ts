import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PageMessage, Snapshot } from '../../sandbox/page/contract.ts'
import { openPage, type PageBench } from '../sandbox/page/page-bench.ts'

const isCard = ({ text }: PageMessage) => text.includes('Employee: <@')

describe('scenes', () => {
  let page: PageBench
  let monday: Snapshot
  beforeAll(async () => {
    page = await openPage('busy_monday')
    monday = await page.state()
  }, 120_000)
  afterAll(() => page.stop())

  it('shows forty verifications on a busy Monday', () => {
    expect(monday.control).toMatchObject({ scene: 'busy_monday', settingUp: false, botRunning: true, aheadMs: 0 })
    expect(monday.messages.filter(isCard)).toHaveLength(40)
  })

  it.each([
    /^EasyFreelance is busy/,
    /^Waiting for <@/,
    /^Link opened/,
    /^Waiting for EasyFreelance\./,
    /^Unknown status/,
    /^Approved\..*nothing more to do/,
    /^Approved\..*still needs/,
    /^Declined/,
    /^Cancelled/,
    /^Expired/,
    /^Error at EasyFreelance/,
    /^Ended with an unknown status/,
    /^Not started.*knows no employee/,
    /^Not started.*does not let your company/,
    /^Not started.*return address/,
    /^Not started.*refused what the form said/,
    /^Not started.*did not understand/,
    /^Closed/,
    /^Please decide: no clear answer/,
    /^Please decide: unsafe link/,
    /^Please decide: session not found/,
    /^Please decide: no access/,
    /^Please decide: no result/,
    /^Please decide: link not delivered/,
    /^Please decide: we got stuck/,
    /^Waiting.*did not expect this/,
    /the app is not in the channel/,
  ])('has a card that says %s', (words) => {
    const cards = monday.messages.filter((message) => isCard(message) && words.test(message.text))
    expect(cards.length).toBeGreaterThan(0)
    if (words.source.startsWith('^Please decide')) {
      expect(JSON.stringify(cards[0]?.blocks)).toMatch(/retry_verification.*close_verification/)
    }
  })

  it('took place over one connection to Slack for each start of the bot, though days passed', () => {
    const sandbox = page.stage.scene()?.sandbox
    const starts = sandbox?.bot.log.filter((line) => line.includes('"ready"'))
    expect(starts?.length).toBeGreaterThan(0)
    const connections = sandbox?.slack.calls.filter(({ method }) => method === 'apps.connections.open')
    expect(connections).toHaveLength(starts?.length ?? 0)
  })

  it('has cards of several managers, in a channel and in direct messages', () => {
    const places = new Set(monday.messages.filter(isCard).map(({ channelId }) => channelId))
    expect([...places].sort()).toEqual(['C0GENERAL', 'DU0MARIA', 'DU0NINA', 'DU0PETTER', 'DU0TORE'])
  })

  it('knows whose session it is', () => {
    const { sessions } = monday.control
    expect(sessions.filter(({ userId }) => userId === 'U0ANDERS')).toHaveLength(1)
    expect(sessions.length).toBeGreaterThan(25)
  })

  it('is set on fire: both sides misbehave, and the bot has just been killed', { timeout: 30_000 }, async () => {
    expect(await page.control({ do: 'scene', scene: 'on_fire' })).toEqual({ ok: true, problem: null })
    const { control, messages } = await page.state()
    expect(control).toMatchObject({ scene: 'on_fire', moods: { slack: 'slow', easyfreelance: 'down' } })
    const says = (words: RegExp) => messages.filter((message) => isCard(message) && words.test(message.text)).length
    expect(says(/^Please decide/)).toBe(3)
    expect(says(/^EasyFreelance cannot be reached/)).toBeGreaterThanOrEqual(3)
    await page.until('the bot to be back', () => (page.stage.scene()?.sandbox.slack.connections() ?? 0) > 0)
  })

  it('starts over with nothing of the scene before', { timeout: 30_000 }, async () => {
    const { version } = await page.state()
    expect(await page.control({ do: 'scene', scene: 'empty' })).toEqual({ ok: true, problem: null })
    const snapshot = await page.state()
    expect(snapshot.version).toBeGreaterThan(version)
    expect(snapshot.messages).toEqual([])
    expect(snapshot.control).toMatchObject({
      scene: 'empty',
      sessions: [],
      moods: { slack: 'well', easyfreelance: 'well' },
    })
  })
})
