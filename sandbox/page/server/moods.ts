import type { Misbehaviour } from '../../easyfreelance/faults.ts'
import type { FaultAction } from '../../slack/faults.ts'
import type { Sandbox } from '../../start-sandbox.ts'
import type { Mood } from '../contract.ts'

export type Side = 'slack' | 'easyfreelance'

/** How each side treats every call while it is in that mood. */
const SLACK: Readonly<Record<Exclude<Mood, 'well'>, FaultAction>> = {
  slow: { late: 1200 },
  rate_limited: { ratelimit: 5 },
  failing: { status: 503 },
  hanging: 'hang',
  losing_answers: 'lose',
  down: 'down',
}
const EASYFREELANCE: Readonly<Record<Exclude<Mood, 'well' | 'down'>, Misbehaviour>> = {
  slow: { lateMs: 3000 },
  rate_limited: { status: 429, retryAfter: '10' },
  failing: { status: 503 },
  hanging: 'hang',
  losing_answers: 'lose',
}

export type Moods = ReturnType<typeof makeMoods>

/** The mood of each side, and the faults that make it so. Other faults stay as they are. */
export function makeMoods({ slack, easyfreelance }: Pick<Sandbox, Side>) {
  const moods: Record<Side, Mood> = { slack: 'well', easyfreelance: 'well' }
  const nothing = () => {}
  let liftSlack: () => void = nothing
  let liftEasyfreelance: () => void | Promise<void> = nothing

  function setSlack(mood: Mood): void {
    liftSlack()
    liftSlack = mood === 'well' ? nothing : slack.fault({ times: Number.POSITIVE_INFINITY, do: SLACK[mood] })
    if (mood === 'down') slack.drop()
  }

  async function setEasyfreelance(mood: Mood): Promise<void> {
    await liftEasyfreelance()
    liftEasyfreelance = nothing
    if (mood === 'down') {
      await easyfreelance.down()
      liftEasyfreelance = easyfreelance.up
    } else if (mood !== 'well') {
      const fault = { route: 'any', times: Number.POSITIVE_INFINITY, do: EASYFREELANCE[mood] } as const
      liftEasyfreelance = easyfreelance.fault(fault)
    }
  }

  return {
    now: (): Readonly<Record<Side, Mood>> => ({ ...moods }),
    async set(side: Side, mood: Mood): Promise<void> {
      if (moods[side] === mood) return
      moods[side] = mood
      if (side === 'slack') setSlack(mood)
      else await setEasyfreelance(mood)
    },
  }
}
