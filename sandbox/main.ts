import { parseArgs } from 'node:util'
import type { SceneName } from './page/contract.ts'
import { makeStage } from './page/server/stage.ts'
import { startPage } from './page/server/start-page.ts'
import { play } from './play.ts'
import { SCENES } from './scenes/scenes.ts'
import { type Sandbox, startSandbox } from './start-sandbox.ts'

// `npm run sandbox`: a page to use the bot in, until Ctrl-C. `npm run sandbox -- --play`: a whole story, then the end.

const USAGE = `Usage: npm run sandbox [-- [--scene NAME] [--port N] [--play] [--http] [--log]]

  --scene  what it begins with: empty (as usual), busy_monday or on_fire
  --port   where the page is: 4000 as usual, or any free one
  --play   play five verifications without a person, and say whether all ended right
  --http   deliver by signed HTTP requests instead of Socket Mode
  --log    show the bot's log`

type Options = {
  readonly play: boolean
  readonly http: boolean
  readonly log: boolean
  readonly scene: SceneName
  readonly port: number | null
}

const tell = (line: string) => console.log(line)

process.exitCode = await run()

async function run(): Promise<number> {
  const options = readOptions()
  if (options === null) {
    console.error(USAGE)
    return 64
  }
  return options.play ? playStory(options) : serve(options)
}

function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        play: { type: 'boolean', default: false },
        http: { type: 'boolean', default: false },
        log: { type: 'boolean', default: false },
        scene: { type: 'string', default: 'empty' },
        port: { type: 'string' },
      },
    })
    const { scene, port } = values
    const isPort = port === undefined || (/^\d{1,5}$/.test(port) && Number(port) < 65_536)
    if (!isScene(scene) || !isPort) return null
    return { ...values, scene, port: port === undefined ? null : Number(port) }
  } catch {
    return null
  }
}

function isScene(name: string): name is SceneName {
  return Object.hasOwn(SCENES, name)
}

function botOptions({ http, log }: Options) {
  const transport: 'http' | 'socket' = http ? 'http' : 'socket'
  return { transport, ...(log ? { onLine: (line: string) => tell(`  bot: ${line}`) } : {}) }
}

async function playStory(options: Options): Promise<number> {
  const sandbox = await startSandbox({ ...botOptions(options), requestsPerMinute: 3000 })
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
  } finally {
    await sandbox.stop()
  }
}

async function serve(options: Options): Promise<number> {
  let stopping = false
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        stopping = true
        resolve()
      })
    }
  })
  const stage = makeStage(botOptions(options))
  const page = await startPage({ stage, ...(options.port === null ? {} : { port: options.port }) }).catch(() => null)
  if (page === null) {
    console.error(`Port ${options.port} can't be had. Choose another one with --port, or leave it out.`)
    return 69
  }
  tell('')
  tell(`  Open  ${page.url}`)
  tell('')
  tell('Everything is on this machine; nothing is real. Ctrl-C stops it.')
  try {
    const opened = stage
      .open(options.scene, ({ sandbox }) => tellPlaces(sandbox))
      .then(
        () => tell('Ready.'),
        (error: unknown) => {
          // The page goes on, and offers the other scenes; without a bot there is nothing to go on with.
          if (stage.scene() === null) throw error
          if (!stopping)
            tell(`The scene could not be set up: ${error instanceof Error ? error.message : String(error)}`)
        },
      )
    await Promise.race([opened.then(() => asked), asked])
    tell('Stopping.')
    return 0
  } finally {
    await page.stop()
    await stage.close()
  }
}

function tellPlaces({ slack, easyfreelance, botUrl }: Sandbox): void {
  tell(`  Slack's Web API      ${slack.apiUrl}`)
  tell(`  EasyFreelance's API  ${easyfreelance.apiUrl}`)
  tell(`  The bot              ${botUrl}/readyz   ${botUrl}/return`)
}
