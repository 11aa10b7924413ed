import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseDocument } from 'yaml'
import * as z from 'zod'
import { help } from '../src/views/usage.ts'
import { scopesFor } from './helpers/slack-scopes.ts'
import { slackUsage } from './helpers/slack-usage.ts'

const text = readFileSync('manifest.yml', 'utf8')

/** The shape and limits of docs.slack.dev/reference/app-manifest; strict, for Slack refuses what it doesn't know. */
const https = z.url({ protocol: /^https$/ })
const MANIFEST = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal([1, 2]), minor_version: z.int() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    long_description: z.string().min(175).max(4000),
    background_color: z.string().regex(/^#(?:[0-9A-Fa-f]{3}){1,2}$/),
  }),
  features: z.strictObject({
    bot_user: z.strictObject({
      display_name: z.string().regex(/^[a-z0-9._-]{1,80}$/),
      always_online: z.boolean(),
    }),
    app_home: z.strictObject({
      home_tab_enabled: z.boolean(),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    shortcuts: z
      .array(z.looseObject({ callback_id: z.string().max(255) }))
      .max(10)
      .default([]),
    slash_commands: z
      .array(
        z.strictObject({
          // Neither capitals nor underscores are taken.
          command: z.string().regex(/^\/[a-z0-9-]{1,31}$/),
          url: https.optional(),
          description: z.string().min(1).max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string()).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({ bot_events: z.array(z.string()).max(100) }).default({ bot_events: [] }),
    interactivity: z.strictObject({ is_enabled: z.boolean(), request_url: https.optional() }),
    socket_mode_enabled: z.boolean(),
    org_deploy_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
})

const manifest = MANIFEST.parse(parseDocument(text, { strict: true, uniqueKeys: true }).toJS())
const { features, settings } = manifest
const scopes = manifest.oauth_config.scopes.bot

const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join('src', file), 'utf8'))
  .join('\n')
const usage = slackUsage(source)

describe('what src uses is in the manifest, and nothing more', () => {
  test('the scan finds what the bot surely does', () => {
    expect(usage.methods).toEqual(
      expect.arrayContaining(['chat.postMessage', 'chat.update', 'users.info', 'views.open']),
    )
    expect(usage.commands).toEqual(['/verify'])
    expect(usage.unclear).toEqual([])
  })

  test('scopes', () => expect(scopes.toSorted()).toEqual(scopesFor(usage)))

  test('commands', () =>
    expect(features.slash_commands.map(({ command }) => command).toSorted()).toEqual(usage.commands))

  test('events', () => expect(settings.event_subscriptions.bot_events.toSorted()).toEqual(usage.events))

  test('shortcuts', () =>
    expect(features.shortcuts.map(({ callback_id }) => callback_id).toSorted()).toEqual(usage.shortcuts))

  test('interactivity, for there is a form and there are buttons', () => {
    expect(settings.interactivity.is_enabled).toBe(/\.(?:action|view|options|shortcut)(?:<[^(]*>)?\(/.test(source))
  })

  test('the Home tab, which would be empty', () => {
    expect(features.app_home.home_tab_enabled).toBe(usage.methods.includes('views.publish'))
  })
})

describe('the manifest', () => {
  test('turns Socket Mode on, in which Slack takes no addresses', () => {
    expect(settings.socket_mode_enabled).toBe(true)
    expect(settings.interactivity.request_url).toBeUndefined()
    for (const { url } of features.slash_commands) expect(url).toBeUndefined()
  })

  test('has mentions sent as ids', () => {
    for (const { should_escape } of features.slash_commands) expect(should_escape).toBe(true)
  })

  test('hints at every word that can be typed after the command', () => {
    const words = [...JSON.stringify(help()).matchAll(/`(?:\/verify )?([a-z]+)(?: @employee| 4711)*`/g)].map(
      ([, word]) => word,
    )
    expect(new Set(words)).toEqual(new Set(['status', 'history', 'unlink', 'list', 'help', 'link']))
    for (const { usage_hint: hint } of features.slash_commands)
      for (const word of words) expect(hint).toMatch(`${word}`)
  })

  test('opens direct messages for reading, and nothing that the bot doesn’t do', () => {
    expect(features.app_home).toMatchObject({ messages_tab_enabled: true, messages_tab_read_only_enabled: true })
    expect(features.bot_user.always_online).toBe(false)
    expect(settings).toMatchObject({ org_deploy_enabled: false, token_rotation_enabled: false })
  })

  test('gives a reason above every scope', () => {
    for (const scope of scopes) expect(text, scope).toMatch(new RegExp(`^ +# [^\\n]+\\n +- ${scope}$`, 'm'))
  })
})

describe('the scan', () => {
  const scopesOf = (code: string) => scopesFor(slackUsage(code))

  test.each([
    ['await client.users.lookupByEmail({ email })', ['users:read.email']],
    ['const { users } = client; users.lookupByEmail({ email })', ['users:read.email']],
    ["client.apiCall('users.lookupByEmail', {})", ['users:read.email']],
    ['const to = user.profile?.email', ['users:read.email']],
    ['if (user.is_email_confirmed !== true) return', ['users:read.email']],
    ['const { email } = employee; found.email', []],
    ['const post = deps.slack.client.chat.postMessage', ['chat:write']],
    ['this.client?.conversations?.open({ users })', ['im:write']],
    ['client.chat\n  .postMessage({})', ['chat:write']],
    ["const C = '/verify'\napp.command(C, listener)", ['commands']],
    ["app.event('app_home_opened', greet)", []],
    ['app.message(answer)', ['im:history']],
    ['// client.users.lookupByEmail\n/* chat.update */ const url = "https://a" // chat.update', []],
    ['client.views.open({}); list.views.map(f); settings.users.filter(f)', []],
  ])('%s needs %j', (code, needed) => expect(scopesOf(code)).toEqual(needed))

  test('finds a command, an event and a shortcut', () => {
    const found = slackUsage(
      "export const GO = '/go'\napp.command(GO, a)\n app.event(\n  'tokens_revoked',\n b)\napp.shortcut('ask', c)",
    )
    expect(found).toMatchObject({ commands: ['/go'], events: ['tokens_revoked'], shortcuts: ['ask'], unclear: [] })
  })

  test('says so where it can’t follow', () => {
    expect(slackUsage('app.command(pick(), listener)').unclear).toEqual(['command(pick())'])
  })

  test.each(['client.conversations.list()', "app.event('channel_created', f)"])('knows no scope for %s', (code) => {
    expect(() => scopesOf(code)).toThrow('no scope is listed')
  })
})
