import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PageMessage, Snapshot } from '../../sandbox/page/contract.ts'
import { isObject } from '../../sandbox/slack/json.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'
import { renderMessage } from '../helpers/links.ts'
import { buildSnapshot, controlWith } from '../sandbox/page-ui/snapshot.ts'
import { buildWaiting, NOW } from '../views/build-verification.ts'
import { allForms } from '../views/catalogue.ts'
import { type Bundle, bundle, hasChromium, openBrowser, openPage, unlessMissing } from './chromium.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

type Violation = { id: string; impact: string | null; nodes: { html: string }[] }

async function seriousProblems(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const violations = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }
    return (await axe.run()).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const waiting = buildWaiting()
const shown = (channelId: string, kind: 'card' | 'invitation', ephemeralTo: string | null = null): PageMessage => ({
  channelId,
  ts: `${NOW / 1000}.000100`,
  userId: 'U0BOT',
  text: 'x',
  blocks: renderMessage({ kind, occasion: waiting.invitations, movedBecause: null }, waiting).blocks.map((block) => ({
    ...block,
  })),
  edited: false,
  ephemeralTo,
})

function withForm(): Snapshot {
  const [, form] = allForms().find(([name]) => name === 'full') ?? []
  if (form === undefined) throw new Error('the catalogue has no full form')
  const definition: unknown = verifyModal(form)
  if (!isObject(definition)) throw new Error('the form is no object')
  const errors = { note: 'Too long' }
  const view = { id: 'V1', hash: '', view: definition, values: {}, errors, failure: 'We had some trouble connecting.' }
  return buildSnapshot({ modals: { U0MARIA: [view] } })
}

const calls = [
  {
    number: 1,
    side: 'slack' as const,
    at: NOW,
    name: 'chat.postMessage',
    outcome: 'ok',
    durationMs: 3,
    sessionId: null,
    request: {},
    answer: {},
  },
]
const session = {
  id: 'S1',
  employeeName: 'Ola Nordmann',
  userId: 'W0OLA',
  provider: 'bankid',
  idType: null,
  status: 'pending',
  opened: false,
  startedAt: NOW,
  expiresAt: NOW + 60_000,
}
const trouble = controlWith({
  botRunning: false,
  moods: { slack: 'down', easyfreelance: 'slow' },
  returnUrlApproved: false,
  sessions: [session],
  calls,
})
const cards = [shown('DU0MARIA', 'card'), shown('DW0OLA', 'invitation'), shown('C0GENERAL', 'card', 'U0MARIA')]

const SCREENS: [name: string, snapshot: Snapshot, hash: string, open: (page: Page) => Promise<void>][] = [
  ['an empty channel', buildSnapshot(), '', async () => {}],
  ['a card', buildSnapshot({ messages: cards }), '#as=U0MARIA&in=app', async () => {}],
  ['an answer only one person sees', buildSnapshot({ messages: cards }), '#as=U0MARIA&in=C0GENERAL', async () => {}],
  ['an invitation', buildSnapshot({ messages: cards }), '#as=W0OLA&in=app', async () => {}],
  [
    'a confirmation',
    buildSnapshot({ messages: cards }),
    '#as=W0OLA&in=app',
    (page) => page.getByRole('button', { name: 'I did not expect this' }).click(),
  ],
  ['a form with errors', withForm(), '', async () => {}],
  ['an open list of people', withForm(), '', (page) => page.getByRole('combobox', { name: 'Employee' }).click()],
  ['offered commands', buildSnapshot(), '', (page) => page.getByRole('textbox', { name: /^Message to/ }).fill('/')],
  ...(['Knobs', 'Verifications', 'Calls'] as const).map((tab): (typeof SCREENS)[number] => [
    `the control panel's ${tab}`,
    buildSnapshot({ control: trouble }),
    '',
    async (page) => {
      await page.getByRole('button', { name: 'Control panel', exact: true }).click()
      await page.getByRole('tab', { name: tab }).click()
    },
  ]),
]

describe.skipIf(!hasChromium)(`axe finds nothing serious, in real Chromium${unlessMissing}`, () => {
  let browser: Browser
  let app: Bundle
  beforeAll(async () => {
    browser = await openBrowser()
    app = await bundle('main.tsx')
  }, 60_000)
  afterAll(() => browser.close())

  it.each(SCREENS)('%s, wide and narrow, light and dark', { timeout: 60_000 }, async (_, snapshot, hash, open) => {
    const page = await openPage(browser, app, { '/api/state': () => JSON.stringify(snapshot) }, hash)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await open(page)
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
    ] as const) {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize({ width, height })
        await page.emulateMedia({ colorScheme })
        expect(await seriousProblems(page), `${width} ${colorScheme}`).toEqual([])
        const overflow = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        )
        expect(overflow, `${width}: scrolls sideways`).toBe(0)
      }
    }
    await page.close()
  })
})
