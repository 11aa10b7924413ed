import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { linkOf } from '../sandbox/page/page-bench.ts'
import { hasChromium, unlessMissing } from './chromium.ts'
import {
  actAs,
  composer,
  followLink,
  type JourneyBench,
  message,
  openApp,
  openJourneys,
  request,
  turnKnob,
} from './journey-bench.ts'

const PHONE = { width: 390, height: 844 }

const openPanel = (page: Page) => page.getByRole('button', { name: 'Control panel', exact: true }).click()

describe.skipIf(!hasChromium)(`around the conversation, in real Chromium${unlessMissing}`, { timeout: 60_000 }, () => {
  let journeys: JourneyBench
  beforeAll(async () => {
    journeys = await openJourneys()
  }, 60_000)
  afterEach(() => journeys.reset(), 60_000)
  afterAll(() => journeys.stop())

  it('lets one be anybody who can sign in, and shows each their own channels', async () => {
    const { page } = await journeys.visit()
    const people = page.getByRole('region', { name: 'Act as' })
    const places = page.getByRole('navigation', { name: 'Conversations' })
    expect(await people.getByRole('button', { name: 'Petter Manager' }).getAttribute('aria-pressed')).toBe('true')
    await places.getByRole('button', { name: 'payroll' }).waitFor()
    await actAs(page, 'Ola Nordmann')
    expect(await places.getByRole('button', { name: 'payroll' }).count()).toBe(0)
    await actAs(page, 'Gita Guest')
    await people.getByRole('button', { name: /Greta Gone.*cannot sign in/ }).click({ force: true })
    expect(await people.getByRole('button', { name: 'Gita Guest' }).getAttribute('aria-pressed')).toBe('true')
    await page.reload()
    await people.getByRole('button', { name: 'Gita Guest', pressed: true }).waitFor()
  })

  it('shows what others say as it happens, in every open window', async () => {
    const [one, two] = await Promise.all([
      journeys.visit('#as=U0OLA&in=C0GENERAL'),
      journeys.visit('#as=U0KARI&in=C0GENERAL'),
    ])
    await composer(one.page).fill('Good morning, @kari')
    await composer(one.page).press('Enter')
    const said = two.page.getByRole('article', { name: /^Ola Nordmann/ })
    await said.getByText('@Kari Nordmann').waitFor()
    await composer(two.page).fill('/nothing')
    await composer(two.page).press('Enter')
    await two.page.getByRole('alert').getByText('/nothing is not a command here').waitFor()
  })

  it('says that this app has no Home tab', async () => {
    const { page } = await journeys.visit('#as=U0OLA&in=app')
    const home = page.getByRole('button', { name: /^Home/ })
    expect(await home.getAttribute('aria-disabled')).toBe('true')
    await home.click({ force: true })
    expect(await page.getByRole('button', { name: 'Messages' }).getAttribute('aria-current')).toBe('page')
  })

  it('turns every knob, and says what is out of the ordinary', async () => {
    const { page } = await journeys.visit()
    await openPanel(page)
    const control = async () => (await journeys.bench.state()).control
    await page.getByLabel('Slack', { exact: true }).selectOption('Slow')
    await page.getByLabel('EasyFreelance', { exact: true }).selectOption('Down')
    await page.getByRole('checkbox', { name: /Return URL approved/ }).click()
    await expect
      .poll(control)
      .toMatchObject({ moods: { slack: 'slow', easyfreelance: 'down' }, returnUrlApproved: false })
    await turnKnob(page, 'Past the deadline')
    await page.getByRole('alert').getByText('No session is waiting').waitFor()
    await turnKnob(page, '+1 hour')
    await page.getByText('1 h ahead of the real time.').waitFor()
    await turnKnob(page, 'Kill')
    await page.getByText('Stopped', { exact: true }).waitFor()

    await page.getByRole('button', { name: /^A busy Monday/ }).click()
    await page.getByRole('button', { name: 'Keep this' }).click()
    expect(await control()).toMatchObject({ scene: 'empty', botRunning: false })
    await page.getByRole('button', { name: 'Reset this scene' }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: 'Start over' }).click()
    await page.getByText('Running', { exact: true }).waitFor()
    await page.getByText('The real time.').waitFor()
    expect(await control()).toMatchObject({ moods: { slack: 'well', easyfreelance: 'well' }, returnUrlApproved: true })
  })

  it('shows the calls of one verification, and nothing that would let anybody in', async () => {
    const visit = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    const { page } = visit
    await request(page, 'ola', '4711')
    await request(page, 'kari', '4712')
    const { link } = await linkOf(journeys.bench, 'U0OLA')
    await linkOf(journeys.bench, 'U0KARI')
    await openPanel(page)
    await page.getByRole('tab', { name: 'Calls' }).click()
    const calls = page.getByRole('list', { name: 'Calls, newest first' })
    const of = page.getByRole('combobox', { name: 'Verification' })
    await of.selectOption({ label: (await of.locator('option', { hasText: 'Ola Nordmann' }).textContent()) ?? '' })
    await page.getByRole('combobox', { name: 'Side' }).selectOption('EasyFreelance')
    await expect.poll(() => calls.getByRole('listitem').count()).toBeLessThanOrEqual(2)
    await calls.getByText('POST start').click()
    await calls.locator('pre').getByText('4711').first().waitFor()
    await page.getByRole('combobox', { name: 'Side' }).selectOption('Slack')
    await calls.getByText('chat.postMessage').first().waitFor()

    await of.selectOption('All')
    await page.getByRole('combobox', { name: 'Side' }).selectOption('Both')
    for (const row of await calls.locator('summary').all()) await row.click()
    const seen = await page.locator('#panel').evaluate((panel) => panel.outerHTML)
    expect(seen).toContain('chat.postMessage')
    const { slack, easyfreelance } = journeys.bench.stage.scene()?.sandbox ?? {}
    const secrets = [
      ...[slack?.botToken, slack?.appToken, slack?.signingSecret, easyfreelance?.token, easyfreelance?.apiKey],
      new URL(link).pathname.split('/').at(-1),
    ]
    for (const secret of secrets) {
      expect(secret?.length).toBeGreaterThan(15)
      expect(seen).not.toContain(secret)
    }
  })

  it('can be used on a phone, from the command to the answer', async () => {
    const visit = await journeys.visit('#as=U0PETTER&in=C0GENERAL', PHONE)
    const { page } = visit
    await request(page, 'ola', '4711')
    await page.getByRole('button', { name: 'Open the sidebar' }).click()
    await openApp(page)
    await message(page, 'Waiting for @Ola Nordmann').waitFor()
    await page.getByRole('button', { name: 'Open the sidebar' }).click()
    await actAs(page, 'Ola Nordmann')
    const tab = await followLink(visit, 'BankID')
    for (const each of [page, tab]) {
      expect(await each.evaluate('document.documentElement.scrollWidth')).toBe(PHONE.width)
    }
    await tab.getByRole('button', { name: 'Cancel' }).click()
    await tab.getByRole('heading', { name: 'All done here' }).waitFor()
    await page.getByRole('link', { name: /^Continue/ }).waitFor({ state: 'detached' })
  })
})
