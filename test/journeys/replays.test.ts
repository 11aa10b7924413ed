import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, invited, toldPrivately } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

/** Everything that is so: what is stored, what EasyFreelance was asked to start, and what stands in Slack. */
function everything({ slack, easyfreelance, settings }: Stage): unknown {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const verifications = db.prepare('select id, status, revision from verifications order by id').all()
  const messages = db.prepare('select id, channel_id, ts from messages order by id').all()
  db.close()
  const shown = slack.messages().filter(({ ephemeralTo, deleted }) => ephemeralTo === undefined && !deleted)
  const sessions = easyfreelance.sessions().map(({ id }) => id)
  const views = slack.views().map(({ id, hash }) => `${id} ${hash}`)
  return { verifications, messages, shown: shown.map(({ ts, text }) => `${ts} ${text}`), sessions, views }
}

/** A story with every button in it: two verifications, one of which needs a decision twice. */
async function story(stage: Stage): Promise<void> {
  const { slack, easyfreelance } = stage
  easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await askFor(stage)
  const first = await cardSays(stage, /^Please decide/)
  easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await press(slack.person('U0PETTER'), first, /^Try again$/)
  await slack.until(() => easyfreelance.sessions().length === 2)
  await stage.quiet()
  await press(slack.person('U0PETTER'), await cardSays(stage, /^Please decide/), /^Try again$/)
  const invitation = await invited(stage)
  await press(slack.person('U0OLA'), invitation, /^Continue/)
  await cardSays(stage, /^Link opened\./)
  await press(slack.person('U0OLA'), invitation, /^I did not expect/)
  await toldPrivately(stage, 'U0OLA', /^Thank you\./)
  easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await askFor(stage, { employee: 'U0KARI' })
  await press(slack.person('U0PETTER'), await cardSays(stage, /^Please decide/), /^Close$/)
  await cardSays(stage, /^Closed\./)
  await stage.quiet()
}

async function replayAll(stage: Stage): Promise<number> {
  const sent = stage.slack.deliveries.map(({ id }) => id)
  for (const id of sent) await stage.slack.replay(id)
  await stage.quiet()
  return sent.length
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('every delivery of a story, sent again: nothing changes, and nobody is told anything', async (context) => {
    const stage = await openStage(context, { transport })
    await story(stage)
    const before = everything(stage)
    const privately = () => stage.slack.messages().filter(({ ephemeralTo }) => ephemeralTo !== undefined).length
    const told = privately()
    const calls = stage.slack.calls.length
    expect(await replayAll(stage)).toBeGreaterThan(8)
    expect(everything(stage)).toEqual(before)
    expect(privately()).toBe(told)
    expect(stage.slack.calls.length).toBe(calls)
  })

  test('after a restart too, when nothing is remembered but the database', async (context) => {
    const stage = await openStage(context, { transport })
    // The trigger of a command or a form is good for one use; its second use is refused by Slack.
    stage.tolerate(/trigger|response_url/)
    await story(stage)
    const before = everything(stage)
    await stage.stopBot()
    await stage.startBot()
    await replayAll(stage)
    expect(everything(stage)).toEqual(before)
  })
})

test('an old [Try again] does not answer a later question', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  for (let time = 0; time < 2; time += 1) easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await askFor(stage)
  const first = await cardSays(stage, /^Please decide/)
  await press(slack.person('U0PETTER'), first, /^Try again$/)
  await slack.until(() => easyfreelance.sessions().length === 2)
  await stage.quiet()
  await slack.person('U0PETTER').press(first, 'retry_verification', { stale: true })
  await toldPrivately(stage, 'U0PETTER', /^This has been taken care of already\./)
  await stage.quiet()
  expect(easyfreelance.sessions()).toHaveLength(2)
  expect(cardOf(stage)?.text).toMatch(/^Please decide/)
})
