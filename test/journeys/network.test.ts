import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, type TestContext, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { startTcpProxy, type Toxic } from '../../sandbox/tcp-proxy.ts'
import { makeChance } from '../../sandbox/trials/chance.ts'
import { startBotChild } from './helpers/bot-child.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cardOf, cards, invitationOf } from './helpers/steps.ts'

/** The quick kinds of trouble; `npm run network` plays all of them, on every line, for as long as time-outs take. */
const QUICK: readonly Toxic[] = [
  { kind: 'latency', ms: 60 },
  { kind: 'bandwidth', bytesPerS: 20_000 },
  { kind: 'slow_close', ms: 100 },
  { kind: 'slicer', bytes: 40, ms: 1 },
  { kind: 'timeout', ms: 150 },
  { kind: 'reset_peer', ms: 20 },
  { kind: 'limit_data', bytes: 300 },
  { kind: 'down' },
]
const LINES = ['EasyFreelance', "Slack's Web API", 'the socket'] as const
const SEED = 20_260

/** The bot between two stand-ins, with a line of its own to each; poisons one of them. */
async function openLines(context: TestContext, bad: (typeof LINES)[number]) {
  const [partner, api, socket] = [await startTcpProxy(), await startTcpProxy(), await startTcpProxy()]
  const stage = await openStage(context, {
    withoutBot: true,
    slack: { socketHost: `127.0.0.1:${socket.port}` },
    settingsFrom: ({ easyfreelance }) => ({
      SLACK_API_URL: `http://127.0.0.1:${api.port}/api/`,
      EASYFREELANCE_API_URL: `http://127.0.0.1:${partner.port}/api/v1`,
      EASYFREELANCE_LINK_ORIGIN: easyfreelance.linkOrigin,
    }),
  })
  context.onTestFinished(async () => {
    await stage.stopBot()
    for (const proxy of [partner, api, socket]) await proxy.stop()
  })
  const slackPort = Number(new URL(stage.slack.apiUrl).port)
  api.leadTo(slackPort)
  socket.leadTo(slackPort)
  partner.leadTo(Number(new URL(stage.easyfreelance.apiUrl).port))
  await stage.startBot()
  return { stage, line: { EasyFreelance: partner, "Slack's Web API": api, 'the socket': socket }[bad] }
}

async function connected({ slack }: Stage): Promise<void> {
  await slack.until(() => slack.connections() > 0)
}

test.concurrent('told to stop while it opens its socket again, the bot stops as asked', async (context) => {
  const line = await startTcpProxy()
  const stage = await openStage(context, { withoutBot: true, slack: { socketHost: `127.0.0.1:${line.port}` } })
  const { slack } = stage
  line.leadTo(Number(new URL(slack.apiUrl).port))
  const bot = startBotChild(stage.settings, stage.hear)
  context.onTestFinished(async () => {
    await bot.signal('SIGKILL')
    await line.stop()
  })
  await bot.ready
  // The line takes the next connection, and then says nothing.
  await line.poison({ kind: 'timeout', ms: 0 })
  slack.drop()
  while (line.connections() > 0) await turn()
  while (line.connections() === 0) await turn()
  expect(await bot.signal('SIGTERM')).toBe(0)
})

describe.concurrent('a story ends right, whatever is wrong for a while with the line to', () => {
  test.for(LINES.map((name, index) => [name, SEED + index] as const))('%s (seed %i)', async ([name, seed], context) => {
    const chance = makeChance(seed)
    const { stage, line } = await openLines(context, name)
    const { slack, easyfreelance } = stage
    stage.tolerate(/^(no_ack|late_ack)/)
    const trouble = async () => {
      for (const _ of [1, 2, 3]) {
        await line.poison(chance.oneOf(QUICK), chance.oneOf(['upstream', 'downstream', 'both'] as const))
        await stage.jump(chance.between(1, 20) * 1000)
      }
      await line.heal()
      await connected(stage)
    }

    await askFor(stage)
    await trouble()
    await press(slack.person('U0OLA'), await stage.later(() => invitationOf(stage), 900_000), /^Continue/)
    easyfreelance.decide(easyfreelance.sessions().at(-1)?.id ?? '', 'approved')
    await trouble()
    await stage.later(() => cardOf(stage)?.text.startsWith('Approved.'), 900_000)
    await stage.later(() => slack.person('U0PETTER').inbox().length === 2, 900_000)
    expect(cards(stage)).toHaveLength(1)
    expect(slack.person('U0OLA').inbox()).toHaveLength(1)
    expect(invitationOf(stage)).toBeUndefined()
  })
})
