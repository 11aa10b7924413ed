import { setTimeout as wait } from 'node:timers/promises'
import type { Sandbox } from '../start-sandbox.ts'
import { readAgenda, readRows } from './look-inside.ts'
import type { Player } from './people.ts'
import { actTogether } from './together.ts'

const QUIET_WITHIN_MS = 4000
/** Calls that hang are given up after ten seconds. */
export const HANGING_MS = 12_000
const LOOK_EVERY_MS = 15
/** Past every deadline, every sweep and a day's grace. */
const MOST_MS = 4 * 24 * 60 * 60_000

/**
 * Nothing goes wrong any more: people and bot do what is left to do, and the clock jumps from one due time to the next
 * until nothing is due ever again. Gives what did not come to an end.
 */
export async function settle(
  sandbox: Sandbox,
  players: readonly Player[],
  quietWithinMs = QUIET_WITHIN_MS,
): Promise<string[]> {
  const { bot, clock, databasePath } = sandbox
  const began = clock.now()
  while (clock.now() < began + MOST_MS) {
    if (!bot.isRunning()) return ['the bot ended by itself']
    await actTogether(players)
    await quiet(sandbox, quietWithinMs)
    const { verifications } = readRows(databasePath)
    const isOver = players.every(({ role }) =>
      verifications.some(({ employee_id: id, status }) => id === role.employeeId && isEnd(status)),
    )
    const { nextAt } = readAgenda(databasePath, clock.now())
    if (isOver && nextAt === null) return []
    // Who is asked about every few minutes for a day is looked at less and less often.
    const leastMs = Math.max(1000, Math.round((clock.now() - began) / 4))
    await sandbox.forward(Math.max(leastMs, (nextAt ?? 0) - clock.now() + 1))
  }
  return ['it was not over after four days']
}

export const isEnd = (status: string): boolean => status === 'settled' || status === 'failed'

/** The bot has done what is due, or has had its time for it. */
async function quiet({ clock, databasePath, bot }: Sandbox, withinMs: number): Promise<void> {
  const began = performance.now()
  while (bot.isRunning() && performance.now() - began < withinMs) {
    await wait(LOOK_EVERY_MS)
    if (!readAgenda(databasePath, clock.now()).isBusy) return
  }
}
