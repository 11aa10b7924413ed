import { randomBytes } from 'node:crypto'
import { SlackRefusal } from './slack-refusal.ts'

/** docs.slack.dev/interactivity/handling-user-interaction: a trigger_id "expires in 3 seconds" and works once. */
const TRIGGER_LIFE_MS = 3000

/** The method page and the guide spell these errors differently; an app must know both. */
export type TriggerSpelling = 'method' | 'guide'

const SPELLING = {
  method: { expired: 'expired_trigger_id', exchanged: 'exchanged_trigger_id' },
  guide: { expired: 'trigger_expired', exchanged: 'trigger_exchanged' },
} as const

export type Triggers = ReturnType<typeof makeTriggers>

/** Hands out trigger ids and takes each of them back once. */
export function makeTriggers(now: () => number, spelling: () => TriggerSpelling) {
  const issued = new Map<string, { userId: string; at: number; used: boolean }>()
  return {
    issue(userId: string): string {
      const id = `${Math.floor(now() / 1000)}.${issued.size + 1}.${randomBytes(16).toString('hex')}`
      issued.set(id, { userId, at: now(), used: false })
      return id
    },
    /** Whose interaction it came from. */
    redeem(triggerId: string): string {
      const trigger = issued.get(triggerId)
      if (trigger === undefined) throw new SlackRefusal('invalid_trigger_id')
      if (trigger.used) throw new SlackRefusal(SPELLING[spelling()].exchanged)
      if (now() - trigger.at > TRIGGER_LIFE_MS) throw new SlackRefusal(SPELLING[spelling()].expired)
      trigger.used = true
      return trigger.userId
    },
  }
}
