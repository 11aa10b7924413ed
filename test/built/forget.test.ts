import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { button } from '../../sandbox/as-seen.ts'
import { checkAudit } from '../../src/services/store/read-audit.ts'
import { openStage, type Stage } from '../journeys/helpers/stage.ts'
import { askFor, cardOf, cardSays, FIRST_LOOK_MS, invited, noticeSays } from '../journeys/helpers/steps.ts'

const run = promisify(execFile)

/** The operator's command, as `npm run forget` starts it. */
async function forget({ settings }: Stage, ...args: string[]): Promise<{ code: number; said: string }> {
  const { DATABASE_PATH } = settings
  const command = ['dist/forget.js', ...args]
  try {
    const { stdout, stderr } = await run(process.execPath, command, { env: { DATABASE_PATH } })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }
}

/** Where a text stands. `but`: the stand-in for Slack calls a person's conversation so, and that is kept until it was edited. */
function filesWith({ settings }: Stage, text: string, but = ''): string[] {
  const path = String(settings.DATABASE_PATH)
  return [path, `${path}-wal`].filter((file) => {
    try {
      return (but === '' ? readFileSync(file, 'latin1') : readFileSync(file, 'latin1').replaceAll(but, '')).includes(
        text,
      )
    } catch {
      return false
    }
  })
}

function problemsOfAudit({ settings }: Stage): readonly string[] {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  try {
    return checkAudit(db).problems
  } finally {
    db.close()
  }
}

const COURSE = 'session_id, link, started_at, expires_at, delivered_at, opened_at, returned_at, reported, misses'

/** How far the only verification's session has come. */
function course({ settings }: Stage): Record<string, unknown> {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const row = db.prepare<[], Record<string, unknown>>(`select ${COURSE} from verifications`).get() ?? {}
  db.close()
  return row
}

function ledgerRows({ settings }: Stage): unknown {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  try {
    return db.prepare('select count(*) from ledger').pluck().get()
  } finally {
    db.close()
  }
}

describe('forgetting a person', () => {
  test('makes no database where there is none, and says so', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const folder = dirname(stage.settings.DATABASE_PATH ?? '')
    for (const more of [[], ['--dry-run']]) {
      const { code, said } = await forget(stage, 'U0OLA', ...more)
      expect([code, said]).toEqual([65, expect.stringMatching(/^There is no database at DATABASE_PATH\..*\n$/)])
    }
    expect(readdirSync(folder)).toEqual([])
  })

  test('waits until the bot is stopped, and says what is wrong with the command', async (context) => {
    const stage = await openStage(context)
    expect(await forget(stage, 'U0OLA')).toMatchObject({ code: 75, said: expect.stringContaining('Another process') })
    for (const wrong of [[], ['ola'], ['U0OLA', 'U0KARI'], ['--force', 'U0OLA']]) {
      expect(await forget(stage, ...wrong)).toMatchObject({ code: 64, said: expect.stringContaining('Usage') })
    }
  })

  test('who was asked: everything kept is gone, what was open is closed, and Slack names nobody', async (context) => {
    const stage = await openStage(context)
    const { slack } = stage
    await askFor(stage, { employee: 'U0OLA', note: 'canary note' })
    const invitation = await invited(stage)
    const before = await cardSays(stage, /^Waiting for <@U0OLA>/)
    await stage.quiet()
    await stage.stopBot()

    const counted = await forget(stage, '--dry-run', 'U0OLA')
    expect(counted.said).toMatch(/nothing was:\n- verifications [^\n]*: 1, of which still open and now closed: 1\n/)
    expect(filesWith(stage, 'U0OLA')).not.toEqual([])

    const wasOf = course(stage)
    expect(wasOf.delivered_at).not.toBeNull()
    const done = await forget(stage, 'U0OLA')
    // When the link reached them, was opened and came back says something about them too.
    expect(course(stage)).toEqual(Object.fromEntries(Object.keys(wasOf).map((column) => [column, null])))
    expect(done).toMatchObject({ code: 0, said: expect.stringMatching(/^Done:\n/) })
    expect(done.said.split('\n').slice(1, 5)).toEqual(counted.said.split('\n').slice(1, 5))
    expect(done.said).not.toMatch(/U0OLA|canary/)
    for (const word of ['U0OLA', 'canary note']) {
      expect([word, filesWith(stage, word, 'DU0OLA')]).toEqual([word, []])
    }
    expect(problemsOfAudit(stage)).toEqual([])
    expect(ledgerRows(stage)).toBe(0)
    expect((await forget(stage, 'U0OLA')).said).toContain('names in the audit: 0')

    await stage.startBot()
    const dead = await slack.until(() =>
      slack
        .person('U0OLA')
        .inbox()
        .find(({ ts, text }) => ts === invitation.ts && text.startsWith('This request was closed')),
    )
    expect(button(dead, /./)).toBeUndefined()
    const card = await slack.until(() => (cardOf(stage)?.text.startsWith('Closed.') ? cardOf(stage) : undefined))
    expect(card?.ts).toBe(before.ts)
    await stage.jump(1000)
    const seen = slack.person('U0PETTER').inbox()
    expect(JSON.stringify(seen.map(({ text, blocks }) => ({ text, blocks })))).not.toContain('U0OLA')
    await stage.quiet()
    await stage.stopBot()
    expect(filesWith(stage, 'U0OLA')).toEqual([])
  })

  test('who asked: others keep their outcome, without the name', async (context) => {
    const stage = await openStage(context)
    const { slack, easyfreelance } = stage
    await askFor(stage, { by: 'U0PETTER', employee: 'U0KARI' })
    await invited(stage, 'U0KARI')
    easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
    await stage.jump(FIRST_LOOK_MS)
    await noticeSays(stage, /^Verification of <@U0KARI>: Approved\./)
    await stage.quiet()
    await stage.stopBot()
    expect(await forget(stage, 'U0PETTER')).toMatchObject({ code: 0, said: expect.stringContaining('now closed: 0') })
    expect(filesWith(stage, 'U0PETTER', 'DU0PETTER')).toEqual([])
    const db = new Database(stage.settings.DATABASE_PATH, { readonly: true })
    expect(db.prepare('select employee_id, outcome from verifications').all()).toEqual([
      { employee_id: 'U0KARI', outcome: 'approved' },
    ])
    db.close()
    await stage.startBot()
    await slack.until(() =>
      slack
        .person('U0KARI')
        .inbox()
        .every(({ text }) => !text.includes('U0PETTER')),
    )
    await stage.jump(1000)
    await stage.stopBot()
    expect(filesWith(stage, 'U0PETTER')).toEqual([])
    expect(problemsOfAudit(stage)).toEqual([])
  })
})
