import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import { describe, expect, test } from 'vitest'
import { startBotChild } from '../journeys/helpers/bot-child.ts'
import { openStage } from '../journeys/helpers/stage.ts'

/** Whatever supervises the bot learns by its exit code whether starting it again can help. */
describe.concurrent('the process', () => {
  test('a second one on the same database ends at once with 75, and the first goes on', async (context) => {
    const stage = await openStage(context)
    const second = startBotChild({ ...stage.settings, PORT: '0' })
    expect(await second.ended).toBe(75)
    expect(second.lines.join('\n')).toMatch(
      /^Another process is using the database .*\. Stop that one first, or give this one another database with DATABASE_PATH\.$/,
    )
    expect((await fetch(`${stage.botUrl}/readyz`)).status).toBe(200)
  })

  test('a database of a newer build is left alone, with 65', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const first = startBotChild(stage.settings, stage.hear)
    await first.ready
    await first.signal('SIGTERM')
    const db = new Database(stage.settings.DATABASE_PATH)
    const version = Number(db.pragma('user_version', { simple: true }))
    db.pragma(`user_version = ${version + 1}`)
    db.close()
    const bot = startBotChild(stage.settings)
    expect(await bot.ended).toBe(65)
    expect(bot.lines).toEqual([
      `The database has schema version ${version + 1}, this build knows ${version}. It was used by a newer build: start that one, or restore a backup made before the upgrade.`,
    ])
  })

  test('bad settings are named all at once, without a value, with 78', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const { SLACK_APP_TOKEN: _, ...settings } = stage.settings
    const bad = {
      SLACK_BOT_TOKEN: 'xoxp-secret-value-1',
      EASYFREELANCE_API_URL: 'http://example.com/secret-value-2',
      EASYFREELANCE_REQUESTS_PER_MINUTE: 'secret-value-3',
      VERIFY_MANAGERS: 'secret-value-4',
      PORT: '70000',
      EASYFREELANCE_TOKEN: '',
    }
    const bot = startBotChild({ ...settings, ...bad })
    expect(await bot.ended).toBe(78)
    const said = bot.lines.join('\n')
    for (const name of [...Object.keys(bad), 'SLACK_APP_TOKEN']) expect(said).toMatch(new RegExp(`^- ${name} `, 'm'))
    expect(said).not.toMatch(/secret-value|70000/)
  })

  test.for([
    ['SLACK_BOT_TOKEN', 'xoxb-wrong', /^Slack refuses SLACK_BOT_TOKEN \(invalid_auth\)\. Install the app/],
    ['SLACK_APP_TOKEN', 'xapp-wrong', /^Slack refuses SLACK_APP_TOKEN \(invalid_auth\)\. Make a new app-level token/],
  ] as const)('a %s that Slack refuses ends it with 78 and the remedy', async ([name, value, sentence], context) => {
    const stage = await openStage(context, { withoutBot: true })
    stage.tolerate(/invalid_auth/)
    const bot = startBotChild({ ...stage.settings, [name]: value }, stage.hear)
    expect(await bot.ended).toBe(78)
    expect(bot.lines.at(-1)).toMatch(sentence)
    expect(bot.lines.join()).not.toContain(value)
  })

  test.for([
    [
      'lies below a file',
      (folder: string) => join(folder, 'file', 'verify.db'),
      /lies below something that is no folder/,
    ],
    [
      'is a folder',
      (folder: string) => join(folder, 'folder'),
      /^The database at DATABASE_PATH (is a folder|can't be opened)/,
    ],
  ] as const)('a database path that %s ends it with 65, in a sentence', async ([, pathIn, sentence], context) => {
    const stage = await openStage(context, { withoutBot: true })
    const folder = dirname(stage.settings.DATABASE_PATH ?? '')
    writeFileSync(join(folder, 'file'), '')
    mkdirSync(join(folder, 'folder'))
    const bot = startBotChild({ ...stage.settings, DATABASE_PATH: pathIn(folder) })
    expect(await bot.ended).toBe(65)
    expect(bot.lines).toEqual([expect.stringMatching(sentence)])
  })

  test('npm start ends with the bot, and 0, when it is asked to stop', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const npm = spawn('npm', ['start'], {
      env: { PATH: process.env.PATH, ...stage.settings },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    context.onTestFinished(() => void npm.kill('SIGKILL'))
    const said: string[] = []
    for await (const line of createInterface({ input: npm.stdout })) {
      said.push(line)
      if (line.includes('"msg":"ready"')) npm.kill('SIGTERM')
    }
    expect(said.at(-1)).toContain('"msg":"stopped"')
    if (npm.exitCode === null) await once(npm, 'exit')
    expect(npm.exitCode).toBe(0)
  })

  test('a port that is taken ends it with 69, and the settings to change', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const other = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => other.once('listening', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const bot = startBotChild({ ...stage.settings, PORT: String(port) })
    expect(await bot.ended).toBe(69)
    expect(bot.lines.at(-1)).toBe(
      `127.0.0.1:${port} is in use by another program. Stop that one, or change PORT (or HOST).`,
    )
    other.close()
  })

  test('a key file that others may read ends it with 78 and the remedy', async (context) => {
    const stage = await openStage(context, { withoutBot: true })
    const first = startBotChild(stage.settings, stage.hear)
    await first.ready
    await first.signal('SIGTERM')
    const keyFile = `${stage.settings.DATABASE_PATH}.key`
    chmodSync(keyFile, 0o644)
    const bot = startBotChild(stage.settings)
    expect(await bot.ended).toBe(78)
    expect(bot.lines).toEqual([expect.stringContaining(`Run: chmod 600 '${keyFile}'.`)])
    expect(bot.lines.join()).not.toContain(readFileSync(keyFile, 'utf8').trim())
  })
})
