import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import { askFor, cardSays, fillForm, invited, toldPrivately } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

/** Makes every read and write of a table fail, or work again; as a broken disk would. */
function hideTable({ settings }: Stage, table: string): () => void {
  const rename = (from: string, to: string) => {
    const db = new Database(settings.DATABASE_PATH)
    db.pragma('legacy_alter_table = on')
    db.exec(`alter table ${from} rename to ${to}`)
    db.close()
  }
  rename(table, `${table}_hidden`)
  return () => rename(`${table}_hidden`, table)
}

/** The lines of the log that have this reference. */
function linesOf({ log }: Stage, reference: string): Record<string, unknown>[] {
  return log
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter((line) => JSON.stringify(line).includes(reference))
}

function expectFound(stage: Stage, text: string): void {
  const [reference = 'none'] = /\b[0-9a-f]{8}\b/.exec(text) ?? []
  const error = { name: 'SqliteError', code: 'SQLITE_ERROR', frames: expect.arrayContaining([expect.any(String)]) }
  expect(linesOf(stage, reference)).toEqual([
    expect.objectContaining({ level: 'error', msg: 'listener broke', reference, error }),
  ])
}

describe.each(TRANSPORTS)(
  'what goes wrong on our side over %s is told with a reference that finds its line',
  (transport) => {
    test('after a command', async (context) => {
      const stage = await openStage(context, { transport })
      const show = hideTable(stage, 'verifications')
      await stage.slack.person('U0PETTER').command('/verify', 'list')
      const { text } = await toldPrivately(stage, 'U0PETTER', /Something went wrong/)
      show()
      expectFound(stage, text)
    })

    test('after Send, and what was typed is still there', async (context) => {
      const stage = await openStage(context, { transport })
      const petter = await fillForm(stage)
      const show = hideTable(stage, 'verifications')
      const { errors = {} } = await petter.submit()
      show()
      expectFound(stage, Object.values(errors).join())
      expect(petter.view()).toBeDefined()
      const { updated } = await petter.submit()
      expect(JSON.stringify(updated?.definition)).toContain('Accepted')
    })

    test('after a button, and the button works afterwards', async (context) => {
      const stage = await openStage(context, { transport })
      await askFor(stage)
      const invitation = await invited(stage)
      await stage.quiet()
      const show = hideTable(stage, 'verifications')
      const ola = stage.slack.person('U0OLA')
      await press(ola, invitation, /^I did not expect/)
      const { text } = await toldPrivately(stage, 'U0OLA', /Something went wrong/)
      show()
      expectFound(stage, text)
      await press(ola, invitation, /^I did not expect/)
      await cardSays(stage, /did not expect/)
    })
  },
)
