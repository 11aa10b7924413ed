import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { checkAudit } from '../../src/services/store/read-audit.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cardSays, fillForm, formText, held, invited, isAccepted, toldPrivately } from './helpers/steps.ts'

/** What is on record, as "actor action subject result reason", without what was there before. */
function onRecord(stage: Stage, from = 0): string[] {
  const db = new Database(stage.settings.DATABASE_PATH, { readonly: true })
  const rows = db
    .prepare<[number], Record<string, string | null>>('select * from audit where seq > ? order by seq')
    .all(from)
  expect(checkAudit(db).problems).toEqual([])
  db.close()
  return rows.map(({ actor_id, action, subject_id, result, reason }) =>
    [actor_id ?? '–', action, subject_id ?? '–', result, ...(reason === null ? [] : [reason])].join(' '),
  )
}

test('a whole verification and its refusals are on record, and /verify history tells them', async (context) => {
  const stage = await openStage(context)
  await stage.slack.person('U0NILS').command('/verify', '@ola')
  await toldPrivately(stage, 'U0NILS', /^You may not verify/)
  const yourself = await fillForm(stage, { employee: 'U0PETTER', number: 4711 })
  await yourself.submit()
  await yourself.close()
  await askFor(stage)
  await invited(stage)
  await stage.quiet()
  const again = await fillForm(stage, { by: 'U0MARIA' })
  await again.submit()
  expect(onRecord(stage)).toEqual([
    'U0NILS command U0OLA refused not_permitted',
    'U0PETTER request U0PETTER refused target_yourself',
    'U0PETTER look U0OLA done',
    'U0PETTER request U0OLA done',
    'U0MARIA request U0OLA refused already_open',
  ])
  await stage.slack.person('U0MARIA').command('/verify', 'history @ola')
  const { text } = await toldPrivately(stage, 'U0MARIA', /^\*On record about <@U0OLA>: the latest 3, newest first\*/)
  expect(text).toContain('<@U0MARIA> asked for a verification – refused: one was open already')
  expect(text).toContain('<@U0PETTER> asked for a verification\n')
  expect(text).toContain('<@U0NILS> typed `/verify` – refused: not permitted')
  // What was looked up is on record, and says nothing about her.
  expect(onRecord(stage, 5)).toEqual(['U0MARIA history U0OLA done'])
  await stage.slack.person('U0NILS').command('/verify', 'history @ola')
  await stage.slack.until(() => onRecord(stage, 6).length > 0)
  expect(onRecord(stage, 6)).toEqual(['U0NILS history U0OLA refused not_permitted'])
})

test('a manager removed before Send, and a Slack that does not answer, are on record', async (context) => {
  const stage = await openStage(context)
  const petter = await fillForm(stage)
  stage.slack.fault({ method: 'users.info', when: ({ user }) => user === 'U0PETTER', do: { error: 'internal_error' } })
  await petter.submit()
  stage.slack.fault({ method: 'users.info', when: ({ user }) => user === 'U0OLA', do: { error: 'internal_error' } })
  await petter.submit()
  stage.slack.updatePerson('U0PETTER', { isRestricted: true })
  await petter.submit()
  expect(onRecord(stage)).toEqual([
    'U0PETTER look U0OLA done',
    'U0PETTER request U0OLA unsure slack_did_not_answer',
    'U0PETTER request U0OLA unsure slack_did_not_answer',
    'U0PETTER request U0OLA refused not_permitted',
  ])
})

test('decisions, and buttons that are somebody else’s, are on record', async (context) => {
  const stage = await openStage(context)
  stage.easyfreelance.fault({ route: 'start', do: { link: 'other_origin' } })
  await askFor(stage, { from: 'C0GENERAL', card: 'To this channel' })
  const card = await stage.slack.until(() =>
    stage.slack.messages('C0GENERAL').find(({ text }) => text.startsWith('Please decide: unsafe link.')),
  )
  await stage.quiet()
  await press(stage.slack.person('U0NILS'), card, /^Close$/)
  await toldPrivately(stage, 'U0NILS', /^Only <@U0PETTER>/)
  await press(stage.slack.person('U0MARIA'), card, /^Close$/)
  await toldPrivately(stage, 'U0MARIA', /is closed\.$/)
  expect(onRecord(stage)).toEqual([
    'U0PETTER look U0OLA done',
    'U0PETTER request U0OLA done',
    '– parked U0OLA done unsafe_link',
    'U0NILS close U0OLA refused not_permitted',
    'U0MARIA close U0OLA done',
  ])
})

test('a limit is refused politely, loses nothing that was typed, and ends when it says', async (context) => {
  const stage = await openStage(context, { settings: { LIMIT_PER_MANAGER_HOUR: '1' } })
  await askFor(stage, { employee: 'U0KARI' })
  await invited(stage, 'U0KARI')
  await stage.quiet()
  const petter = await fillForm(stage, { note: 'Please do' })
  const refused = await petter.submit()
  expect(isAccepted(refused)).toBe(false)
  expect(formText(petter)).toMatch(
    /\*You asked for as many verifications as this app allows in an hour\.\* It will work again <!date\^\d+\^/,
  )
  expect([/^Employee/, /employee id/, /^Note/].map((field) => held(petter, field))).toEqual([
    'U0OLA',
    '4711',
    'Please do',
  ])
  expect(stage.easyfreelance.sessions()).toHaveLength(1)
  expect(onRecord(stage).at(-1)).toBe('U0PETTER request U0OLA refused limit_manager')
  await stage.jump(61 * 60_000)
  expect(isAccepted(await petter.submit())).toBe(true)
  await invited(stage)
  await cardSays(stage, /^Waiting/)
})
