import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { findChromium, launchChromium } from './chromium.ts'
import type { SceneName, Snapshot } from './contract.ts'
import { makeStage } from './server/stage.ts'
import { startPage } from './server/start-page.ts'

// `npm run screenshots`: the README's pictures, as if it were always the same Monday.

const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url))
/** A Monday, 10:02 in Oslo. */
const NOW = Date.UTC(2026, 10, 23, 9, 2)

type Picture = {
  readonly name: string
  readonly scene: SceneName
  readonly hash: string
  readonly height: number
  readonly prepare?: (page: Page) => Promise<void>
}

const PICTURES: readonly Picture[] = [
  // On the busy Monday EasyFreelance has no time to say who somebody is.
  { name: 'form', scene: 'empty', hash: '#as=U0PETTER&in=C0GENERAL', height: 1080, prepare: fillForm },
  { name: 'cards', scene: 'busy_monday', hash: '#as=U0MARIA&in=app', height: 780 },
  { name: 'invitation', scene: 'busy_monday', hash: '#as=U0VILDE&in=app', height: 480 },
]

process.exitCode = await takeAll()

async function takeAll(): Promise<number> {
  const executablePath = findChromium()
  if (executablePath === undefined) {
    console.error('There is no Chromium on this machine. Install it, or say in CHROMIUM_PATH where it is.')
    return 69
  }
  const stage = makeStage()
  const { url, stop } = await startPage({ stage, port: 0 })
  const browser = await launchChromium(executablePath)
  try {
    mkdirSync(FOLDER, { recursive: true })
    let shown: SceneName | null = null
    for (const picture of PICTURES) {
      if (picture.scene !== shown) await stage.open(picture.scene)
      shown = picture.scene
      await take(browser, url, picture)
      console.log(`docs/images/${picture.name}.png`)
    }
    return 0
  } finally {
    await browser.close()
    await stop()
    await stage.close()
  }
}

async function take(browser: Browser, url: string, { name, hash, height, prepare }: Picture): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1180, height },
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Oslo',
  })
  const page = await context.newPage()
  await page.clock.setFixedTime(NOW)
  await page.route('**/api/state', async (route) => {
    const response = await route.fetch()
    const body = (await response.json()) as Snapshot
    await route.fulfill({ response, json: onMonday(body) })
  })
  await page.goto(`${url}${hash}`)
  await page.getByRole('main').waitFor()
  await prepare?.(page)
  await page.evaluate('document.activeElement.blur()')
  await page.screenshot({ path: `${FOLDER}${name}.png` })
  await context.close()
}

async function fillForm(page: Page): Promise<void> {
  const line = page.getByRole('textbox', { name: /^Message to/ })
  await line.fill('/verify @lars')
  await line.press('Enter')
  const form = page.getByRole('dialog', { name: 'Verify an employee' })
  await form.getByRole('radio', { name: 'Veriff' }).check()
  await form.getByRole('radio', { name: 'Norwegian documents' }).check()
  const number = form.getByLabel('EasyFreelance employee id')
  await number.fill('4714')
  await number.press('Enter')
  await form.getByText(/^At EasyFreelance 4714 is/).waitFor()
  await form.getByLabel('Note to the employee').fill('Before your first payment, please.')
}

/** The same workspace, with every time in it moved to the Monday of the pictures. */
function onMonday(snapshot: Snapshot): Snapshot {
  const seconds = Math.round((NOW - snapshot.control.now) / 1000)
  const moved = JSON.stringify(snapshot)
    .replace(/<!date\^(\d+)/g, (_, unix: string) => `<!date^${Number(unix) + seconds}`)
    .replace(/"ts":"(\d+)\./g, (_, unix: string) => `"ts":"${Number(unix) + seconds}.`)
  const { control, ...rest } = JSON.parse(moved) as Snapshot
  return { ...rest, control: { ...control, now: NOW, aheadMs: 0 } }
}
