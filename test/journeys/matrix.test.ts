import { EventEmitter, once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setImmediate as turn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import type { JsonObject } from '../../sandbox/slack/json.ts'
import { EMPLOYEES, PEOPLE } from './helpers/cast.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { fillForm } from './helpers/steps.ts'

/** Who somebody is to Slack. Whoever is no full member is given every power there is, and must be refused nevertheless. */
const KINDS = {
  guest: { isRestricted: true },
  single: { isRestricted: true, isUltraRestricted: true },
  bot: { isBot: true },
  deactivated: { deleted: true },
  stranger: { isStranger: true },
  invited: { isInvitedUser: true },
} as const
const kinds = Object.entries(KINDS)
const idOf = (kind: string) => `U0X${kind.toUpperCase()}`

/** Everybody who may do something, or try to; `powers` is what the settings and Slack say for them. */
const ACTORS: [id: string, may: boolean][] = [
  ['U0ADMIN', true],
  ['U0LISTED', true],
  ['U0GROUPED', true],
  ['U0NONE', false],
  ['U0UNANSWERED', false],
  ['U0NOBODY', false],
  ['USLACKBOT', false],
  ['U0SANDBOXBOT', false],
  ...kinds.map(([kind]): [string, boolean] => [idOf(kind), false]),
]
const NO_TARGETS = ['U0NOBODY', 'USLACKBOT', 'U0SANDBOXBOT', 'U0UNANSWERED', ...kinds.map(([kind]) => idOf(kind))]
const employeeOf = (nth: number) => `U0E${nth}`
const POWERFUL = [...kinds.map(([kind]) => idOf(kind)), 'U0UNANSWERED', 'U0NOBODY', 'USLACKBOT', 'U0SANDBOXBOT']

const COMMANDS = ['', '<@U0OLA>', 'list', 'status <@U0OLA>', 'history <@U0OLA>', 'link <@U0OLA> 77', 'help', 'nonsense']

type Context = Parameters<typeof openStage>[0]

async function openMatrix(context: Context) {
  const told = new EventEmitter()
  const answers = createServer((request, response) => {
    void text(request).then((body) => {
      response.end('ok')
      told.emit('told', body)
    })
  }).listen(0, '127.0.0.1')
  await once(answers, 'listening')
  context.onTestFinished(async () => {
    answers.closeAllConnections()
    answers.close()
  })
  const special = kinds.map(([kind, facts]) => ({ id: idOf(kind), name: kind, isAdmin: true, ...facts }))
  const stage = await openStage(context, {
    managers: ['admins', 'U0LISTED', 'U0PETTER', 'S0HR', ...POWERFUL].join(),
    easyfreelance: {
      employees: [
        ...EMPLOYEES,
        ...Array.from({ length: 300 }, (_, nth) => ({ id: 10_000 + nth, email: `e${nth}@x.no`, name: `E ${nth}` })),
      ],
    },
    settings: { LIMIT_PER_EMPLOYEE_DAY: '0', LIMIT_PER_MANAGER_HOUR: '0', LIMIT_PER_HOUR: '0' },
    slack: {
      limitScale: 1000,
      usergroups: { S0HR: ['U0GROUPED', ...POWERFUL] },
      people: [
        ...PEOPLE,
        { id: 'U0ADMIN', name: 'admin', isAdmin: true },
        ...['LISTED', 'GROUPED', 'NONE', 'UNANSWERED'].map((name) => ({ id: `U0${name}`, name: name.toLowerCase() })),
        ...special,
        ...Array.from({ length: 60 }, (_, nth) => ({ id: employeeOf(nth), name: `e${nth}` })),
      ],
    },
  })
  // Whether this is a member is never answered.
  stage.slack.fault({
    method: 'users.info',
    when: ({ user }) => user === 'U0UNANSWERED',
    times: 100_000,
    do: { error: 'internal_error' },
  })
  const { port } = answers.address() as AddressInfo
  return { stage, told, responseUrl: `http://127.0.0.1:${port}/` }
}

type Row = {
  id: string
  employee_id: string
  status: string
  parks: number
  revision: number
  opened_at: number | null
}

function rows({ settings }: Stage): Row[] {
  const db = new Database(settings.DATABASE_PATH, { readonly: true })
  const all = db.prepare('select * from verifications order by created_at, id').all() as Row[]
  db.close()
  return all
}

/** The form as Petter filled it in, for sending as anybody about anybody. */
async function formOf(stage: Stage): Promise<JsonObject> {
  const petter = await fillForm(stage, { employee: 'U0KARI' })
  stage.slack.fault({ method: 'users.info', do: 'loseBefore' })
  await petter.submit()
  return stage.slack.deliveries.findLast(({ kind }) => kind === 'interaction')?.payload ?? {}
}

let sent = 0
async function submit(stage: Stage, form: JsonObject, by: string, about: string): Promise<string> {
  sent += 1
  const text = JSON.stringify(form)
    .replaceAll('U0KARI', about)
    .replaceAll('4712', String(10_000 + sent))
  const payload = JSON.parse(text) as { view: JsonObject; user: JsonObject }
  const view = { ...payload.view, id: `V0MATRIX${sent}` }
  const ack = await stage.slack.deliver('interaction', {
    ...payload,
    user: { ...payload.user, id: by },
    view,
    trigger_id: `t.${sent}`,
  })
  return JSON.stringify(ack.outcome === 'acked' ? ack.body : ack)
}

async function press(stage: Stage, by: string, action: string, value: string, responseUrl: string): Promise<void> {
  sent += 1
  const { slack } = stage
  await slack.deliver('interaction', {
    type: 'block_actions',
    team: { id: slack.teamId, domain: 'sandbox' },
    user: { id: by, name: by, team_id: slack.teamId },
    api_app_id: slack.appId,
    container: { type: 'message', message_ts: '1.1', channel_id: 'C0GENERAL' },
    trigger_id: `t.${sent}`,
    response_url: responseUrl,
    actions: [{ type: 'button', action_id: action, block_id: 'b', value }],
  })
}

test('every actor × every command: only those who may get the form or an answer', async (context) => {
  const { stage, told, responseUrl } = await openMatrix(context)
  const { slack } = stage
  const calls = () => slack.calls.filter(({ method }) => method === 'views.open').length
  // The trigger is made up: whoever may is told that the form could not be opened.
  stage.tolerate(/trigger/)
  for (const [by, may] of ACTORS) {
    for (const typed of COMMANDS) {
      sent += 1
      const before = calls()
      const answer = once(told, 'told')
      await slack.deliver('command', {
        team_id: slack.teamId,
        channel_id: 'C0GENERAL',
        user_id: by,
        command: '/verify',
        text: typed,
        trigger_id: `t.${sent}`,
        response_url: responseUrl,
      })
      const refused = /You may not verify employees|did not tell us in time whether/.test(String(await answer))
      expect([by, typed, refused]).toEqual([by, typed, !may])
      if (refused) expect([by, typed, calls()]).toEqual([by, typed, before])
    }
  }
  expect(rows(stage)).toEqual([])
})

test('every actor × every target, sent: only members who may, about other members', async (context) => {
  const { stage } = await openMatrix(context)
  const form = await formOf(stage)
  let expected = 0
  for (const [nth, [by, may]] of ACTORS.entries()) {
    for (const about of [employeeOf(nth), by, ...NO_TARGETS]) {
      const good = may && about === employeeOf(nth)
      const answer = await submit(stage, form, by, about)
      if (good) expected += 1
      expect([by, about, answer.includes('Accepted')]).toEqual([by, about, good])
      expect([by, about, rows(stage).length]).toEqual([by, about, expected])
    }
  }
  expect(expected).toBe(3)
  await stage.quiet()
})

test('every actor × every target, before the form says who has the number: EasyFreelance is asked only by members who may, about other members', async (context) => {
  const { stage } = await openMatrix(context)
  const form = await formOf(stage)
  const view = form.view as { blocks: { block_id: string }[] }
  view.blocks = view.blocks.filter(({ block_id }) => !block_id.startsWith('confirmation-'))
  const calls = () => stage.easyfreelance.calls.length
  for (const [nth, [by, may]] of ACTORS.entries()) {
    for (const about of [employeeOf(nth), by, ...NO_TARGETS]) {
      const good = may && about === employeeOf(nth)
      const before = calls()
      const answer = await submit(stage, form, by, about)
      expect([by, about, answer.includes('Asking EasyFreelance')]).toEqual([by, about, good])
      if (good) await stage.easyfreelance.until(() => calls() === before + 1)
    }
  }
  expect(stage.easyfreelance.calls.map(({ method, path }) => `${method} ${path}`)).toHaveLength(1 + 3)
  expect(rows(stage)).toEqual([])
})

/** So many verifications asked for by Petter, once each is in this state. */
async function askedFor(stage: Stage, count: number, status: 'parked' | 'waiting'): Promise<Row[]> {
  const form = await formOf(stage)
  sent = 0
  if (status === 'parked') stage.easyfreelance.fault({ route: 'start', times: count, do: { link: 'other_origin' } })
  for (let nth = 0; nth < count; nth += 1) {
    expect(await submit(stage, form, 'U0PETTER', employeeOf(nth))).toContain('Accepted')
  }
  const there = () => rows(stage).filter((row) => row.status === status)
  while (there().length < count) await turn()
  await stage.quiet()
  return there()
}

const same = (one: Row | undefined, other: Row | undefined) => one?.revision === other?.revision

test('every actor × [Try again] and [Close]: only the manager who asked, and admins', async (context) => {
  const { stage, told, responseUrl } = await openMatrix(context)
  // Nobody but the asker, for being listed or in a group gives no hand in what somebody else asked for.
  const actors: [string, boolean][] = ACTORS.map(([by]) => [by, by === 'U0ADMIN'])
  const all: [string, boolean][] = [...actors, ['U0PETTER', true], ['U0MARIA', true], ['U0KARI', false]]
  const parked = await askedFor(stage, all.length * 2, 'parked')
  for (const [nth, [by, may]] of all.entries()) {
    for (const [offset, action] of ['retry_verification', 'close_verification'].entries()) {
      const row = parked[nth * 2 + offset]
      const answer = once(told, 'told')
      await press(stage, by, action, `${row?.id}:${row?.parks}`, responseUrl)
      await answer
      const after = rows(stage).find(({ id }) => id === row?.id)
      expect([by, action, !same(row, after)]).toEqual([by, action, may])
    }
  }
})

test('nobody decides about their own verification, whatever they are', async (context) => {
  const { stage, told, responseUrl } = await openMatrix(context)
  const [row] = await askedFor(stage, 1, 'parked')
  stage.slack.updatePerson(employeeOf(0), { isAdmin: true })
  for (const action of ['retry_verification', 'close_verification']) {
    const answer = once(told, 'told')
    await press(stage, employeeOf(0), action, `${row?.id}:${row?.parks}`, responseUrl)
    expect(String(await answer)).toContain('Only <@U0PETTER>')
    expect(same(row, rows(stage)[0])).toBe(true)
  }
})

test('every kind of employee × [Try again]: only somebody who is still a member', async (context) => {
  const { stage, told, responseUrl } = await openMatrix(context)
  const all = [...kinds, ['member', {}] as const]
  const parked = await askedFor(stage, all.length, 'parked')
  for (const [nth, [kind, facts]] of all.entries()) {
    const row = parked[nth]
    stage.slack.updatePerson(row?.employee_id ?? '', facts)
    const answer = once(told, 'told')
    await press(stage, 'U0PETTER', 'retry_verification', `${row?.id}:${row?.parks}`, responseUrl)
    await answer
    const after = rows(stage).find(({ id }) => id === row?.id)
    expect([kind, same(row, after)]).toEqual([kind, kind !== 'member'])
  }
})

test('every actor × the employee’s own buttons: only the employee, and only while they are a member', async (context) => {
  const { stage, told, responseUrl } = await openMatrix(context)
  const waiting = await askedFor(stage, kinds.length + 2, 'waiting')
  const [first, second] = waiting
  const others = [...ACTORS.map(([by]) => by), 'U0PETTER', 'U0MARIA', second?.employee_id ?? '']
  async function changes(row: Row | undefined, by: string): Promise<string[]> {
    const done: string[] = []
    for (const action of ['open_link', 'not_expected']) {
      const before = rows(stage).find(({ id }) => id === row?.id)
      const answer = action === 'open_link' ? null : once(told, 'told')
      const asked = stage.slack.calls.length
      await press(stage, by, action, row?.id ?? '', responseUrl)
      await answer
      if (action === 'open_link' && by === row?.employee_id) {
        while (stage.slack.calls.length === asked) await turn()
      }
      await stage.quiet()
      if (
        !same(
          before,
          rows(stage).find(({ id }) => id === row?.id),
        )
      )
        done.push(action)
    }
    return done
  }
  for (const by of others) expect([by, await changes(first, by)]).toEqual([by, []])
  for (const [nth, [kind, facts]] of kinds.entries()) {
    const row = waiting[nth + 2]
    stage.slack.updatePerson(row?.employee_id ?? '', facts)
    expect([kind, await changes(row, row?.employee_id ?? '')]).toEqual([kind, []])
  }
  await press(stage, first?.employee_id ?? '', 'open_link', first?.id ?? '', responseUrl)
  const now = () => rows(stage).find(({ id }) => id === first?.id)
  while (now()?.opened_at === null) await turn()
  expect(await changes(now(), first?.employee_id ?? '')).toContain('not_expected')
})

test('whoever leaves the group is refused within a minute; whoever is no admin any more, at once', async (context) => {
  const { stage } = await openMatrix(context)
  const form = await formOf(stage)
  expect(await submit(stage, form, 'U0GROUPED', employeeOf(0))).toContain('Accepted')
  stage.slack.setUsergroup('S0HR', [])
  stage.advance(60_000)
  expect(await submit(stage, form, 'U0GROUPED', employeeOf(1))).toContain('You may not verify employees')
  stage.slack.updatePerson('U0ADMIN', { isAdmin: false })
  expect(await submit(stage, form, 'U0ADMIN', employeeOf(1))).toContain('You may not verify employees')
  stage.slack.setUsergroup('S0HR', ['U0GROUPED'])
  stage.advance(60_000)
  stage.slack.fault({ method: 'usergroups.users.list', do: { error: 'plan_upgrade_required' } })
  expect(await submit(stage, form, 'U0GROUPED', employeeOf(1))).toContain('You may not verify employees')
  stage.advance(60_000)
  stage.slack.fault({ method: 'usergroups.users.list', do: 'loseBefore' })
  expect(await submit(stage, form, 'U0GROUPED', employeeOf(1))).toContain('Slack did not answer in time')
  expect(rows(stage)).toHaveLength(1)
  expect(stage.log.join('')).toContain('"reason":"plan_upgrade_required"')
})
