import type { EasyFreelance } from './services/easyfreelance.ts'
import type { Log } from './services/log.ts'
import type { DeliveryDeps } from './services/message-steps.ts'
import { makeNudge, type Nudge } from './services/nudge.ts'
import { makePartner, type Partner } from './services/partner.ts'
import type { RequestBudget } from './services/request-budget.ts'
import { makeRetention } from './services/retention.ts'
import type { SlackConversations } from './services/slack-conversations.ts'
import { makeSlackMessages } from './services/slack-messages.ts'
import type { MessageStore } from './services/store/message-store.ts'
import type { RetentionStore } from './services/store/retention-store.ts'
import type { VerificationStore } from './services/store/verification-store.ts'
import type { SetTimer } from './services/timer.ts'
import type { Links } from './services/verification.ts'
import { makeVerifications, type Verifications } from './services/verifications.ts'
import { laneOf, makeWorker, type Worker } from './services/worker.ts'

/** Everything the core reaches beyond itself. */
export type Ports = {
  readonly verificationStore: VerificationStore
  readonly messageStore: MessageStore
  readonly retentionStore: RetentionStore
  readonly easyfreelance: EasyFreelance
  readonly budget: RequestBudget
  readonly conversations: SlackConversations
  readonly links: Links
  readonly render: DeliveryDeps['render']
  readonly retentionDays: number
  readonly now: () => number
  /** Elapsed ms, which no setting of the clock changes. */
  readonly steady?: () => number
  readonly isClockSure?: () => boolean
  readonly random: () => number
  readonly newId: () => string
  readonly log: Log
  readonly setTimer?: SetTimer
  readonly nudge?: Nudge
}

export type Core = {
  readonly verifications: Verifications
  readonly partner: Partner
  readonly worker: Worker
  /** Something became due, or the clock was moved. */
  nudge(): void
  /** Boot, before the worker starts: whatever a killed process had claimed is due again. */
  releaseClaims(): Promise<void>
}

/** What is under way at once shares its commits, ends and the next claim together: with sixteen slots there were too few to share with. */
export const VERIFICATION_SLOTS = 64
const MESSAGE_SLOTS = 16

/** What the bot knows and does, without Slack's listeners, the web server and the files. */
export function makeCore(ports: Ports): Core {
  const { verificationStore, messageStore, retentionStore, easyfreelance, budget, links, retentionDays } = ports
  const { now, steady = now, isClockSure, random, newId, log, setTimer } = ports
  const { nudge = makeNudge({ now, setTimer }) } = ports
  const partner = makePartner({ easyfreelance, budget, now: steady, log, setTimer })
  const verifications = makeVerifications({
    store: verificationStore,
    partner,
    links,
    now,
    random,
    newId,
    log,
    onDue: nudge.nudge,
    ...(isClockSure && { isClockSure }),
  })
  const messages = makeSlackMessages({
    ...ports,
    store: messageStore,
    onDelivered: async (id, invitation) => void (await verifications.note(id, { type: 'delivered', invitation })),
    onUndeliverable: async (id, invitation, why) => void (await verifications.note(id, { type: why, invitation })),
  })
  const worker = makeWorker({
    queues: [
      laneOf({
        kind: 'verification',
        slots: VERIFICATION_SLOTS,
        ...partner,
        capacityAt: () => now() + Math.max(0, partner.capacityAt() - steady()),
        claim: verificationStore.claim,
        nextDueAt: verificationStore.nextDueAt,
        postpone: verificationStore.postpone,
        step: verifications.advance,
      }),
      laneOf({
        kind: 'message',
        slots: MESSAGE_SLOTS,
        capacity: () => MESSAGE_SLOTS,
        capacityAt: now,
        hold: () => () => {},
        claim: messageStore.claim,
        nextDueAt: messageStore.nextDueAt,
        postpone: messageStore.postpone,
        step: messages.deliver,
      }),
      laneOf(makeRetention({ ...ports, store: retentionStore, days: retentionDays })),
    ],
    nudge,
    now,
    steady,
    log,
    setTimer,
  })

  return {
    verifications,
    partner,
    worker,
    nudge: nudge.nudge,
    releaseClaims: async () => {
      await verificationStore.releaseClaims(now())
      await messageStore.releaseClaims(now())
    },
  }
}
