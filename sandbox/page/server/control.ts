import type { ControlRequest, ControlResult } from '../contract.ts'
import type { OpenScene } from './open-scene.ts'

const HOUR_MS = 60 * 60_000
/** A look at what it is like just before; then the deadline passes by itself. */
const JUST_BEFORE_MS = 3000
/** The bot looks two seconds after a deadline. */
const JUST_AFTER_MS = 3000

const DONE: ControlResult = { ok: true, problem: null }
const wrong = (problem: string): ControlResult => ({ ok: false, problem })

type Knob = Exclude<ControlRequest, { do: 'scene' }>

/** Somebody turns a knob of the open scene. */
export async function control(request: Knob, scene: OpenScene): Promise<ControlResult> {
  const { bot, easyfreelance, returnUrl } = scene.sandbox
  switch (request.do) {
    case 'forward':
      return forward(request.to, scene)
    case 'mood':
      await scene.moods.set(request.side, request.mood)
      return DONE
    case 'return_url':
      if (request.approved) easyfreelance.approveReturnUrl(returnUrl)
      else easyfreelance.withdrawReturnUrl(returnUrl)
      return DONE
    case 'kill':
      if (!bot.isRunning()) return wrong('The bot is not running.')
      await bot.kill()
      return DONE
    case 'restart':
      return restart(scene)
    case 'decide':
      if (easyfreelance.sessions().every(({ id }) => id !== request.sessionId))
        return wrong('There is no such session.')
      easyfreelance.decide(request.sessionId, request.status)
      return DONE
  }
}

async function forward(to: Extract<Knob, { do: 'forward' }>['to'], { sandbox }: OpenScene): Promise<ControlResult> {
  if (to === 'hour') {
    await sandbox.forward(HOUR_MS)
    return DONE
  }
  const now = sandbox.clock.now()
  const pending = sandbox.easyfreelance.sessions().filter(({ status }) => status === 'pending')
  const deadlines = pending.map(({ expiresAt }) => expiresAt).filter((deadline) => deadline > now)
  if (deadlines.length === 0) return wrong('No session is waiting, so there is no deadline to go to.')
  const target = Math.min(...deadlines) + (to === 'deadline' ? -JUST_BEFORE_MS : JUST_AFTER_MS)
  await sandbox.forward(Math.max(0, target - now))
  return DONE
}

/** While Slack is in trouble the bot is not ready for a long time, so nobody waits for it then. */
async function restart({ sandbox: { bot }, moods }: OpenScene): Promise<ControlResult> {
  await bot.kill()
  if (moods.now().slack === 'well') await bot.start()
  else bot.launch()
  return DONE
}
