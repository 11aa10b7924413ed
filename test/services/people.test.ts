import type { WebClient } from '@slack/web-api'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { NewPerson } from '../../sandbox/slack/world.ts'
import { readManifest } from '../../sandbox/start-sandbox.ts'
import { makePeople, type People, type PersonKind } from '../../src/services/people.ts'
import { openSlackBench, type SlackBench } from '../helpers/slack-bench.ts'

let bench: SlackBench
let people: People

beforeEach(async () => {
  bench = await openSlackBench()
  people = makePeople({ client: bench.client, teamId: bench.slack.teamId })
})
afterEach(() => bench.close())

describe('somebody of the workspace', () => {
  it.each<[PersonKind, Partial<NewPerson>]>([
    ['member', {}],
    ['deactivated', { deleted: true }],
    ['bot', { isBot: true }],
    ['guest', { isRestricted: true }],
    ['guest', { isUltraRestricted: true }],
    ['stranger', { isStranger: true }],
    ['stranger', { isStranger: true, isAdmin: true, isRestricted: true }],
    ['invited', { isInvitedUser: true }],
    ['deactivated', { deleted: true, isBot: true, isAdmin: true }],
  ])('is a %s: %j', async (kind, news) => {
    bench.slack.addPerson({ id: 'U0SOME', name: 'some', ...news })
    expect(await people.look('U0SOME')).toEqual({ userId: 'U0SOME', kind, isAdmin: news.isAdmin === true })
  })

  it.each<[string, Partial<NewPerson>]>([
    ['an admin', { isAdmin: true }],
    ['an owner', { isOwner: true }],
  ])('counts as an admin: %s', async (_what, news) => {
    bench.slack.addPerson({ id: 'U0SOME', name: 'some', ...news })
    expect(await people.look('U0SOME')).toMatchObject({ kind: 'member', isAdmin: true })
  })

  it('is Slackbot by its id', async () => {
    expect(await people.look('USLACKBOT')).toMatchObject({ kind: 'slackbot' })
  })
})

describe('when Slack', () => {
  it('knows nobody of that id, that is said', async () => {
    expect(await people.look('U0NOBODY')).toBe('unknown')
  })

  it.each([
    { error: 'missing_scope' },
    { error: 'internal_error' },
    { ratelimit: 3 },
    { status: 500 },
    'lose',
    'garbage',
  ] as const)('doesn’t say who it is, nothing is assumed: %j', async (action) => {
    bench.slack.addPerson({ id: 'U0SOME', name: 'some', isAdmin: true })
    bench.slack.fault({ method: 'users.info', do: action })
    expect(await people.look('U0SOME')).toBe('no_answer')
  })

  it('says yes and nothing else, nothing is assumed', async () => {
    bench.slack.fault({ method: 'users.info', do: { status: 200, body: '{"ok":true}' } })
    expect(await people.look('U0SOME')).toBe('no_answer')
  })

  it.each<[string, object, PersonKind]>([
    ['leaves out the team', { id: 'U0SOME' }, 'stranger'],
    ['names another team', { id: 'U0SOME', team_id: 'T0OTHER' }, 'stranger'],
    [
      'names our team among an organisation’s',
      { team_id: 'T0OTHER', enterprise_user: { teams: ['T0SANDBOX'] } },
      'member',
    ],
    [
      'names an organisation without our team',
      { team_id: 'T0SANDBOX', enterprise_user: { teams: ['T9'] } },
      'stranger',
    ],
    ['calls nobody an admin', { team_id: 'T0SANDBOX', is_admin: 'yes' }, 'member'],
  ])('%s', async (_what, user, kind) => {
    const body = JSON.stringify({ ok: true, user })
    bench.slack.fault({ method: 'users.info', do: { status: 200, body } })
    expect(await people.look('U0SOME')).toEqual({ userId: 'U0SOME', kind, isAdmin: false })
  })
})

describe('an e-mail address', () => {
  const add = (news: Partial<NewPerson>) =>
    bench.slack.addPerson({ id: 'U0SOME', name: 'some', email: 'some@example.com', ...news })

  it('is read when Slack has confirmed it', async () => {
    add({})
    expect(await people.email('U0SOME')).toBe('some@example.com')
  })

  it.each<[string, Partial<NewPerson>]>([
    ['it is not confirmed', { isEmailConfirmed: false }],
    ['there is none', { email: '' }],
  ])('is none when %s', async (_what, news) => {
    add(news)
    expect(await people.email('U0SOME')).toBeNull()
  })

  it('is none when Slack knows nobody of that id, or does not say', async () => {
    expect(await people.email('U0NOBODY')).toBeNull()
    add({})
    bench.slack.fault({ method: 'users.info', do: 'lose' })
    expect(await people.email('U0SOME')).toBeNull()
  })

  it('is none without the scope, and nothing else changes', async () => {
    const changed = { ...readManifest(), oauth_config: { scopes: { bot: ['users:read'] } } }
    const without = await openSlackBench({ changed })
    without.slack.addPerson({ id: 'U0SOME', name: 'some', email: 'some@example.com' })
    const ask = makePeople({ client: without.client, teamId: without.slack.teamId })
    expect(await ask.email('U0SOME')).toBeNull()
    expect(await ask.look('U0SOME')).toMatchObject({ kind: 'member' })
    await without.close()
  })

  it('is asked for together with who they are', async () => {
    add({})
    await Promise.all([people.email('U0SOME'), people.look('U0SOME'), people.email('U0SOME')])
    expect(bench.calls('users.info')).toBe(1)
  })
})

it('asks live, every time', async () => {
  const ask = makePeople({ client: bench.client satisfies WebClient, teamId: bench.slack.teamId })
  bench.slack.addPerson({ id: 'U0SOME', name: 'some' })
  expect(await ask.look('U0SOME')).toMatchObject({ kind: 'member' })
  bench.slack.updatePerson('U0SOME', { deleted: true })
  expect(await ask.look('U0SOME')).toMatchObject({ kind: 'deactivated' })
})
