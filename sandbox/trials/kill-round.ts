import { setTimeout as wait } from 'node:timers/promises'
import { type Sandbox, startSandbox } from '../start-sandbox.ts'
import { settle } from './calm.ts'
import type { Chance } from './chance.ts'
import { gather } from './gather.ts'
import { ANY_TIME, type Kill, needsDoubt, pauseBefore } from './kill-points.ts'
import { checkIntegrity, readRows } from './look-inside.ts'
import { makePlayer, type Player } from './people.ts'
import { makeRoles, type Role, worldOf } from './roles.ts'
import { duplicates } from './verdict.ts'

export type KillRound = {
  /** How often the process was killed at each point; `any time`: from outside. */
  readonly kills: Readonly<Record<string, number>>
  readonly integrityChecks: number
  readonly verifications: number
  /** Cards that stand twice in a channel, whose history the bot may not read. Not a fault, but counted. */
  readonly copiesInChannels: number
  readonly problems: readonly string[]
}

const BOUNDARIES = new URL('./boundaries.js', import.meta.url).href
/** They come one after the other, so that every life sees all kinds of work. */
const FIRST_COMERS = 3
const BUDGETS = [240, 600, 3000]
const MOST_JUMP_MS = 40_000
/** Most points are reached long before; a life that does not come to its own in this time won't. */
const POINT_WITHIN_MS = 2500
const LIFE = { withinMs: 60_000, what: 'the end of a life' }

/** One database, many lives: the bot is killed again and again while people use it, and has to come to the right end. */
export async function killRound(kills: readonly Kill[], chance: Chance): Promise<KillRound> {
  const [first, ...others] = makeRoles(kills.length + FIRST_COMERS, chance.fork())
  const roles = first === undefined ? others : [patient(first), ...others]
  const perMinute = chance.oneOf(BUDGETS)
  let killAt = ''
  const sandbox = await startSandbox({
    ...worldOf(roles),
    managers: [],
    requestsPerMinute: perMinute,
    limitScale: 1000,
    withoutBot: true,
    around: { preload: [BOUNDARIES], environment: () => ({ TRIAL_KILL_AT: killAt }) },
  })
  const { slack, easyfreelance, bot, clock, databasePath } = sandbox
  easyfreelance.setSessionLifetime(2 * 60 * 60_000)
  const players = roles.map((role) => makePlayer(role, sandbox))
  const done: Record<string, number> = {}
  const problems: string[] = []

  try {
    // A whole life first, so that there is a database to come back to, and somebody whose link waits through all lives.
    await bot.start()
    await firstInvitation(sandbox, players)
    for (const [life, chosen] of kills.entries()) {
      const limitMs = chosen === null ? chance.between(100, 900) : POINT_WITHIN_MS
      const present = players.slice(0, life + FIRST_COMERS)
      // Who has just come acts in any case.
      const acting = present.filter((player) => chance.next() < 0.7 || player === present.at(-1))
      const jumpMs = chance.between(0, MOST_JUMP_MS)
      if (bot.isRunning()) await bot.kill()
      await clock.forward(jumpMs + pauseBefore(chosen))
      if (needsDoubt(kills[life + 1])) slack.fault({ method: 'chat.postMessage', do: 'lose' })
      killAt = chosen === null ? '' : `${chosen.point}#${chosen.nth}`
      const diedAt = ((await live(sandbox, acting, limitMs)) && chosen?.point) || ANY_TIME
      done[diedAt] = (done[diedAt] ?? 0) + 1
      problems.push(...checkIntegrity(databasePath).map((line) => `integrity after ${killAt}: ${line}`))
    }
    killAt = ''
    await bot.start()
    problems.push(...(await settle(sandbox, players)))
    const code = await bot.stop()
    if (code !== 0) problems.push(`the bot stopped with ${code}`)
    problems.push(...gather(sandbox, players, { perMinute }))
    return {
      kills: done,
      integrityChecks: kills.length + 1,
      verifications: readRows(databasePath).verifications.length,
      copiesInChannels: duplicates(slack.messages(), (channel) => channel.startsWith('C')).length,
      problems,
    }
  } finally {
    await sandbox.stop('at once')
  }
}

/** Never opens the link, and so is asked about without news all along. */
function patient(role: Role): Role {
  return { ...role, employeeDoes: 'nothing', isSurprised: false }
}

/** The first of them asks, and the employee has the link. */
async function firstInvitation({ slack }: Sandbox, [player]: readonly Player[]): Promise<void> {
  if (player === undefined) return
  while (player.accepted.length === 0) await player.act()
  const { employeeId } = player.role
  const isInvited = () => slack.person(employeeId).inbox().length > 0
  await slack.until(isInvited, { ...LIFE, what: 'the first invitation' })
}

/** One life of the bot. True when it died at its point; false when it had to be killed from outside. */
async function live({ slack, bot }: Sandbox, players: readonly Player[], limitMs: number): Promise<boolean> {
  bot.launch()
  const died = bot.until(() => !bot.isRunning(), LIFE)
  const connected = slack
    .until(() => slack.connections() > 0, LIFE)
    .then(
      () => true,
      () => false,
    )
  if (!(await Promise.race([connected, died.then(() => false)]))) return true
  const acting = Promise.all(players.map((player) => player.act()))
  await Promise.race([died, wait(limitMs)])
  const isAlive = bot.isRunning()
  if (isAlive) await bot.kill()
  await acting
  return !isAlive
}
