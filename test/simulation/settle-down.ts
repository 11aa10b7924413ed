import type { Database } from 'better-sqlite3'
import { CLOSE_ACTION, RETRY_ACTION } from '../../src/views/decision-buttons.ts'
import type { Chance } from './chance.ts'
import type { Clock } from './clock.ts'
import type { EasyFreelanceSide } from './easyfreelance-side.ts'
import type { People } from './people.ts'

const MINUTE_MS = 60_000
/** By then everything must be over; what the bot waits for longest is half an hour of looking for stray copies. */
const MOST_ROUNDS = 40
const ROUND_MS = 5 * MINUTE_MS
const MOST_TRIES = 4

/** Nothing goes wrong any more, EasyFreelance's sessions come to their ends, and managers decide what waits for them. */
export async function settleDown(deps: {
  db: Database
  clock: Clock
  chance: Chance
  easyfreelance: EasyFreelanceSide
  people: People
}): Promise<void> {
  const { db, clock, chance, easyfreelance, people } = deps
  const atWork = db.prepare(AT_WORK).pluck()
  const parked = db.prepare(PARKED)
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    easyfreelance.sessions.endAll()
    await clock.runUntil(clock.now() + ROUND_MS)
    const waiting = parked.all() as { id: string; manager: string; parks: number }[]
    for (const { id, manager, parks } of waiting) {
      const isRetry = round < MOST_TRIES && chance.of(`decision ${round} about ${id}`) < 0.6
      if (!isRetry) people.noteClosing(id)
      people.press(manager, { actionId: isRetry ? RETRY_ACTION : CLOSE_ACTION, value: `${id}:${parks}`, url: null })
    }
    if (waiting.length === 0 && atWork.get() === 0) return
  }
}

const AT_WORK = `select (select count(*) from verifications where next_at is not null)
  + (select count(*) from messages where next_at is not null)`
const PARKED = `select id, manager_id as manager, parks from verifications where status = 'parked'`
