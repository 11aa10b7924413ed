import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, unlessMissing } from './chromium.ts'
import { type Hands, withKeys, withMouse } from './hands.ts'
import {
  actAs,
  composer,
  followLink,
  form,
  type JourneyBench,
  message,
  openApp,
  openJourneys,
} from './journey-bench.ts'

const CHECKS = {
  Veriff: { documents: 'Foreign documents', idType: /ID type\s*Foreign documents/ },
  BankID: { documents: null, idType: null },
} as const
type Provider = keyof typeof CHECKS

/** The command, completed from what the composer offers. */
async function callForm(page: Page, hands: Hands): Promise<void> {
  const box = composer(page)
  const takeOffer = (name: string) =>
    hands.name === 'mouse' ? page.getByRole('option', { name }).click() : page.keyboard.press('Enter')
  await hands.fill(box, '/')
  await page.getByRole('listbox', { name: 'Commands' }).waitFor()
  await takeOffer('/verify')
  await page.keyboard.type('@ol')
  await page.getByRole('listbox', { name: 'People' }).waitFor()
  await takeOffer('Ola Nordmann')
  if (hands.name === 'mouse') await page.getByRole('button', { name: 'Send message' }).click()
  else await page.keyboard.press('Enter')
  await form(page).waitFor()
}

async function fillForm(page: Page, provider: Provider, hands: Hands): Promise<void> {
  const dialog = form(page)
  // Somebody else first, to see that the list of people works.
  await hands.pick(dialog.getByRole('combobox', { name: 'Employee' }), 'kari', 'Kari Nordmann')
  await hands.pick(dialog.getByRole('combobox', { name: 'Employee' }), 'ola', 'Ola Nordmann')
  await hands.check(dialog.getByRole('radio', { name: provider }))
  const { documents } = CHECKS[provider]
  if (documents !== null) await hands.check(dialog.getByRole('radio', { name: documents }))
  await hands.fill(dialog.getByLabel('EasyFreelance employee id'), '4711')
  await hands.fill(dialog.getByLabel('Note to the employee'), 'Before your first payment')
  const send = dialog.getByRole('button', { name: 'Send' })
  await hands.press(send)
  // Held until they have seen who that is.
  await dialog.getByText('At EasyFreelance 4711 is Ola Nordmann').waitFor()
  await dialog.getByText('Nothing was sent yet').waitFor()
  expect(await dialog.getByLabel('EasyFreelance employee id').inputValue()).toBe('4711')
  await hands.press(send)
}

describe.skipIf(!hasChromium)(`from /verify to Approved, in real Chromium${unlessMissing}`, { timeout: 60_000 }, () => {
  let journeys: JourneyBench
  beforeAll(async () => {
    journeys = await openJourneys()
  }, 60_000)
  afterEach(() => journeys.reset(), 60_000)
  afterAll(() => journeys.stop())

  it.each(
    (['Veriff', 'BankID'] as const).flatMap((provider) =>
      [withMouse, withKeys].map((make) => ({ provider, make, by: make === withMouse ? 'mouse' : 'keys alone' })),
    ),
  )('$provider by $by', async ({ provider, make }) => {
    const visit = await journeys.visit('#as=U0PETTER&in=C0GENERAL')
    const { page } = visit
    const hands = make(page)
    await callForm(page, hands)
    await fillForm(page, provider, hands)
    const last = page.getByRole('dialog')
    await last.getByText('Ola Nordmann').first().waitFor()
    if (hands.name === 'mouse') await last.getByRole('button', { name: 'Close', exact: true }).click()
    else await page.keyboard.press('Escape')
    await last.waitFor({ state: 'detached' })

    await openApp(page, hands)
    await message(page, 'Waiting for @Ola Nordmann').waitFor()
    await actAs(page, 'Ola Nordmann', hands)
    await message(page, 'Before your first payment').waitFor()
    const tab = await followLink(visit, provider, hands)
    await tab.getByText(provider, { exact: true }).waitFor()
    const { idType } = CHECKS[provider]
    const seen = await tab.getByRole('main').innerText()
    if (idType === null) expect(seen).not.toContain('ID type')
    else expect(seen).toMatch(idType)

    await make(tab).press(tab.getByRole('button', { name: 'Approve' }))
    await tab.getByRole('heading', { name: 'All done here' }).waitFor()
    const back = new URL(tab.url())
    expect(back.origin + back.pathname).toBe(journeys.bench.stage.scene()?.sandbox.returnUrl)
    expect([...back.searchParams.keys()].sort()).toEqual(['ef_status', 'session'])
    await tab.close()

    await page.getByRole('link', { name: /^Continue/ }).waitFor({ state: 'detached' })
    await actAs(page, 'Petter Manager', hands)
    await message(page, 'Verification of @Ola Nordmann: Approved').waitFor()
    await message(page, /Approved(?!.*Waiting).*Employee@Ola Nordmann/s).waitFor()
    expect(await message(page, 'Waiting for').count()).toBe(0)
  })
})
