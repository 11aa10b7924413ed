import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { CANARY, COMPLAINTS, slackError } from './helpers/canaries.ts'
import {
  answering,
  found,
  jumpUntil,
  lookEverywhere,
  NOTE,
  openPlanted,
  plantInEasyFreelance,
  plantInSlack,
  sealedLinks,
  staff,
} from './helpers/canary-search.ts'
import { askFor, fillForm, invitationOf } from './helpers/steps.ts'

// Like canaries.test.ts, where more than an answer goes wrong; and at every level of the log.

/** In SQL, put together so that the schema does not hold it. */
const KARI = "'Kari can' || 'ary '"
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const

describe.concurrent('nothing secret stands anywhere it may not', () => {
  test('when neither answers at all, refuses our keys, or asks us to wait', async (context) => {
    const stage = await openPlanted(context, 6)
    const { slack, easyfreelance } = stage
    const [, noAnswer, refused, unsent, ...hanging] = staff(6)
    for (const [nth, misbehaviour] of (['hang', 'hang_after', 'hang_midway'] as const).entries()) {
      const number = [6000, ...hanging.map((each) => each.number)][nth]
      easyfreelance.fault({ route: 'start', when: ({ employeeId }) => employeeId === number, do: misbehaviour })
    }
    for (const misbehaviour of [answering(401, COMPLAINTS.errors ?? ''), answering(429, COMPLAINTS.message ?? '')]) {
      const when = ({ employeeId }: { employeeId: number | null }) => employeeId === refused?.number
      easyfreelance.fault({ route: 'start', when, do: misbehaviour })
    }
    const { slackId: silent } = noAnswer ?? {}
    slack.fault({ method: 'auth.test', do: { error: 'internal_error', more: slackError() } })
    slack.fault({ method: 'apps.connections.open', do: { status: 503, body: `<p>${CANARY}</p>` } })
    slack.fault({ method: 'apps.connections.open', do: { error: 'internal_error', more: slackError() } })
    slack.fault({ method: 'users.info', when: ({ user }) => user === 'U0NILS', do: 'hang' })
    slack.fault({ method: 'conversations.open', when: ({ users }) => users === silent, do: 'hang' })
    slack.fault({
      method: 'chat.postMessage',
      when: ({ channel }) => channel === `D${unsent?.slackId}`,
      do: 'doAndHang',
    })
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    await stage.startBot()
    await slack.person('U0NILS').command('/verify', `@${CANARY}.1`)
    for (const { slackId, number } of staff(6)) {
      if (number !== refused?.number) await askFor(stage, { employee: slackId, number, note: NOTE })
    }
    // These time-outs are real.
    const says = (words: RegExp) => slack.until(() => stage.log.some((line) => words.test(line)), { withinMs: 15_000 })
    await says(/"timeout".*start not done/)
    await says(/"reason":"no_answer".*"method":"conversations\.open"/)
    await askFor(stage, { employee: refused?.slackId ?? '', number: refused?.number ?? 0, note: NOTE })
    await says(/refused our credentials/)
    await lookEverywhere(stage)
  })

  test('when forged, garbled and curious requests reach the web server', async (context) => {
    const stage = await openPlanted(context, 1, { transport: 'http' })
    const { botUrl, slack } = stage
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    await stage.startBot()
    await askFor(stage, { employee: 'U0STAFF0', number: 6000, note: NOTE })
    await stage.later(() => invitationOf(stage, 'U0STAFF0'))
    const forged = new URLSearchParams({ command: '/verify', text: CANARY, user_name: CANARY, response_url: CANARY })
    const bodies = [
      forged.toString(),
      `payload={"user":"${CANARY}"`,
      `ssl_check=1&token=${CANARY}`,
      CANARY.repeat(50_000),
    ]
    for (const body of bodies) {
      for (const more of [{}, { 'x-slack-signature': `v0=${CANARY}`, 'x-slack-request-timestamp': CANARY }]) {
        const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: CANARY, ...more }
        await fetch(`${botUrl}/slack/events`, { method: 'POST', headers, body }).catch(() => {})
      }
    }
    const [session] = stage.easyfreelance.sessions()
    for (const path of ['/return', `/return/${CANARY}`, '/healthz']) {
      await fetch(`${botUrl}${path}?id=${session?.id}&t=${session?.token}&n=${CANARY}`, {
        headers: { referer: CANARY },
      })
    }
    // Truly signed, and nothing that we know.
    const sent = {
      type: 'block_actions',
      user: { id: 'U0NILS', name: CANARY },
      actions: [{ action_id: CANARY, value: CANARY }],
    }
    stage.tolerate(/^no_ack/)
    await Promise.all([
      slack.deliver('interaction', sent),
      slack.deliver('interaction', { ...sent, actions: [{ action_id: 'open_link', value: CANARY }] }),
      slack.deliver('command', { command: `/${CANARY}`, text: CANARY, user_id: 'U0NILS', user_name: CANARY }),
      slack.deliver('event', { type: CANARY, event: { type: CANARY, text: CANARY } }),
    ])
    await lookEverywhere(stage)
  })

  test('when the database breaks under a listener and under a step, and a row can’t be read', async (context) => {
    const stage = await openPlanted(context, 4)
    const { slack, settings } = stage
    plantInEasyFreelance(stage)
    plantInSlack(stage)
    await stage.startBot()
    for (const [nth, { slackId, number }] of staff(2).entries()) {
      await askFor(stage, { employee: slackId, number, note: NOTE })
      await stage.later(() => invitationOf(stage, `U0STAFF${nth}`))
    }
    const sealed = sealedLinks(stage)
    const outside = new Database(settings.DATABASE_PATH)
    // What SQLite says about it holds everything there is.
    outside.exec(`create trigger break_steps before update of status on verifications when old.session_id is not null
      begin select raise(abort, ${KARI} || old.session_id || ' ' || old.note); end;
      create trigger break_listeners before insert on verifications
      begin select raise(abort, ${KARI} || new.note); end`)
    const broken = await fillForm(stage, { employee: 'U0STAFF2', number: 6002, note: NOTE })
    expect(JSON.stringify(await broken.submit())).toMatch(/[0-9a-f]{8}/)
    await press(slack.person('U0STAFF0'), await stage.later(() => invitationOf(stage, 'U0STAFF0')), /^Continue/)
    const broke = () => stage.log.filter((line) => line.includes('listener broke')).length
    await slack.until(() => broke() === 2)
    for (const { id } of stage.easyfreelance.sessions()) stage.easyfreelance.decide(id, 'approved')
    await jumpUntil(stage, () => stage.log.some((line) => line.includes('step broke')), 60_000)
    outside.exec('drop trigger break_steps; drop trigger break_listeners')

    outside.exec('pragma ignore_check_constraints = on')
    outside.exec(`update verifications set provider = 'Kari ${CANARY}', next_at = 0 where employee_id = 'U0STAFF1'`)
    await slack.person('U0PETTER').command('/verify', 'list')
    await slack.until(() => broke() > 2)
    await jumpUntil(stage, () => stage.log.some((line) => line.includes('can not be read')), 60_000)
    outside.exec("update verifications set provider = 'bankid', next_at = 0 where employee_id = 'U0STAFF1'")
    outside.close()
    await lookEverywhere(stage, sealed)
  })
})

test.concurrent.for(LEVELS)('at level %s, which says no more than it should', async (level, context) => {
  const stage = await openPlanted(context, 2, { logLevel: level })
  const { slack, easyfreelance, settings } = stage
  easyfreelance.fault({ route: 'start', do: answering(500, COMPLAINTS.errors ?? '') })
  easyfreelance.fault({ route: 'start', do: answering(401, COMPLAINTS.html ?? '') })
  slack.fault({ method: 'views.open', do: { error: 'internal_error', more: slackError() } })
  plantInEasyFreelance(stage)
  plantInSlack(stage)
  await stage.startBot()
  await slack.person('U0PETTER').command('/verify', `@${CANARY}.0`)
  await askFor(stage, { employee: 'U0STAFF0', number: 6000, note: NOTE })
  await stage.later(() => invitationOf(stage, 'U0STAFF0'), 20 * 60_000)
  const outside = new Database(settings.DATABASE_PATH)
  outside.exec(`create trigger break_listeners before insert on verifications
    begin select raise(abort, ${KARI} || new.note); end`)
  outside.close()
  const broken = await fillForm(stage, { employee: 'U0STAFF1', number: 6001, note: NOTE })
  await broken.submit()
  const said = new Set(stage.log.map((line) => String(JSON.parse(line).level)))
  const loud = LEVELS.slice(LEVELS.indexOf(level))
  // Nothing is said at trace, and nothing here is fatal.
  const expected = loud.filter((each) => each !== 'trace' && each !== 'fatal')
  expect([...said].sort()).toEqual(expected.toSorted())
  expect(await found(stage)).toEqual([])
})
