import { expect, test } from 'vitest'
import { press } from '../../sandbox/as-seen.ts'
import { openStage, type Stage } from './helpers/stage.ts'
import { askFor, cardSays, invited } from './helpers/steps.ts'

const HOUR_MS = 3_600_000

const polls = ({ easyfreelance }: Stage) => easyfreelance.calls.filter(({ route }) => route === 'poll').length
const isReady = async ({ botUrl }: Stage) => (await fetch(`${botUrl}/readyz`)).status

test.for([
  ['an hour back', -HOUR_MS],
  ['an hour ahead', HOUR_MS],
  ['a day back', -24 * HOUR_MS],
  ['a day ahead', 24 * HOUR_MS],
] as const)(
  'with the clock set %s in the middle of it, a verification goes on as if nothing had happened',
  async ([, byMs], context) => {
    const stage = await openStage(context)
    const { slack, easyfreelance } = stage
    await askFor(stage)
    await press(slack.person('U0OLA'), await invited(stage), /^Continue/)
    await cardSays(stage, /^Link opened\./)
    await stage.jump(60_000)
    const before = polls(stage)
    stage.setBotClock(byMs)
    await stage.quiet()
    expect(await isReady(stage)).toBe(200)
    expect(polls(stage) - before).toBeLessThanOrEqual(1)
    expect(stage.log.filter((line) => line.includes('the clock was set'))).toHaveLength(1)

    easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'approved')
    // By the day ahead the link is long over; that decides nothing.
    await stage.later(() => polls(stage) > before, 15_000)
    await cardSays(stage, /^Approved\./)
    await askFor(stage, { employee: 'U0KARI' })
    await invited(stage, 'U0KARI')
  },
)
