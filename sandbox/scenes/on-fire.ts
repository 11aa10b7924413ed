import type { OpenScene } from '../page/server/open-scene.ts'
import { CROWD, CROWD_CHANNELS, CROWD_EMPLOYEES, CROWD_MANAGERS } from './crowd.ts'
import type { Scene } from './scene.ts'
import { makeSteps } from './steps.ts'
import { assignWishes } from './wishes.ts'

/** Both sides misbehave, some of it has to be decided by people, and the bot has just been killed. */
export const onFire: Scene = {
  people: CROWD,
  channels: CROWD_CHANNELS,
  employees: CROWD_EMPLOYEES,
  managers: CROWD_MANAGERS,
  requestsPerMinute: 600,
  perform,
}

async function perform({ sandbox, moods }: OpenScene): Promise<void> {
  const { bot, easyfreelance, slack } = sandbox
  const steps = makeSteps(sandbox)
  const wishFor = assignWishes()
  const unclear = [wishFor(), wishFor()]
  const unsafe = wishFor()
  for (const { number } of unclear) {
    easyfreelance.fault({ route: 'start', when: ({ employeeId }) => employeeId === number, times: 2, do: 'lose' })
  }
  easyfreelance.fault({
    route: 'start',
    when: ({ employeeId }) => employeeId === unsafe.number,
    do: { link: 'other_origin' },
  })
  await steps.requestAll([...unclear, unsafe])
  await steps.cardSays(unsafe.userId, /^Please decide: unsafe link/)
  await Promise.all(unclear.map(({ userId }) => steps.cardSays(userId, /^Starting again/)))
  await sandbox.forward(60_000)
  await Promise.all(unclear.map(({ userId }) => steps.cardSays(userId, /^Please decide: no clear answer/)))

  const invited = [wishFor(), wishFor(), wishFor()]
  const opened = wishFor()
  await steps.requestAll([...invited, opened])
  await Promise.all([...invited, opened].map(({ userId }) => steps.invitationOf(userId)))
  await steps.open(opened.userId)
  await steps.cardSays(opened.userId, /^Link opened/)

  await moods.set('easyfreelance', 'down')
  const held = [wishFor(), wishFor(), wishFor()]
  await steps.requestAll(held)
  await Promise.all(held.map(({ userId }) => steps.cardSays(userId, /^EasyFreelance cannot be reached/)))

  // The card of this one is posted, but the bot is never told so.
  slack.fault({ method: 'chat.postMessage', times: 1, do: 'lose' })
  const unheard = wishFor()
  await steps.requestAll([unheard])
  await steps.cardSays(unheard.userId, /^(Starting|EasyFreelance cannot be reached)/)
  await bot.kill()
  await moods.set('slack', 'slow')
  bot.launch()
}
