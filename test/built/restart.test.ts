import { describe, expect, type TestContext, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { visit } from '../../sandbox/browser.ts'
import { type BotChild, startBotChild } from '../journeys/helpers/bot-child.ts'
import { openStage, type Stage, type StageOptions, type Transport } from '../journeys/helpers/stage.ts'
import {
  askFor,
  cardOf,
  cardSays,
  cards,
  invitationOf,
  invited,
  noticeSays,
  sessionCalls,
} from '../journeys/helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
const PATIENCE = { withinMs: 15_000 }

describe.each(TRANSPORTS)('stopped and started again over %s', (transport) => {
  test('in every state, it goes on where it was', async (context) => {
    const stage = await openStage(context, { transport })
    const { slack, easyfreelance } = stage
    const again = async () => {
      await stage.stopBot()
      await stage.startBot()
    }
    easyfreelance.fault({ route: 'start', do: { status: 429, retryAfter: '5' } })
    await askFor(stage)
    await cardSays(stage, /^EasyFreelance is busy\./)
    await again()
    await stage.later(() => invitationOf(stage))
    await again()
    const { url } = await press(slack.person('U0OLA'), await invited(stage), /^Continue/)
    await cardSays(stage, /^Link opened\./)
    await stage.stopBot()
    await visitWithoutReturn(url ?? '')
    await stage.startBot()
    await stage.jump(10_000)
    await cardSays(stage, /^Approved\./)
    await noticeSays(stage, /^Verification of <@U0OLA>: Approved\./)
    await again()
    await stage.quiet()
    expect(slack.person('U0PETTER').inbox()).toHaveLength(2)
    expect(slack.person('U0OLA').inbox()).toHaveLength(1)
  })
})

/** The bot is down, so the way back leads nowhere. */
async function visitWithoutReturn(link: string): Promise<void> {
  await visit(link, 'approved').catch((error: unknown) => expect(String(error)).toContain('fetch failed'))
}

type Killed = { stage: Stage; bot: BotChild; start(): BotChild }

async function openWithChild(context: TestContext, options: StageOptions = {}): Promise<Killed> {
  const stage = await openStage(context, { ...options, withoutBot: true })
  let bot: BotChild | undefined
  context.onTestFinished(async () => void (await bot?.signal('SIGKILL')))
  const start = () => {
    bot = startBotChild(stage.settings, stage.hear)
    return bot
  }
  const first = start()
  await first.ready
  return { stage, bot: first, start }
}

async function arrivesOnce(stage: Stage): Promise<void> {
  const { slack, easyfreelance } = stage
  await slack.until(() => cardOf(stage)?.text.startsWith('Waiting for') && invitationOf(stage), PATIENCE)
  expect(cards(stage)).toHaveLength(1)
  expect(slack.person('U0OLA').inbox()).toHaveLength(1)
  easyfreelance.decide(easyfreelance.sessions().at(-1)?.id ?? '', 'approved')
  await press(slack.person('U0OLA'), await invited(stage), /^Continue/)
  await fetch(`${stage.botUrl}/return`)
  await slack.until(() => cardOf(stage)?.text.startsWith('Approved.'), PATIENCE)
  await noticeSays(stage, /^Verification of <@U0OLA>: Approved\./)
  expect(slack.person('U0PETTER').inbox()).toHaveLength(2)
}

describe.concurrent('killed or told to stop', () => {
  test('kill -9 between the form and anything that comes of it loses nothing', async (context) => {
    const { stage, bot, start } = await openWithChild(context)
    const { slack, easyfreelance } = stage
    slack.fault({ method: 'conversations.open', do: 'hang' })
    easyfreelance.fault({ route: 'start', do: 'hang' })
    await askFor(stage)
    await slack.until(() => slack.calls.some(({ outcome }) => outcome === 'hung'))
    await easyfreelance.until(() => sessionCalls({ easyfreelance }).length === 1)
    await bot.signal('SIGKILL')
    expect(slack.messages()).toEqual([])
    await start().ready
    await arrivesOnce(stage)
    expect(easyfreelance.sessions()).toHaveLength(1)
  })

  test('kill -9 between a start and its answer gives the employee one link', async (context) => {
    const { stage, bot, start } = await openWithChild(context, { transport: 'http' })
    const { easyfreelance } = stage
    easyfreelance.fault({ route: 'start', do: 'hang_after' })
    await askFor(stage)
    await easyfreelance.until(() => sessionCalls({ easyfreelance }).length === 1)
    await cardSays(stage, /^Starting\./)
    await bot.signal('SIGKILL')
    await start().ready
    await arrivesOnce(stage)
    expect(easyfreelance.sessions()).toHaveLength(2)
    const links = stage.slack
      .messages()
      .flatMap(({ blocks, edits }) => JSON.stringify([blocks, edits]).match(/"url":"[^"]+"/g) ?? [])
    expect(new Set(links).size).toBe(1)
  })

  test('kill -9 between a message and its answer finds the message again', async (context) => {
    const { stage, bot, start } = await openWithChild(context)
    const { slack } = stage
    slack.fault({ method: 'chat.postMessage', times: 2, do: 'doAndHang' })
    await askFor(stage)
    await slack.until(() => slack.calls.filter(({ outcome }) => outcome === 'done, hung').length === 2)
    await bot.signal('SIGKILL')
    await start().ready
    await arrivesOnce(stage)
    expect(slack.calls.filter(({ method }) => method === 'conversations.history').length).toBeGreaterThanOrEqual(2)
  })

  test('kill -9 between an edit and its answer shows the newest state', async (context) => {
    const { stage, bot, start } = await openWithChild(context)
    const { slack } = stage
    slack.fault({ method: 'chat.update', do: 'hang' })
    await askFor(stage)
    await invited(stage)
    await slack.until(() => slack.calls.some(({ outcome }) => outcome === 'hung'))
    await bot.signal('SIGKILL')
    await start().ready
    await arrivesOnce(stage)
  })
  test('SIGTERM with calls that never end, it stops with 0 within ten seconds, and goes on later', async (context) => {
    const { stage, bot, start } = await openWithChild(context)
    const { slack, easyfreelance } = stage
    slack.fault({ method: 'chat.update', do: 'hang' })
    await askFor(stage)
    await slack.until(() => slack.calls.some(({ outcome }) => outcome === 'hung'))
    easyfreelance.fault({ route: 'start', do: 'hang' })
    await askFor(stage, { by: 'U0MARIA', employee: 'U0KARI' })
    await easyfreelance.until(() => easyfreelance.calls.some(({ fault }) => fault === 'hang'))
    // Exit code 0 says that it was in time: after nine and a half seconds it ends itself with 70.
    expect(await bot.signal('SIGTERM')).toBe(0)
    await start().ready
    await slack.until(() => invitationOf(stage, 'U0KARI'), PATIENCE)
    await slack.until(() => cardOf(stage)?.text.startsWith('Waiting for'), PATIENCE)
  })

  test('SIGTERM with nothing to do, or with Slack out of reach, it stops at once', async (context) => {
    const { stage, bot, start } = await openWithChild(context)
    expect(await bot.signal('SIGTERM')).toBe(0)
    stage.slack.fault({ do: 'down' })
    const second = start()
    await second.says('slack does not answer yet')
    expect(await second.signal('SIGTERM')).toBe(0)
  })
})
