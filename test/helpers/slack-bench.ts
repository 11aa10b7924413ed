import { readFileSync } from 'node:fs'
import { Agent } from 'undici'
import { parse } from 'yaml'
import type { SlackStandIn } from '../../sandbox/slack/slack-options.ts'
import { startSlack } from '../../sandbox/slack/start-slack.ts'
import { makeClock } from '../../src/services/clock.ts'
import type { Message, MessageKind, NotInvited } from '../../src/services/message.ts'
import { makeSlackClient } from '../../src/services/slack-client.ts'
import { makeSlackConversations, type SlackConversations } from '../../src/services/slack-conversations.ts'
import { slackLogger } from '../../src/services/slack-logger.ts'
import { makeSlackMessages } from '../../src/services/slack-messages.ts'
import { makeMovePauses } from '../../src/services/store/move-pauses.ts'
import { AT_REST } from '../../src/services/store/schedule.ts'
import { transition } from '../../src/services/transition.ts'
import type { Requested, Verification, VerificationEvent } from '../../src/services/verification.ts'
import { makeRenderMessage } from '../../src/views/render-message.ts'
import { buildRequested, LINK, NOW } from '../views/build-verification.ts'
import { LINKS } from './links.ts'
import { openStore } from './open-store.ts'
import { makeRecordingLog } from './recording-log.ts'

export const MANAGER = 'U0MARIA'
export const EMPLOYEE = 'W0OLA'
export const CHANNEL = 'C0TEAM'

const MANIFEST: object = parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'))
const LEASE_MS = 60_000

export type Undeliverable = {
  verificationId: string
  invitation: number
  why: NotInvited
  stateThen: Message['state'] | undefined
}

/** The real delivery on a real database, against the stand-in for Slack; only the time is made up. */
export async function openSlackBench({
  changed = MANIFEST,
  limitScale = 1000,
  more = [],
}: {
  changed?: object
  limitScale?: number
  /** Ids of further people. */
  more?: readonly string[]
} = {}) {
  /** Slack's time, which is right. */
  let time = NOW
  /** How far ours is ahead of it. */
  let ahead = 0
  const slack: SlackStandIn = await startSlack({
    manifest: changed,
    now: () => time,
    limitScale,
    people: [{ id: MANAGER, name: 'Maria' }, { id: EMPLOYEE, name: 'Ola' }, ...more.map((id) => ({ id, name: id }))],
    channels: [{ id: CHANNEL, name: 'team', members: [MANAGER], botIsMember: true }],
  })
  const store = openStore()
  const pauses = makeMovePauses(store.db)
  const { now, steady } = makeClock({ wall: () => time + ahead, steady: () => time, onJump: pauses.move })
  const agent = new Agent()
  const { log, lines, said } = makeRecordingLog()
  const client = makeSlackClient({
    token: slack.botToken,
    apiUrl: slack.apiUrl,
    timeoutMs: 5000,
    dispatcher: agent,
    logger: slackLogger(log),
  })
  const conversations: SlackConversations = makeSlackConversations({ client, now: steady })
  const delivered: { verificationId: string; invitation: number }[] = []
  const undeliverable: Undeliverable[] = []

  async function message(kind: MessageKind, occasion = 0): Promise<Message> {
    for (const verification of store.db.prepare('select id from verifications').pluck().all()) {
      const found = (await store.messages.of(String(verification))).find(
        (each) => each.kind === kind && each.occasion === occasion,
      )
      if (found !== undefined) return found
    }
    throw new Error(`no ${kind} ${occasion}`)
  }

  const messages = makeSlackMessages({
    store: store.messages,
    conversations,
    render: makeRenderMessage(LINKS),
    now,
    steady,
    random: () => 0.5,
    log,
    onDelivered: async (verificationId, invitation) => {
      delivered.push({ verificationId, invitation })
    },
    onUndeliverable: async (verificationId, invitation, why) => {
      const { state } = await message('invitation', invitation)
      undeliverable.push({ verificationId, invitation, why, stateThen: state })
    },
  })

  /** One step of everything that is due; false when nothing was. */
  async function step(): Promise<boolean> {
    const due = await store.messages.claim(50, now(), LEASE_MS)
    for (const each of due) await messages.deliver(each)
    return due.length > 0
  }

  return {
    slack,
    store,
    client,
    conversations,
    now,
    lines,
    said,
    delivered,
    undeliverable,
    message,
    step,
    /** Somebody sets our clock. */
    setClock: (byMs: number) => {
      ahead += byMs
    },
    /** Carries out what becomes due within this time, each at its moment. */
    async pass(ms: number): Promise<void> {
      const end = time + ms
      for (;;) {
        now()
        const next = await store.messages.nextDueAt()
        if (next === null || next - ahead > end) break
        time = Math.max(time, next - ahead)
        await step()
      }
      time = end
    },
    async request(news: Partial<Requested> = {}): Promise<Requested> {
      const verification = buildRequested({ revision: 1, createdAt: now(), ...news })
      const inserted = await store.verifications.insert(verification, now())
      if (inserted.is !== 'inserted') throw new Error(inserted.is)
      return verification
    },
    async move(from: Verification, ...events: VerificationEvent[]): Promise<Verification> {
      let at = from
      for (const event of events) {
        const next = transition(at, event, now())
        if (!(await store.verifications.save(next, at.revision, AT_REST, now()))) throw new Error('somebody was first')
        at = next
      }
      return at
    },
    /** How often a method was called, whatever came of it. */
    calls: (method: string) => slack.calls.filter((call) => call.method === method).length,
    /** What stands in the direct messages of a person, or in a channel, oldest first. */
    standing: (place: string) =>
      slack.messages(place.startsWith('C') ? place : `D${place}`).filter(({ deleted }) => !deleted),
    async close(): Promise<void> {
      store.db.close()
      await agent.destroy()
      await slack.stop()
    },
  }
}

export type SlackBench = Awaited<ReturnType<typeof openSlackBench>>

export const startedOf = (id: string): VerificationEvent[] => [
  { type: 'start_begun' },
  {
    type: 'started',
    sessionId: 'session-1',
    link: LINKS.seal(LINK, id),
    expiresAt: NOW + 3_600_000,
    unclearStarts: 0,
  },
]

export const STARTED = startedOf(buildRequested().id)

export const APPROVED: VerificationEvent = {
  type: 'reported',
  sessionId: 'session-1',
  status: 'approved',
  missingSteps: [],
}
