import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import type { SceneName } from '../../sandbox/page/contract.ts'
import { openPage, type PageBench } from '../sandbox/page/page-bench.ts'
import { openBrowser } from './chromium.ts'
import { type Hands, withMouse } from './hands.ts'

const PATIENCE_MS = 30_000
const AT_DESK = { width: 1280, height: 800 }

export type JourneyBench = {
  readonly bench: PageBench
  /** The sandbox's page in a browser of its own, as seen by somebody who has never been there. */
  visit(hash?: string, viewport?: { width: number; height: number }): Promise<Visit>
  /** Starts over and closes what is open; fails if a page said that something went wrong in it. */
  reset(): Promise<void>
  stop(): Promise<void>
}

export type Visit = { readonly page: Page; readonly context: BrowserContext }

/** One sandbox with the real, built bot and one browser for a file of journeys. */
export async function openJourneys(scene: SceneName = 'empty'): Promise<JourneyBench> {
  const [bench, browser] = await Promise.all([openPage(scene), openBrowser()])
  const complaints: string[] = []
  return {
    bench,
    async visit(hash = '', viewport = AT_DESK) {
      const context = await openContext(browser, viewport)
      context.setDefaultTimeout(PATIENCE_MS)
      context.on('weberror', (problem) => complaints.push(String(problem.error())))
      context.on('console', (line) => {
        if (line.type() === 'error' && line.location().url.startsWith(bench.url)) complaints.push(line.text())
      })
      const page = await context.newPage()
      await page.goto(`${bench.url}${hash}`)
      await page.getByRole('main').waitFor()
      return { page, context }
    },
    async reset() {
      await Promise.all(browser.contexts().map((context) => context.close()))
      const { ok, problem } = await bench.control({ do: 'scene', scene })
      expect({ ok, problem, complaints: complaints.splice(0) }).toEqual({ ok: true, problem: null, complaints: [] })
    },
    async stop() {
      await browser.close()
      await bench.stop()
    },
  }
}

/** Whoever reaches for anything but this machine is refused. */
async function openContext(browser: Browser, viewport: { width: number; height: number }): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport,
    timezoneId: 'Europe/Oslo',
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  await context.route(
    ({ hostname }) => hostname !== '127.0.0.1',
    (route) => route.abort(),
  )
  return context
}

export const composer = (page: Page): Locator => page.getByRole('textbox', { name: /^Message to/ })
export const form = (page: Page): Locator => page.getByRole('dialog', { name: 'Verify an employee' })

/** What the form says about who has the number, or that EasyFreelance doesn't say. */
export const confirmed = (dialog: Locator): Locator => dialog.getByText(/At EasyFreelance \d+ is|did not say who/)

/** A message in the open conversation. */
export const message = (page: Page, words: string | RegExp): Locator =>
  page.getByRole('article', { name: /^Verify,/ }).filter({ hasText: words })

export async function actAs(page: Page, name: string, hands: Hands = withMouse(page)): Promise<void> {
  const person = page.getByRole('region', { name: 'Act as' }).getByRole('button', { name })
  await hands.press(person)
  await page.locator('[aria-pressed=true]').filter({ hasText: name }).waitFor({ state: 'attached' })
}

export async function openApp(page: Page, hands: Hands = withMouse(page)): Promise<void> {
  await hands.press(page.getByRole('navigation', { name: 'Conversations' }).getByRole('button', { name: /Verify/ }))
  await page.getByRole('heading', { level: 1, name: 'Verify' }).waitFor()
}

/** Opens the form for somebody, by the command typed to its end. */
export async function askFor(page: Page, handle: string): Promise<Locator> {
  await composer(page).fill(`/verify @${handle}`)
  await composer(page).press('Enter')
  await form(page).waitFor()
  return form(page)
}

/** Asks for a BankID verification, and closes the form's last page. */
export async function request(page: Page, handle: string, number: string): Promise<void> {
  const dialog = await askFor(page, handle)
  const field = dialog.getByLabel('EasyFreelance employee id')
  await field.fill(number)
  await field.press('Enter')
  await confirmed(dialog).waitFor()
  await dialog.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}

/** Follows the employee's link into a tab of its own. */
export async function followLink({ page, context }: Visit, provider: string, hands = withMouse(page)): Promise<Page> {
  const opened = context.waitForEvent('page')
  await hands.press(page.getByRole('link', { name: `Continue with ${provider}` }))
  const tab = await opened
  await tab.getByRole('heading', { name: 'Confirm who you are' }).waitFor()
  return tab
}

export async function turnKnob(page: Page, name: string): Promise<void> {
  const panel = page.getByRole('complementary', { name: 'Control panel' })
  if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Control panel', exact: true }).click()
  await panel.getByRole('button', { name, exact: true }).click()
  await page.locator('aside[aria-busy=false]').waitFor()
}
