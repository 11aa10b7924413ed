import { Agent } from 'undici'
import { makeApp } from './app.ts'
import type { Config } from './config.ts'
import { makeEasyFreelance } from './services/easyfreelance.ts'
import { makeEmployees } from './services/employees.ts'
import { makeGroupMembers } from './services/group-members.ts'
import type { Log } from './services/log.ts'
import { makeNudge } from './services/nudge.ts'
import { makePartner } from './services/partner.ts'
import { makePeople } from './services/people.ts'
import { makePermissions } from './services/permissions.ts'
import { makeRequestBudget } from './services/request-budget.ts'
import { makeRetention } from './services/retention.ts'
import { makeSlackClient, slackClientOptions } from './services/slack-client.ts'
import { makeSlackConversations } from './services/slack-conversations.ts'
import { slackLogger } from './services/slack-logger.ts'
import { makeSlackMessages } from './services/slack-messages.ts'
import { signIn } from './services/slack-sign-in.ts'
import { makeAuditHeads } from './services/store/audit-heads.ts'
import { makeAuditStore } from './services/store/audit-store.ts'
import { makeEmployeeStore } from './services/store/employee-store.ts'
import { makeMessageStore } from './services/store/message-store.ts'
import { openSeal } from './services/store/open-seal.ts'
import { makePseudonyms } from './services/store/pseudonyms.ts'
import { makeRetentionStore } from './services/store/retention-store.ts'
import { takeDatabase } from './services/store/take-database.ts'
import { makeVerificationStore } from './services/store/verification-store.ts'
import { makeVerifications } from './services/verifications.ts'
import { makeWebServer } from './services/web-server.ts'
import { laneOf, makeWorker } from './services/worker.ts'
import { makeSlackReceiver } from './slack-receiver.ts'
import { renderMessage } from './views/render-message.ts'
import { returnPage } from './views/return-page.ts'

export type Bot = {
  /** Resolves when the bot hears Slack. Once Slack has taken the token, what is stored is worked at. */
  start(): Promise<{ readonly port: number }>
  /** In reverse: no more deliveries, the steps under way end, everything is closed. */
  stop(): Promise<void>
  /** Something became due, or the clock was moved. */
  nudge(): void
}

/** Within Slack's three seconds, with room for the rest of the answer. */
const LISTENER_TIMEOUT_MS = 1800
const WORKER_TIMEOUT_MS = 10_000
const STEPS_MAY_END_MS = 6000
const PASS_OVERDUE_MS = 60_000
const SLOTS = 16

/** Builds everything, in one place and once. */
export function makeBot(
  config: Config,
  deps: { log: Log; now: () => number; random: () => number; newId: () => string },
): Bot {
  const { log, now, random, newId } = deps
  const database = takeDatabase(config.databasePath)
  const { db } = database
  const { seal, keys } = openSeal(db, { ...config, log })
  const verificationStore = makeVerificationStore(db, {
    newId,
    seal,
    limits: config.limits,
    onUnreadable: (id) => log.error('verification set aside: its row can not be read', { verificationId: id }),
  })
  const messageStore = makeMessageStore(db, {
    seal,
    onUnreadable: (id) => log.error('message set aside: its row can not be read', { messageId: id }),
  })
  const audit = makeAuditStore(db, { now })
  const retentionStore = makeRetentionStore(db, { pseudonyms: makePseudonyms(keys) })
  const auditHeads = makeAuditHeads(db, { ...config, log })
  const employeeStore = makeEmployeeStore(db)
  const nudge = makeNudge({ now })

  const easyfreelanceAgent = new Agent({ connect: { timeout: 4000 } })
  const pollAgent = new Agent({ connect: { timeout: 4000 } })
  const budget = makeRequestBudget({ perMinute: config.easyfreelanceRequestsPerMinute, now })
  const easyfreelance = makeEasyFreelance({
    apiUrl: config.easyfreelanceApiUrl,
    token: config.easyfreelanceToken,
    apiKey: config.easyfreelanceApiKey,
    linkOrigin: config.easyfreelanceLinkOrigin,
    returnUrl: config.partnerReturnUrl,
    dispatcher: easyfreelanceAgent,
    pollDispatcher: pollAgent,
    now,
    onLimits: budget.limited,
  })
  const partner = makePartner({ easyfreelance, budget, now, log })
  const verifications = makeVerifications({
    store: verificationStore,
    partner,
    now,
    random,
    newId,
    log,
    onDue: nudge.nudge,
  })

  const slackAgent = new Agent({ connect: { timeout: 4000 }, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const logger = slackLogger(log)
  const slack = { apiUrl: config.slackApiUrl, dispatcher: slackAgent, logger }
  const workerClient = makeSlackClient({ ...slack, token: config.slackBotToken, timeoutMs: WORKER_TIMEOUT_MS })
  const listenerOptions = slackClientOptions({ ...slack, timeoutMs: LISTENER_TIMEOUT_MS })
  const messages = makeSlackMessages({
    store: messageStore,
    conversations: makeSlackConversations({ client: workerClient, now }),
    render: renderMessage,
    now,
    random,
    log,
    onDelivered: async (id, invitation) => void (await verifications.note(id, { type: 'delivered', invitation })),
    onUndeliverable: async (id, invitation) =>
      void (await verifications.note(id, { type: 'undeliverable', invitation })),
  })

  const worker = makeWorker({
    queues: [
      laneOf({
        kind: 'verification',
        slots: SLOTS,
        ...partner,
        claim: verificationStore.claim,
        nextDueAt: verificationStore.nextDueAt,
        postpone: verificationStore.postpone,
        step: verifications.advance,
      }),
      laneOf({
        kind: 'message',
        slots: SLOTS,
        capacity: () => SLOTS,
        capacityAt: now,
        spend: () => {},
        claim: messageStore.claim,
        nextDueAt: messageStore.nextDueAt,
        postpone: messageStore.postpone,
        step: messages.deliver,
      }),
      laneOf(makeRetention({ store: retentionStore, days: config.retentionDays, now, log })),
    ],
    nudge,
    now,
    log,
  })

  const hearing = { clientOptions: listenerOptions, logger, log, timeOfDay: Date.now }
  const slackReceiver = makeSlackReceiver(config.slackTransport, hearing)
  const web = makeWebServer({
    host: config.host,
    port: config.port,
    page: returnPage(),
    ...(slackReceiver.listener === null ? {} : { slack: slackReceiver.listener }),
    onReturn: verifications.returned,
    ready: () => {
      const checks = {
        slack: slackReceiver.isConnected(),
        worker: now() - (worker.lastPassAt() ?? 0) < PASS_OVERDUE_MS,
        easyfreelance: partner.isOpen(),
      }
      return { ok: Object.values(checks).every((check) => check), checks }
    },
    log,
  })

  const stopping = new AbortController()

  return {
    nudge: nudge.nudge,
    start: async () => {
      const { port } = await web.start()
      auditHeads.start()
      await verificationStore.releaseClaims(now())
      await messageStore.releaseClaims(now())
      const { teamId, ...bot } = await signIn({ client: workerClient, log, signal: stopping.signal })
      const client = makeSlackClient({ ...slack, token: config.slackBotToken, timeoutMs: LISTENER_TIMEOUT_MS })
      const people = makePeople({ client, teamId })
      const groups = makeGroupMembers({ client, now, log })
      const permissions = makePermissions({ people, groups, managers: config.managers, log })
      makeApp({
        ...slackReceiver,
        botToken: config.slackBotToken,
        bot,
        clientOptions: listenerOptions,
        logger,
        verifications,
        employees: makeEmployees({ store: employeeStore, now, log }),
        permissions,
        people,
        audit,
        log,
      })
      worker.start()
      await slackReceiver.connect()
      log.info('ready', { port, mode: config.slackTransport.mode })
      return { port }
    },
    stop: async () => {
      stopping.abort()
      await slackReceiver.disconnect()
      // The worker cuts off its calls to EasyFreelance; a call to Slack ends with its connection.
      const cutOff = setTimeout(() => void slackAgent.destroy(), STEPS_MAY_END_MS)
      await worker.stop(STEPS_MAY_END_MS)
      clearTimeout(cutOff)
      await web.stop()
      await slackAgent.destroy()
      await easyfreelanceAgent.destroy()
      await pollAgent.destroy()
      auditHeads.stop()
      database.close()
    },
  }
}
