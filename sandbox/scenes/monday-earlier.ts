import type { Sandbox } from '../start-sandbox.ts'
import { passTimeUntil } from './pass-time.ts'
import type { Steps } from './steps.ts'
import type { WishFor } from './wishes.ts'

export type Play = { readonly sandbox: Sandbox; readonly steps: Steps; readonly wishFor: WishFor }

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** A little more than the longest time between two looks at a session. */
const LONGEST_INTERVAL_MS = 15 * MINUTE_MS
/** As often the bot hears that there is no such session before it believes it. */
const MISSES = 5
/** One more than the bot begins a step before it sets it aside. */
const KILLS = 5

/** What began on the day before: sessions whose time is over by now, and whatever takes long to go wrong. */
export async function earlier(play: Play): Promise<void> {
  const { sandbox, steps, wishFor } = play
  const { bot, easyfreelance } = sandbox
  const wishes = {
    poisoned: wishFor(),
    overdue: wishFor(),
    expired: [wishFor(), wishFor()],
    other: wishFor(),
    missing: wishFor(),
    denied: wishFor(),
  }
  easyfreelance.setSessionLifetime(HOUR_MS)
  // What nobody opened stays pending for ever, which is how a verification gets overdue.
  easyfreelance.speak({ unopened: 'pending' })
  await poison(play, wishes.poisoned)
  await steps.requestAll([wishes.overdue, ...wishes.expired, wishes.other, wishes.missing, wishes.denied])
  await Promise.all(wishes.expired.map(({ userId }) => steps.open(userId)))
  easyfreelance.decide((await steps.sessionOf(wishes.other.userId)).id, 'on_hold')
  const missing = await steps.sessionOf(wishes.missing.userId)
  const denied = await steps.sessionOf(wishes.denied.userId)
  await steps.invitationOf(wishes.overdue.userId)
  always(easyfreelance, missing.id, 404)
  always(easyfreelance, denied.id, 403)

  await sandbox.forward(26 * HOUR_MS)
  const misses = () => bot.log.filter((line) => line.includes('"action":"session_missing"')).length
  for (let times = 1; times < MISSES; times += 1) {
    await bot.until(() => misses() >= times, { what: `miss ${times} of a session`, withinMs: 10_000 })
    await sandbox.forward(LONGEST_INTERVAL_MS)
  }
  const seen = Promise.all([
    steps.cardSays(wishes.overdue.userId, /^Please decide: no result/),
    ...wishes.expired.map(({ userId }) => steps.cardSays(userId, /^Expired/)),
    steps.cardSays(wishes.other.userId, /^Ended with an unknown status/),
    steps.cardSays(wishes.missing.userId, /^Please decide: session not found/),
    steps.cardSays(wishes.denied.userId, /^Please decide: no access/),
  ])
  await passTimeUntil(sandbox, seen)
  easyfreelance.speak({ unopened: 'expired' })
  easyfreelance.setSessionLifetime(24 * HOUR_MS)
}

function always(easyfreelance: Sandbox['easyfreelance'], sessionId: string, status: number): () => void {
  return easyfreelance.fault({
    route: 'poll',
    when: (request) => request.sessionId === sessionId,
    times: Number.POSITIVE_INFINITY,
    do: { status },
  })
}

/** Kills the bot in the middle of the same step, again and again, until it sets the verification aside. */
async function poison({ sandbox, steps }: Play, wish: ReturnType<WishFor>): Promise<void> {
  const { bot, easyfreelance } = sandbox
  await steps.requestAll([wish])
  const { id } = await steps.sessionOf(wish.userId)
  await steps.cardSays(wish.userId, /^Waiting/)
  const lift = easyfreelance.fault({
    route: 'poll',
    when: ({ sessionId }) => sessionId === id,
    times: Number.POSITIVE_INFINITY,
    do: 'hang',
  })
  const polls = () => easyfreelance.calls.filter(({ sessionId, route }) => sessionId === id && route === 'poll').length
  await steps.comeBack(wish.userId)
  for (let kills = 1; kills <= KILLS; kills += 1) {
    await easyfreelance.until(() => polls() >= kills, { what: `look ${kills} that never ends`, withinMs: 10_000 })
    await bot.kill()
    await bot.start()
  }
  await steps.cardSays(wish.userId, /^Please decide: we got stuck/)
  lift()
}
