import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, unlessMissing } from './chromium.ts'
import {
  actAs,
  askFor,
  composer,
  confirmed,
  followLink,
  form,
  type JourneyBench,
  message,
  openApp,
  openJourneys,
  request,
  turnKnob,
} from './journey-bench.ts'

describe.skipIf(!hasChromium)(`what may come between, in real Chromium${unlessMissing}`, { timeout: 60_000 }, () => {
  let journeys: JourneyBench
  beforeAll(async () => {
    journeys = await openJourneys()
  }, 60_000)
  afterEach(() => journeys.reset(), 60_000)
  afterAll(() => journeys.stop())

  it('is declined, and gets another attempt with a link of its own', async () => {
    const visit = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    const { page } = visit
    await request(page, 'ola', '4711')
    await openApp(page)
    await actAs(page, 'Ola Nordmann')
    const first = await followLink(visit, 'BankID')
    const firstLink = first.url()
    await first.getByRole('button', { name: 'Decline' }).click()
    await first.getByRole('heading', { name: 'All done here' }).waitFor()
    await page.bringToFront()
    await page.getByRole('link', { name: /^Continue/ }).waitFor({ state: 'detached' })

    await actAs(page, 'Petter Manager')
    await message(page, 'Verification of @Ola Nordmann: Declined').waitFor()
    // The number of last time is remembered.
    const dialog = await askFor(page, 'ola')
    expect(await dialog.getByLabel('EasyFreelance employee id').inputValue()).toBe('4711')
    await confirmed(dialog).waitFor()
    await dialog.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close', exact: true }).click()
    await message(page, 'Waiting for @Ola Nordmann').waitFor()

    await actAs(page, 'Ola Nordmann')
    const second = await followLink(visit, 'BankID')
    expect(second.url()).not.toBe(firstLink)
    await second.goto(firstLink)
    await second.getByRole('heading', { name: 'This verification is over' }).waitFor()
    await second.goBack()
    await second.getByRole('button', { name: 'Approve' }).click()
    await second.getByRole('heading', { name: 'All done here' }).waitFor()
    await page.bringToFront()
    await actAs(page, 'Petter Manager')
    await message(page, 'Verification of @Ola Nordmann: Approved').waitFor()
  })

  it('walks away, and the link expires', async () => {
    const visit = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    const { page } = visit
    await request(page, 'kari', '4712')
    await openApp(page)
    await actAs(page, 'Kari Nordmann')
    const tab = await followLink(visit, 'BankID')
    await tab.getByRole('button', { name: 'Walk away' }).click()
    await tab.getByRole('heading', { name: 'You walked away' }).waitFor()
    await page.bringToFront()
    await actAs(page, 'Petter Manager')
    await message(page, /Link opened.*Employee@Kari Nordmann/s).waitFor()

    await turnKnob(page, 'To the deadline')
    await page.getByText(/ahead of the real time/).waitFor()
    await turnKnob(page, 'Past the deadline')
    await message(page, 'Verification of @Kari Nordmann: Expired').waitFor()
    await tab.goBack()
    await tab.getByRole('heading', { name: 'This link has expired' }).waitFor()
    await page.bringToFront()
    await actAs(page, 'Kari Nordmann')
    await page.getByRole('link', { name: /^Continue/ }).waitFor({ state: 'detached' })
  })

  it('kills the bot between the form and the card: everything arrives, once, when it is back', async () => {
    const { page } = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    // EasyFreelance answers late, so that the bot is in the middle of it when it is killed.
    await page.getByRole('button', { name: 'Control panel', exact: true }).click()
    await page.getByLabel('EasyFreelance', { exact: true }).selectOption('Hanging')
    await page.locator('aside[aria-busy=false]').waitFor()
    await request(page, 'lars', '4714')
    await turnKnob(page, 'Kill')
    await page.getByText('Stopped', { exact: true }).waitFor()
    await openApp(page)
    expect(await message(page, 'Waiting for @Lars Nordmann').count()).toBe(0)
    await page.getByLabel('EasyFreelance', { exact: true }).selectOption('Well')
    await page.locator('aside[aria-busy=false]').waitFor()

    await turnKnob(page, 'Start again')
    await page.getByText('Running', { exact: true }).waitFor()
    await turnKnob(page, '+1 hour')
    await message(page, 'Waiting for @Lars Nordmann').waitFor()
    expect(await message(page, 'Lars Nordmann').count()).toBe(1)
    await actAs(page, 'Lars Nordmann')
    await page.getByRole('link', { name: 'Continue with BankID' }).waitFor()
    expect(await page.getByRole('link', { name: /^Continue/ }).count()).toBe(1)
  })

  it('says what is wrong under each field, and loses nothing that was typed', async () => {
    const { page } = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    const dialog = await askFor(page, 'ingrid')
    const number = dialog.getByLabel('EasyFreelance employee id')
    const note = dialog.getByLabel('Note to the employee')
    await dialog.getByRole('radio', { name: 'Veriff' }).check()
    await dialog.getByRole('radio', { name: 'Foreign documents' }).check()
    await number.fill('47-13')
    await note.fill('x'.repeat(501))
    await dialog.getByRole('button', { name: 'Send' }).click()

    await expect.poll(() => number.getAttribute('aria-invalid')).toBe('true')
    expect(await note.getAttribute('aria-invalid')).toBe('true')
    for (const field of [number, note]) {
      const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
      const words = await Promise.all(described.map((id) => page.locator(`[id="${id}"]`).innerText()))
      expect(words.join(' ')).toMatch(/number|characters/)
    }
    await expect.poll(() => number.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true)
    expect(await number.inputValue()).toBe('47-13')
    expect(await note.inputValue()).toBe('x'.repeat(501))
    expect(await dialog.getByRole('radio', { name: 'Foreign documents' }).isChecked()).toBe(true)
    expect(await dialog.getByRole('combobox', { name: 'Employee' }).inputValue()).toBe('Ingrid Nordmann')

    await number.fill('4713')
    await number.press('Enter')
    await confirmed(dialog).waitFor()
    await note.fill('Thank you')
    await dialog.getByRole('button', { name: 'Send' }).click()
    await form(page).waitFor({ state: 'detached' })
    await page.keyboard.press('Escape')
    await openApp(page)
    await message(page, 'Waiting for @Ingrid Nordmann').waitFor()
  })

  it('refuses whoever may not verify, and only they see it', async () => {
    const { page } = await journeys.visit('#as=U0LARS&in=C0GENERAL')
    await composer(page).fill('/verify @kari')
    await composer(page).press('Enter')
    const refusal = message(page, 'You may not verify employees')
    await refusal.getByText('Only visible to you').waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    await actAs(page, 'Petter Manager')
    expect(await refusal.count()).toBe(0)
  })

  it('tells the manager that an employee did not expect it, after asking them once more', async () => {
    const { page } = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    await request(page, 'kari', '4712')
    await openApp(page)
    await actAs(page, 'Kari Nordmann')
    const button = page.getByRole('button', { name: 'I did not expect this' })
    await button.click()
    const question = page.getByRole('alertdialog', { name: 'Say that you did not expect this?' })
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'detached' })
    expect(await button.isVisible()).toBe(true)
    await button.click()
    await question.getByRole('button', { name: 'Tell them' }).click()
    await button.waitFor({ state: 'detached' })
    await actAs(page, 'Petter Manager')
    await message(page, /@Kari Nordmann did not expect your request/).waitFor()
  })
})
