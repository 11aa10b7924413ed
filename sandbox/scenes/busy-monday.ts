import type { OpenScene } from '../page/server/open-scene.ts'
import { CROWD, CROWD_CHANNELS, CROWD_EMPLOYEES, CROWD_MANAGERS } from './crowd.ts'
import { earlier } from './monday-earlier.ts'
import { today } from './monday-today.ts'
import type { Scene } from './scene.ts'
import { makeSteps } from './steps.ts'
import { assignWishes } from './wishes.ts'

const HOUR_MS = 60 * 60_000

/** Forty verifications in every state there is, played in front of us with the clock behind, so that they end up now. */
export const busyMonday: Scene = {
  people: CROWD,
  channels: CROWD_CHANNELS,
  employees: CROWD_EMPLOYEES,
  managers: CROWD_MANAGERS,
  aheadMs: -31 * HOUR_MS,
  requestsPerMinute: 3000,
  limitScale: 100,
  async perform({ sandbox }: OpenScene): Promise<void> {
    const play = { sandbox, steps: makeSteps(sandbox), wishFor: assignWishes() }
    await earlier(play)
    await today(play)
  },
}
