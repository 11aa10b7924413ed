import { parseArgs } from 'node:util'
import { play } from './play.ts'
import { PEOPLE } from './seed.ts'
import { type Sandbox, startSandbox } from './start-sandbox.ts'

// `npm run sandbox`: the bot and both stand-ins until Ctrl-C. `npm run sandbox -- --play`: a whole story, then the end.

const USAGE = `Usage: npm run sandbox [-- [--play] [--http] [--log]]

  --play  play five verifications without a person, and say whether all ended right
  --http  deliver by signed HTTP requests instead of Socket Mode
  --log   show the bot's log`

const tell = (line: string) => console.log(line)

process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === null) {
    console.error(USAGE)
    return 64
  }
  const sandbox = await startSandbox({
    transport: options.http ? 'http' : 'socket',
    requestsPerMinute: options.play ? 3000 : 120,
    ...(options.log ? { onLine: (line) => tell(`  bot: ${line}`) } : {}),
  })
  try {
    return options.play ? await playStory(sandbox) : await serve(sandbox)
  } finally {
    await sandbox.stop()
  }
}

function readOptions(): { play: boolean; http: boolean; log: boolean } | null {
  try {
    const { values } = parseArgs({
      options: {
        play: { type: 'boolean', default: false },
        http: { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
      },
    })
    return values
  } catch {
    return null
  }
}

async function playStory(sandbox: Sandbox): Promise<number> {
  tell('The sandbox is up: a stand-in for Slack, one for EasyFreelance, and the real bot between them.')
  try {
    const wrong = await play(sandbox, tell)
    tell('')
    if (wrong.length === 0) tell('Every card and every invitation ended right.')
    for (const line of wrong) tell(`WRONG: ${line}`)
    return wrong.length === 0 ? 0 : 1
  } catch (error) {
    tell(`WRONG: ${error instanceof Error ? error.message : String(error)}`)
    tell(`The bot's last words:\n${sandbox.bot.log.slice(-30).join('\n')}`)
    return 1
  }
}

async function serve({ slack, easyfreelance, bot, botUrl }: Sandbox): Promise<number> {
  tell('The sandbox is up. Everything is on this machine; nothing is real.')
  tell('')
  tell(`  Slack's Web API      ${slack.apiUrl}`)
  tell(`  EasyFreelance's API  ${easyfreelance.apiUrl}`)
  tell(`  The bot              ${botUrl}/readyz   ${botUrl}/return`)
  tell('')
  tell(`People: ${PEOPLE.map(({ realName }) => realName).join(', ')}`)
  tell('To see whole verifications played: npm run sandbox -- --play')
  tell('Ctrl-C stops everything.')
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  tell(bot.isRunning() ? 'Stopping.' : 'The bot has stopped by itself; its log says why.')
  return 0
}
