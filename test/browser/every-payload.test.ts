import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildSnapshot } from '../sandbox/page-ui/snapshot.ts'
import { allMessages, allReplies, allViews } from '../views/catalogue.ts'
import { bundle, hasChromium, openBrowser, openPage, unlessMissing } from './chromium.ts'

type Kind = 'message' | 'modal' | 'home'
type Named = readonly [name: string, payload: object]
type Seen = { words: string; unknown: string[] }

/** Fields whose text nobody sees, or only when it is looked for. */
const UNSEEN = new Set(['type', 'text', 'block_id', 'action_id', 'value', 'callback_id', 'private_metadata', 'url'])

/** Every text object of a payload. */
function textsIn(value: unknown): { type: string; text: string }[] {
  if (Array.isArray(value)) return value.flatMap(textsIn)
  if (typeof value !== 'object' || value === null) return []
  const { type, text } = value as { type?: unknown; text?: unknown }
  if ((type === 'mrkdwn' || type === 'plain_text') && typeof text === 'string') return [{ type, text }]
  return Object.entries(value).flatMap(([key, inner]) => (UNSEEN.has(key) && key !== 'text' ? [] : textsIn(inner)))
}

const spaced = (text: string) => text.replace(/\s+/g, ' ')

/** The runs of words that must be seen just as they stand, whatever the markup between them. */
function wordsOf({ type, text }: { type: string; text: string }): string[] {
  const runs = type === 'plain_text' ? [text] : text.split(/<[^<>]*>|:[a-z_]+:|[*_~`\n]|^(?:> |• )/m)
  const decoded = runs.map((run) =>
    type === 'plain_text' ? run : run.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
  return decoded.map((run) => spaced(run).trim()).filter((run) => run !== '' && run !== '>' && run !== '•')
}

describe.skipIf(!hasChromium)(`everything the bot can show, in real Chromium${unlessMissing}`, () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await openBrowser()
    page = await openPage(browser, await bundle('gallery.tsx'))
  }, 120_000)
  afterAll(() => browser.close())

  async function look(kind: Kind, payloads: readonly Named[]): Promise<Map<string, Seen & { payload: object }>> {
    const distinct = new Map(payloads.map(([name, payload]) => [JSON.stringify(payload), { name, payload }]))
    const all = [...distinct.values()]
    const snapshot = buildSnapshot({ homeTab: true })
    const seen = await page.evaluate(
      (shown) => (globalThis as unknown as { show(all: unknown): Seen[] }).show(shown),
      all.map(({ payload }) => ({ snapshot, as: 'U0MARIA', kind, payload })),
    )
    return new Map(all.map(({ name, payload }, index) => [name, { payload, ...(seen[index] as Seen) }]))
  }

  async function expectAllSeen(kind: Kind, payloads: readonly Named[]): Promise<number> {
    const found = await look(kind, payloads)
    for (const [name, { payload, words, unknown }] of found) {
      const shown = spaced(words)
      expect(unknown, name).toEqual([])
      const missing = textsIn(payload)
        .flatMap(wordsOf)
        .filter((run) => !shown.includes(run))
      expect(missing, `${name}\n${words}`).toEqual([])
      expect(shown, name).not.toMatch(/<[@#]|<!date|&(amp|lt|gt);|\{time\}/)
    }
    return found.size
  }

  it('every message is shown to its last word', { timeout: 180_000 }, async () => {
    expect(await expectAllSeen('message', allMessages())).toBeGreaterThan(400)
  })

  it('every private answer is shown to its last word', { timeout: 60_000 }, async () => {
    expect(await expectAllSeen('message', allReplies())).toBeGreaterThan(40)
  })

  it('every form and every last page of it is shown to its last word', { timeout: 60_000 }, async () => {
    expect(await expectAllSeen('modal', allViews())).toBeGreaterThan(8)
  })

  it('what the bot may soon use is shown as well, also on the Home tab', async () => {
    const plain = (text: string) => ({ type: 'plain_text', text })
    const options = [{ text: plain('One'), value: '1', description: plain('The first') }]
    const element = (type: string, more: object = {}) => ({ type, action_id: type, ...more })
    const label = (name: string, inner: object) => ({
      type: 'input',
      block_id: name,
      label: plain(name),
      element: inner,
    })
    const blocks = [
      { type: 'header', text: plain('A header') },
      { type: 'divider' },
      { type: 'image', image_url: 'https://example.com/a.png', alt_text: 'A picture', title: plain('Its title') },
      {
        type: 'section',
        text: plain('Pick'),
        accessory: element('static_select', { placeholder: plain('Pick one'), options }),
      },
      {
        type: 'context',
        elements: [{ type: 'image', image_url: 'https://example.com/a.png', alt_text: 'A mark' }, plain('Small')],
      },
      {
        type: 'actions',
        elements: [
          element('button', { text: plain('Press'), style: 'danger' }),
          element('users_select', { placeholder: plain('Who') }),
          element('conversations_select', { placeholder: plain('Where') }),
          element('radio_buttons', { options }),
          element('checkboxes', { options }),
          element('datepicker', { initial_date: '2026-11-23' }),
        ],
      },
      label('A number', element('number_input', { is_decimal_allowed: false, initial_value: '42' })),
      label('Words', element('plain_text_input', { multiline: true, placeholder: plain('Type here') })),
      label(
        'Grouped',
        element('static_select', { option_groups: [{ label: plain('Group'), options }], initial_option: options[0] }),
      ),
    ]
    for (const kind of ['modal', 'home', 'message'] as const) {
      const payload = { type: kind, title: plain('Title'), submit: plain('Send'), blocks }
      const [seen] = (await look(kind, [['soon', payload]])).values()
      expect(seen?.unknown).toEqual([])
      for (const words of [
        'A header',
        'A picture',
        'Its title',
        'Pick one',
        'A mark',
        'Small',
        'Press',
        'Who',
        'Where',
        'One',
        'The first',
        '2026-11-23',
        '42',
        'Type here',
        'Grouped',
      ]) {
        expect(seen?.words, kind).toContain(words)
      }
    }
  })

  it('what it does not know is shown as such', async () => {
    const blocks = [
      { type: 'video', title: 'x' },
      { type: 'actions', elements: [{ type: 'timepicker' }] },
    ]
    const [seen] = (await look('message', [['unknown', { blocks }]])).values()
    expect(seen?.unknown).toEqual(['video', 'timepicker'])
    expect(seen?.words).toContain('cannot show this block: video')
  })
})
