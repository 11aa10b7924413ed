import { copyFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { button, press } from '../../sandbox/as-seen.ts'
import type { Message } from '../../sandbox/slack/messages.ts'
import { openReadOnly } from '../../src/services/store/open-read-only.ts'
import { checkAudit } from '../../src/services/store/read-audit.ts'
import { backUp, backupFile, restore, startRestored } from './helpers/backups.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cards, FIRST_LOOK_MS, invitationOf } from './helpers/steps.ts'

const HOUR_MS = 60 * 60_000

const FIRST_NUMBER = 5000
const NAMES = [
  'anna',
  'bjorn',
  'cecilie',
  'david',
  'eva',
  'frode',
  'grete',
  'hans',
  'ida',
  'jon',
  'karl',
  'lise',
  'mari',
] as const
type Name = (typeof NAMES)[number]
const idOf = (name: Name) => `U0${name.toUpperCase()}`
const numberOf = (name: Name) => FIRST_NUMBER + NAMES.indexOf(name)

/** A manager, and one employee for everything that may happen around a backup. */
async function openDrill(context: Parameters<typeof openStage>[0]) {
  const stage = await openStage(context, {
    slack: {
      people: [
        { id: 'U0MARIA', name: 'maria', isAdmin: true },
        { id: 'U0PETTER', name: 'petter' },
        ...NAMES.map((name) => ({ id: idOf(name), name })),
      ],
      channels: [{ id: 'C0TEAM', name: 'team', members: ['U0PETTER', ...NAMES.map(idOf)], botIsMember: true }],
    },
    easyfreelance: { employees: NAMES.map((name) => ({ id: numberOf(name), email: `${name}@example.com`, name })) },
  })
  const ask = (name: Name, more: { from?: string; card?: 'To this channel' } = {}) =>
    askFor(stage, { employee: idOf(name), number: numberOf(name), ...more })
  const sessionOf = (name: Name) =>
    stage.easyfreelance.sessions().findLast(({ employeeId }) => employeeId === numberOf(name))?.id ?? ''
  const settle = (name: Name) => stage.easyfreelance.decide(sessionOf(name), 'approved')
  return { stage, ask, settle }
}

/** What the manager's newest card about this person says. */
function about({ slack }: Stage, name: Name): string {
  const all = slack.messages().filter(({ deleted, text }) => !deleted && /Asked by: /.test(text))
  return all.findLast(({ text }) => text.includes(idOf(name)))?.text ?? 'no card'
}

/** Every link that ever stood in a message, by the verification it was for. */
function linksOf({ slack }: Stage): Map<string, Set<string>> {
  const links = new Map<string, Set<string>>()
  const look = ({ blocks }: Pick<Message, 'blocks'>) => {
    for (const [, value = '', url = ''] of JSON.stringify(blocks).matchAll(/"value":"([^"]+)","url":"([^"]+)"/g)) {
      links.set(value, (links.get(value) ?? new Set()).add(url))
    }
  }
  for (const message of slack.messages()) for (const version of [message, ...message.edits]) look(version)
  return links
}

const standing = ({ slack }: Stage) =>
  slack.messages().filter(({ deleted, ephemeralTo }) => !deleted && ephemeralTo === undefined)

test('a backup an hour old ends everything right, with no message twice and no second link', async (context) => {
  const { stage, ask, settle } = await openDrill(context)
  const { slack, easyfreelance } = stage
  const answer = (name: Name, status: number, times: number) => {
    const when = ({ employeeId }: { employeeId: number | null }) => employeeId === numberOf(name)
    easyfreelance.fault({ route: 'start', when, times, do: { status } })
  }
  const shows = (name: Name, words: RegExp) => stage.later(() => words.test(about(stage, name)), FIRST_LOOK_MS)

  // Over before the backup.
  await ask('anna')
  await stage.later(() => invitationOf(stage, idOf('anna')))
  settle('anna')
  await shows('anna', /^Approved\./)
  // With the link: approved afterwards, still open, opened, unexpected, in a channel.
  for (const name of ['bjorn', 'cecilie', 'david', 'eva'] as const) await ask(name)
  await ask('frode', { from: 'C0TEAM', card: 'To this channel' })
  for (const name of ['bjorn', 'cecilie', 'david', 'eva', 'frode'] as const) {
    await stage.later(() => invitationOf(stage, idOf(name)))
  }
  // Slack has the link, and the bot does not know it yet.
  slack.fault({ method: 'chat.postMessage', when: ({ channel }) => channel === `D${idOf('karl')}`, do: 'lose' })
  await ask('karl')
  await slack.until(() => slack.calls.some(({ outcome }) => outcome.startsWith('done')))
  // Parked without a session: tried again afterwards.
  answer('jon', 500, 2)
  await ask('jon')
  await shows('jon', /^Please decide: no clear answer\./)
  // Not started yet: gets the link afterwards, is refused afterwards, is parked afterwards.
  await easyfreelance.down()
  for (const name of ['grete', 'hans', 'ida'] as const) {
    await ask(name)
    await shows(name, /^EasyFreelance cannot be reached\./)
  }
  await stage.quiet()

  await backUp(stage, 'drill.db')

  // An hour of further work.
  answer('hans', 404, 1)
  answer('ida', 500, 2)
  await easyfreelance.up()
  await stage.later(() => invitationOf(stage, idOf('grete')), 10 * 60_000)
  await shows('hans', /^Not started\./)
  await shows('ida', /^Please decide: no clear answer\./)
  settle('bjorn')
  await shows('bjorn', /^Approved\./)
  await press(slack.person(idOf('david')), await stage.later(() => invitationOf(stage, idOf('david'))), /^Continue/)
  await shows('david', /^Link opened\./)
  await press(slack.person(idOf('eva')), await stage.later(() => invitationOf(stage, idOf('eva'))), /^I did not/)
  await shows('eva', /did not expect this/)
  const decision = await stage.later(() =>
    standing(stage).find((message) => message.text.includes(idOf('jon')) && button(message, /^Try again/)),
  )
  await press(slack.person('U0PETTER'), decision, /^Try again/)
  await stage.later(() => invitationOf(stage, idOf('jon')))
  // New since then, so lost with the restore: one open, one over.
  await ask('lise')
  await stage.later(() => invitationOf(stage, idOf('lise')))
  await ask('mari')
  await stage.later(() => invitationOf(stage, idOf('mari')))
  settle('mari')
  await shows('mari', /^Approved\./)
  stage.advance(HOUR_MS)
  await stage.quiet()
  await stage.stopBot()

  const before = standing(stage)
  const lost = await restore(stage, 'drill.db')
  expect(lost.aside).toContain('.before-restore-')
  const callsBefore = slack.calls.length
  await startRestored(stage)
  const calls = slack.calls.slice(callsBefore).map(({ method }) => method)
  // Each of nine people's messages twice before anything is written.
  const firstWrite = calls.findIndex((method) => method.startsWith('chat.'))
  expect(calls.slice(0, firstWrite).filter((method) => method === 'conversations.history').length).toBeGreaterThan(18)

  await stage.later(() => invitationOf(stage, idOf('ida')), 30 * 60_000)
  for (let minute = 0; minute < 5; minute += 1) await stage.jump(60_000)
  for (const name of ['cecilie', 'david', 'eva', 'frode', 'karl', 'ida'] as const) settle(name)
  for (let minute = 0; minute < 45; minute += 1) await stage.jump(60_000)

  const ends = Object.fromEntries(NAMES.map((name) => [name, about(stage, name).split('.')[0]]))
  const approved = ['anna', 'bjorn', 'cecilie', 'david', 'eva', 'frode', 'ida', 'karl', 'mari']
  const gone = ['grete', 'hans', 'jon']
  for (const name of approved) expect([name, ends[name]]).toEqual([name, 'Approved'])
  for (const name of gone) expect([name, ends[name]]).toEqual([name, 'Lost after a restore'])
  expect(about(stage, 'eva')).toContain('did not expect this')
  const liseCard = slack
    .messages()
    .find(({ text, edits }) => /earlier state/.test(text) && edits.some((edit) => edit.text.includes(idOf('lise'))))
  expect(liseCard?.text).toMatch(/no longer knows this verification/)

  // Nothing twice: what came after the restore are the endings of what was still open, and one link.
  const fresh = standing(stage).filter(
    ({ channelId, ts }) => !before.some((old) => old.ts === ts && old.channelId === channelId),
  )
  const ids = standing(stage).map(({ metadata }) => String(metadata?.event_payload.id))
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  const said = fresh.map(({ channelId, text }) => `${channelId}: ${text.slice(0, 40)}`)
  expect(said.toSorted()).toEqual([
    'DU0IDA: Thank you! You have confirmed who you ar',
    'DU0PETTER: Verification of <@U0CECILIE>: Approved. ',
    'DU0PETTER: Verification of <@U0DAVID>: Approved. Ea',
    'DU0PETTER: Verification of <@U0EVA>: Approved. Easy',
    'DU0PETTER: Verification of <@U0FRODE>: Approved. Ea',
    'DU0PETTER: Verification of <@U0GRETE>: Lost after a',
    'DU0PETTER: Verification of <@U0IDA>: Approved. Easy',
    'DU0PETTER: Verification of <@U0JON>: Lost after a r',
    'DU0PETTER: Verification of <@U0KARL>: Approved. Eas',
  ])
  for (const [verification, links] of linksOf(stage)) expect([verification, links.size]).toEqual([verification, 1])
  for (const name of NAMES) expect([name, invitationOf(stage, idOf(name))]).toEqual([name, undefined])
  expect(cards(stage)).toHaveLength(11)

  await stage.stopBot()
  const db = openReadOnly(String(stage.settings.DATABASE_PATH))
  const { problems, restores } = checkAudit(db)
  db.close()
  expect(problems).toEqual([])
  expect(restores).toHaveLength(1)
})

test('a file that was put back by hand, a start that is told so and is cut off: the next one begins it again', async (context) => {
  const { stage, ask } = await openDrill(context)
  const { slack, easyfreelance, settings } = stage
  await ask('anna')
  await stage.later(() => invitationOf(stage, idOf('anna')))
  await easyfreelance.down()
  await ask('grete')
  await stage.later(() => /^EasyFreelance cannot be reached\./.test(about(stage, 'grete')))
  await stage.quiet()
  await backUp(stage, 'copy.db')
  await easyfreelance.up()
  await stage.later(() => invitationOf(stage, idOf('grete')), 10 * 60_000)
  await stage.quiet()
  await stage.stopBot()
  const before = standing(stage).length
  for (const suffix of ['-wal', '-shm']) rmSync(`${settings.DATABASE_PATH}${suffix}`, { force: true })
  copyFileSync(backupFile(stage, 'copy.db'), String(settings.DATABASE_PATH))

  const readings = () => slack.calls.filter(({ method }) => method === 'conversations.history').length
  const readBefore = readings()
  const cutOff = stage.startBot({ restored: true }).catch((error: unknown) => String(error))
  await slack.until(() => readings() >= readBefore + 3)
  await stage.stopBot()
  expect(await cutOff).toContain('AbortError')
  expect(standing(stage)).toHaveLength(before)

  await startRestored(stage)
  await stage.later(() => about(stage, 'grete').startsWith('Lost after a restore.'), 10 * 60_000)
  expect(invitationOf(stage, idOf('grete'))).toBeUndefined()
  easyfreelance.decide(
    easyfreelance.sessions().find(({ employeeId }) => employeeId === numberOf('anna'))?.id ?? '',
    'approved',
  )
  await stage.later(() => about(stage, 'anna').startsWith('Approved.'), 30 * 60_000)
  const ids = standing(stage).map(({ metadata }) => String(metadata?.event_payload.id))
  expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  for (const [verification, links] of linksOf(stage)) expect([verification, links.size]).toEqual([verification, 1])

  await stage.stopBot()
  const db = openReadOnly(String(settings.DATABASE_PATH))
  const { problems, restores } = checkAudit(db)
  db.close()
  expect({ problems, restores: restores.length }).toEqual({ problems: [], restores: 1 })
})
