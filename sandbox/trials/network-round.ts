import { setTimeout as wait } from 'node:timers/promises'
import { startSandbox } from '../start-sandbox.ts'
import { type Direction, startTcpProxy, type Toxic } from '../tcp-proxy.ts'
import { HANGING_MS, settle } from './calm.ts'
import type { Chance } from './chance.ts'
import { gather } from './gather.ts'
import { JOURNEYS, type Journey } from './journeys.ts'
import { type Judged, judgeJourneys } from './judge-journeys.ts'
import { readRows } from './look-inside.ts'
import { makePlayer } from './people.ts'
import { worldOf } from './roles.ts'
import { actTogether } from './together.ts'

/** The three lines the bot hangs on. */
export const LINES = ['EasyFreelance', "Slack's Web API", 'the socket'] as const
export type Line = (typeof LINES)[number]

export type NetworkTrial = { readonly line: Line; readonly toxic: Toxic; readonly direction: Direction }

/** Long enough for every time-out of the bot to strike once: 8 s for EasyFreelance, 10 s for Slack. */
const BAD_FOR_MS = 11_000
const ACT_EVERY_MS = 700
const PER_MINUTE = 3000

/** Every journey, side by side, with one line in one kind of trouble for a while. Gives what went wrong in the end. */
export async function networkRound(
  { line, toxic, direction }: NetworkTrial,
  chance: Chance,
  journeys: readonly Journey[] = JOURNEYS,
): Promise<Judged> {
  const [easyfreelanceLine, apiLine, socketLine] = [await startTcpProxy(), await startTcpProxy(), await startTcpProxy()]
  const proxies = { EasyFreelance: easyfreelanceLine, "Slack's Web API": apiLine, 'the socket': socketLine }
  const roles = journeys.map(({ role }) => role)
  const settings: Record<string, string> = { EMPLOYEE_LOOKUP: 'email' }
  const sandbox = await startSandbox({
    ...worldOf(roles),
    managers: [],
    requestsPerMinute: PER_MINUTE,
    limitScale: 1000,
    socketHost: `127.0.0.1:${socketLine.port}`,
    around: { environment: () => settings },
    withoutBot: true,
  })
  const { slack, easyfreelance, bot } = sandbox
  const slackPort = Number(new URL(slack.apiUrl).port)
  apiLine.leadTo(slackPort)
  socketLine.leadTo(slackPort)
  easyfreelanceLine.leadTo(Number(new URL(easyfreelance.apiUrl).port))
  Object.assign(settings, {
    SLACK_API_URL: `http://127.0.0.1:${apiLine.port}/api/`,
    EASYFREELANCE_API_URL: `http://127.0.0.1:${easyfreelanceLine.port}/api/v1`,
    EASYFREELANCE_LINK_ORIGIN: easyfreelance.linkOrigin,
  })
  easyfreelance.setSessionLifetime(2 * 60 * 60_000)
  const players = roles.map((role) => makePlayer(role, sandbox))
  for (const { role, trouble } of journeys) trouble(sandbox, role)

  try {
    await bot.start()
    // Some are in the middle of it when the line goes bad, and some begin then.
    const early = players.filter(() => chance.next() < 0.4)
    await actTogether(early)
    await proxies[line].poison(toxic, direction)
    let isBad = true
    // By itself: on a slow machine the people are not ready in time.
    const healed = wait(BAD_FOR_MS).then(() => {
      isBad = false
      return proxies[line].heal()
    })
    while (isBad) {
      await Promise.all([actTogether(players), wait(ACT_EVERY_MS)])
      await sandbox.forward(chance.between(0, 3000))
    }
    await healed
    await slack.until(() => slack.connections() > 0, { withinMs: 90_000, what: 'the bot comes back' })
    const problems = await settle(sandbox, players, HANGING_MS)
    const code = await bot.stop()
    if (code !== 0) problems.push(`the bot stopped with ${code}`)
    problems.push(...gather(sandbox, players, { perMinute: PER_MINUTE }))
    return judgeJourneys(journeys, readRows(sandbox.databasePath).verifications, problems)
  } finally {
    await sandbox.stop('at once')
    for (const proxy of Object.values(proxies)) await proxy.stop()
  }
}
