import { join } from 'node:path'
import { expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { startBotChild } from './helpers/bot-child.ts'
import { canSeeDisk, makeWatchedDisk } from './helpers/disk.ts'
import { openStage } from './helpers/stage.ts'
import { askFor, cardSays, invited, noticeSays, toldPrivately } from './helpers/steps.ts'

const BOUNDARIES = new URL('../../dist-sandbox/trials/boundaries.js', import.meta.url).href

/** What a verification and a link commit from first to last. */
const COMMITS = [
  'request',
  'claim of verifications',
  'intent to start',
  'end of a verification step',
  'claim of messages',
  'intent to send',
  'end of a message step',
  'note of what a person did',
  'end of a poll without news',
  'insert employees',
]

test.skipIf(!canSeeDisk)('committed means on disk: no commit ends before the log is written out', async (context) => {
  const disk = makeWatchedDisk()
  context.onTestFinished(disk.remove)
  const databasePath = join(disk.folder, 'verify.db')
  const stage = await openStage(context, { withoutBot: true, settings: { DATABASE_PATH: databasePath } })
  const { slack, easyfreelance } = stage
  const bot = startBotChild(stage.settings, stage.hear, { ...disk.around, preload: [BOUNDARIES] })
  context.onTestFinished(async () => void (await bot.signal('SIGKILL')))
  await bot.ready

  await askFor(stage)
  await press(slack.person('U0OLA'), await invited(stage), /^Continue/)
  await cardSays(stage, /^Link opened\./)
  await easyfreelance.until(() => easyfreelance.calls.some(({ route }) => route === 'poll'))
  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
  await fetch(`${stage.botUrl}/return?session=${easyfreelance.sessions()[0]?.id}`)
  await noticeSays(stage, /^Verification of <@U0OLA>: Approved\./)
  await slack.person('U0PETTER').command('/verify', 'link @kari 4712')
  await toldPrivately(stage, 'U0PETTER', /4712/)
  expect(await bot.signal('SIGTERM')).toBe(0)

  const committed: string[] = []
  const unsafe: string[] = []
  let synced = 0
  for (const line of disk.trace()) {
    if (line.startsWith('before commit of ')) synced = 0
    else if (line === `sync ${databasePath}-wal`) synced += 1
    else if (line.startsWith('after commit of ')) {
      const name = line.slice('after commit of '.length)
      committed.push(name)
      if (synced === 0) unsafe.push(name)
    }
  }
  expect(unsafe).toEqual([])
  expect([...new Set(committed)]).toEqual(expect.arrayContaining(COMMITS))
})
