import { copyFileSync, renameSync, rmSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, type TestContext, test } from 'vitest'
import { checkIntegrity, countRows } from '../../sandbox/trials/look-inside.ts'
import { type Around, type BotChild, CLOCK, startBotChild } from '../journeys/helpers/bot-child.ts'
import { canMount, canSeeDisk, type Disk, makeSmallDisk, makeWatchedDisk } from '../journeys/helpers/disk.ts'
import { openStage, type Stage } from '../journeys/helpers/stage.ts'
import { askFor, cards, fillForm, invitationOf, invited, isAccepted, toldPrivately } from '../journeys/helpers/steps.ts'

/** Whatever is wrong with the disk: nothing is accepted that is not kept, nothing is done that is not written down first. */

const NOTHING_ACCEPTED =
  /^Nothing was accepted: we can't save anything right now\. What you filled in stays here; press Send again/
const LEASE_MS = 61_000

type Troubled = { stage: Stage; bot: BotChild; path: string }

async function openWith(context: TestContext, around: Around = {}, path?: string): Promise<Troubled> {
  const settings = path === undefined ? {} : { DATABASE_PATH: path }
  const stage = await openStage(context, { withoutBot: true, settings })
  const bot = startBotChild(stage.settings, stage.hear, { ...around, preload: [CLOCK] })
  context.onTestFinished(async () => void (await bot.signal('SIGKILL')))
  await bot.ready
  return { stage, bot, path: stage.settings.DATABASE_PATH ?? '' }
}

/** Asks again until it is so; how `/readyz` comes to know is not its callers' business. */
async function readiness({ botUrl }: Stage, database: boolean): Promise<number> {
  for (;;) {
    const answer = await fetch(`${botUrl}/readyz`)
    const { checks } = (await answer.json()) as { checks: { database: boolean } }
    if (checks.database === database) return answer.status
  }
}

const disks: [string, boolean, () => Disk, 'full' | 'read-only' | 'broken'][] = [
  ['a file system that is full', canMount, makeSmallDisk, 'full'],
  ['a disk that says it is full', canSeeDisk, makeWatchedDisk, 'full'],
  ['a disk that has become read-only', canSeeDisk, makeWatchedDisk, 'read-only'],
  ['a disk that gives errors', canSeeDisk, makeWatchedDisk, 'broken'],
]

describe.concurrent('on a disk in trouble nothing is accepted, nobody is called, and later it goes on:', () => {
  for (const [name, isHere, makeDisk, state] of disks) {
    test.skipIf(!isHere)(name, (context) => goesOn(context, makeDisk(), state))
  }
})

async function goesOn(context: TestContext, disk: Disk, state: 'full' | 'read-only' | 'broken'): Promise<void> {
  context.onTestFinished(disk.remove)
  const { stage, bot } = await openWith(context, disk.around, join(disk.folder, 'verify.db'))
  const { slack, easyfreelance } = stage
  // Its answer comes when the disk takes nothing any more.
  easyfreelance.fault({ route: 'start', do: { lateMs: 1500 } })
  await askFor(stage)
  await easyfreelance.until(() => easyfreelance.sessions().length === 1)
  disk.becomes(state, bot.pid)
  await bot.says('the database does not take what it is told')
  const manager = await fillForm(stage, { employee: 'U0KARI', note: 'Before Friday, please.' })
  const typed = manager.view()?.state
  const path = disk.path('verify.db', bot.pid)
  const kept = countRows(path)
  const refused = await manager.submit()
  expect(Object.values(refused.errors ?? {})).toEqual([expect.stringMatching(NOTHING_ACCEPTED)])
  expect(manager.view()?.state).toEqual(typed)
  expect(await readiness(stage, false)).toBe(503)
  await bot.says(/"kind":"verification".*"step could not be put back"/)
  expect(easyfreelance.sessions()).toHaveLength(1)
  expect(invitationOf(stage)).toBeUndefined()
  expect(countRows(path)).toEqual(kept)
  expect(checkIntegrity(path)).toEqual([])

  disk.becomes('well', bot.pid)
  expect(await readiness(stage, true)).toBe(200)
  expect(isAccepted(await manager.submit())).toBe(true)
  await slack.until(() => invitationOf(stage, 'U0KARI'))
  // That the first start was done could not be written down: its lease runs out, it counts as unclear, and there is one more.
  stage.advance(LEASE_MS)
  await bot.setAhead(LEASE_MS)
  await fetch(`${stage.botUrl}/return`)
  await bot.says('"action":"start_unclear"')
  stage.advance(LEASE_MS)
  await bot.setAhead(2 * LEASE_MS)
  await fetch(`${stage.botUrl}/return`)
  await invited(stage)
  expect(easyfreelance.sessions()).toHaveLength(3)
  expect(slack.person('U0OLA').inbox()).toHaveLength(1)
  expect(slack.person('U0KARI').inbox()).toHaveLength(1)
  expect(cards(stage)).toHaveLength(2)
  expect(countRows(path)).toMatchObject({ verifications: 2 })
  expect(checkIntegrity(path)).toEqual([])
  expect(await bot.signal('SIGTERM')).toBe(0)
}

describe.concurrent('a database file', () => {
  test.for([
    ['deleted', (path: string) => rmSync(path)],
    ['replaced', (path: string) => copyFileSync(`${path}.away`, path)],
  ] as const)('that is %s while the bot runs takes nothing more; put back, it goes on', async ([, spoil], context) => {
    const { stage, path } = await openWith(context)
    renameSync(path, `${path}.away`)
    copyFileSync(`${path}.away`, path)
    spoil(path)
    expect(await readiness(stage, false)).toBe(503)
    await stage.slack.person('U0PETTER').command('/verify', '@ola')
    await toldPrivately(stage, 'U0PETTER', /^We can't save anything right now, so nothing was changed\./)
    renameSync(`${path}.away`, path)
    expect(await readiness(stage, true)).toBe(200)
    await askFor(stage)
    await invited(stage)
  })

  test('that is damaged while the bot runs is not used any more, and the next start says what to do', async (context) => {
    const { stage, bot, path } = await openWith(context)
    expect(await bot.signal('SIGTERM')).toBe(0)
    const second = startBotChild(stage.settings, stage.hear)
    context.onTestFinished(async () => void (await second.signal('SIGKILL')))
    await second.ready
    const manager = await fillForm(stage)
    await spoilPages(path)
    // Somebody else's write makes the bot read its pages again.
    const other = new Database(path)
    other.pragma('user_version = 99')
    const refused = await manager.submit()
    expect(Object.values(refused.errors ?? {})).toEqual([expect.stringMatching(NOTHING_ACCEPTED)])
    expect(await readiness(stage, false)).toBe(503)
    await second.signal('SIGKILL')
    other.close()
    rmSync(`${path}-wal`, { force: true })
    const third = startBotChild(stage.settings)
    expect(await third.ended).toBe(65)
    expect(third.lines).toEqual([
      'The database at DATABASE_PATH is damaged. Keep the file for whoever can mend it, and restore a backup.',
    ])
  })

  test.skipIf(!canSeeDisk).for([
    ['full', 'The database at DATABASE_PATH is on a full disk. Make room and start again.'],
    ['broken', "The database at DATABASE_PATH can't be read or written: the disk is full or reports an error."],
  ] as const)('on a %s disk ends the start with 65, in a sentence', async ([state, sentence], context) => {
    const disk = makeWatchedDisk()
    context.onTestFinished(disk.remove)
    const settings = { DATABASE_PATH: join(disk.folder, 'verify.db') }
    const stage = await openStage(context, { withoutBot: true, settings })
    disk.becomes(state, 0)
    const bot = startBotChild(stage.settings, stage.hear, disk.around)
    expect(await bot.ended).toBe(65)
    expect(bot.lines).toEqual([expect.stringContaining(sentence)])
  })
})

/** Everything but the first page becomes nonsense. */
async function spoilPages(path: string): Promise<void> {
  const { size } = await stat(path)
  const file = await open(path, 'r+')
  await file.write(Buffer.alloc(size - 4096, 0xff), 0, size - 4096, 4096)
  await file.close()
}
